from odoo import fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "sales.campaign.mixin"]

    # a copy is another company, whom nobody has met yet
    sales_campaign_ids = fields.Many2many(copy=False)
