from odoo import api, fields, models

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaign(models.Model):
    """What a campaign cost: its share of what it has in common with other campaigns.

    Counted as the other totals: above the user's rules, in the campaign's company.
    """

    _inherit = "sales.campaign"

    real_cost = fields.Monetary(
        string="Other Costs",
        help="What the campaign cost besides the cost lines, the vendor bills and the "
        "hours of meetings, entered as one amount.",
    )
    cost_ids = fields.One2many("sales.campaign.cost", "campaign_id", string="Costs")

    line_cost = fields.Monetary(
        string="Cost Lines",
        compute="_compute_costs",
        help="The cost lines, converted at their date.",
    )
    bill_cost = fields.Monetary(
        string="Vendor Bills",
        compute="_compute_costs",
        help="Posted vendor bills that are linked to the campaign less refunds, "
        "untaxed, converted at their date. A bill linked to several campaigns is "
        "shared out among them by the attribution model.",
    )
    meeting_hours = fields.Float(
        string="Hours of Meetings",
        compute="_compute_costs",
        help="Hours of the meetings of the campaign that have begun. Those of several "
        "campaigns are shared out among them by the attribution model.",
    )
    meeting_cost = fields.Monetary(
        string="Cost of Meetings",
        compute="_compute_costs",
        help="The hours of meetings at the hourly cost of sales of the company.",
    )
    total_cost = fields.Monetary(
        string="Real Cost",
        compute="_compute_costs",
        help="Cost lines, vendor bills, hours of meetings and other costs.",
    )
    budget_percentage = fields.Float(
        string="Budget Used (%)",
        compute="_compute_return",
        aggregator="avg",
        help="The real cost against the budget.",
    )
    has_return = fields.Boolean(compute="_compute_costs")

    @api.depends(
        "real_cost",
        "cost_ids.amount",
        "cost_ids.currency_id",
        "cost_ids.date",
        "company_id",
        "currency_id",
        "date_start",
    )
    @api.depends_context("company", "allowed_company_ids")
    def _compute_costs(self):
        _influenced, attributed, _shared = self.env[
            "sales.campaign.attribution"
        ]._get_totals(self, ["lines", "bills", "meetings"])
        for campaign in self:
            share = attributed[campaign]
            cost = share["lines"] + share["bills"] + share["meetings"]
            total = campaign.currency_id.round(campaign.real_cost + cost)
            campaign.line_cost = share["lines"]
            campaign.bill_cost = share["bills"]
            campaign.meeting_hours = share["hours"]
            campaign.meeting_cost = share["meetings"]
            campaign.total_cost = total
            campaign.has_return = total > 0

    def _get_costs_without_meetings(self, currency):
        """Return ``{campaign: cost}`` in this currency, for figures that count the
        hours of meetings on their own. What was entered as one amount converts at the
        start of the campaign."""
        _influenced, attributed, _shared = self.env[
            "sales.campaign.attribution"
        ]._get_totals(self, ["lines", "bills"], currency)
        return {
            campaign: campaign._convert_planned(campaign.real_cost, currency)
            + attributed[campaign]["lines"]
            + attributed[campaign]["bills"]
            for campaign in self
        }

    def _convert_planned(self, amount, currency):
        """Convert an amount entered on the campaign: at its start, at most today."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return self.currency_id._convert(
            amount,
            currency,
            self.company_id or self.env.company,
            min(self.date_start or today, today),
        )

    def action_view_bills(self):
        """Open the vendor bills of the campaign, as far as the user may see them."""
        check_records(self)
        self.ensure_one()
        moves = self.env["account.move"]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_in_invoice_type"
        )
        name = self.env._("Vendor Bills: %s", self.title)
        action.update(
            name=name,
            display_name=name,
            domain=list(
                fields.Domain(
                    "move_type", "in", ["in_invoice", "in_refund", "in_receipt"]
                )
                & moves._get_campaign_domain(self)
                & moves._get_campaign_company_domain(self)
            ),
            context={
                "default_move_type": "in_invoice",
                "default_sales_campaign_ids": [fields.Command.set(self.ids)],
            },
        )
        return action
