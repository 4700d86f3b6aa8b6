from odoo import models


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "sales.campaign.mixin"]

    _campaign_source_fields = ("opportunity_id",)
