from odoo import api, fields, models


class SalesCampaignCost(models.Model):
    """Something a campaign cost, noted on the campaign itself.

    For a vendor bill that is in Odoo, link the bill to the campaign instead.
    """

    _name = "sales.campaign.cost"
    _inherit = ["crm.naming.mixin"]
    _description = "Cost of a Campaign"
    _order = "date desc, id desc"

    name = fields.Char(string="Description", required=True)
    campaign_id = fields.Many2one(
        "sales.campaign", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index="btree_not_null"
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The amount is converted into the currency of the campaign at the rate "
        "of this day.",
    )
    cost_type = fields.Selection(
        [
            ("expense", "Expense"),
            ("vendor_bill", "Vendor bill"),
            ("hours", "Hours"),
        ],
        string="Type",
        required=True,
        default="expense",
    )
    hours = fields.Float(
        help="The amount is these hours at the hourly cost of sales of the company; "
        "it can be changed."
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="Untaxed. What was paid back is negative.",
    )

    _positive_hours = models.Constraint(
        "CHECK(hours >= 0)",
        "The hours of a cost cannot be below zero. Enter zero or more.",
    )

    @api.depends("campaign_id")
    def _compute_currency_id(self):
        for cost in self:
            cost.currency_id = (
                cost.currency_id
                or cost.campaign_id.currency_id
                or self.env.company.currency_id
            )

    @api.depends("cost_type", "hours", "currency_id")
    def _compute_amount(self):
        for cost in self:
            if cost.cost_type != "hours":
                cost.amount = cost.amount
                continue
            company = (cost.campaign_id.company_id or self.env.company).sudo()
            cost.amount = company.currency_id._convert(
                cost.hours * company.sales_hourly_cost,
                cost.currency_id,
                company,
                cost.date or fields.Date.context_today(cost),
            )
