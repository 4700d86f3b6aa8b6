from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The hourly cost of sales, for the cost of a new customer."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "crm.value.mixin"]

    sales_hourly_cost = fields.Monetary(
        related="company_id.sales_hourly_cost",
        readonly=False,
        currency_field="currency_id",
    )
