from odoo import fields, models


class ResCompany(models.Model):
    """What an hour of a salesperson costs, for the cost of a new customer."""

    _name = "res.company"
    _inherit = ["res.company", "crm.value.mixin"]

    sales_hourly_cost = fields.Monetary(
        string="Hourly Cost of Sales",
        help="What an hour of a salesperson costs the company, in its currency.",
    )

    _sales_hourly_cost_positive = models.Constraint(
        "CHECK(sales_hourly_cost >= 0)",
        "The hourly cost of sales cannot be below zero.",
    )
