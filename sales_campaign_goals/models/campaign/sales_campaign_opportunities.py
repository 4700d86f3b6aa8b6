from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain


class OpportunityTotal(NamedTuple):
    """What the opportunities of one campaign in one state add up to."""

    count: int = 0
    expected: float = 0.0
    weighted: float = 0.0

    def plus(self, other):
        return OpportunityTotal(*(a + b for a, b in zip(self, other, strict=True)))


class SalesCampaign(models.Model):
    """The opportunities of a campaign and what they add up to."""

    _inherit = "sales.campaign"

    opportunity_ids = fields.One2many(
        "crm.lead",
        string="Opportunities",
        compute="_compute_opportunity_ids",
        context={"active_test": False},
        help="The opportunities of the campaign that you may see, lost ones included.",
    )
    lead_count = fields.Integer(
        string="Leads",
        compute="_compute_lead_count",
        help="Leads of the campaign that are not opportunities yet.",
    )
    opportunity_count = fields.Integer(
        string="Number of Opportunities",
        compute="_compute_opportunity_totals",
        help="Open, won and lost opportunities of the campaign.",
    )
    open_count = fields.Integer(
        string="Open Opportunities", compute="_compute_opportunity_totals"
    )
    won_count = fields.Integer(
        string="Won Opportunities", compute="_compute_opportunity_totals"
    )
    lost_count = fields.Integer(
        string="Lost Opportunities", compute="_compute_opportunity_totals"
    )
    opportunity_revenue = fields.Monetary(
        string="Potential",
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the open and the won opportunities.",
    )
    weighted_revenue = fields.Monetary(
        string="Weighted Potential",
        compute="_compute_opportunity_totals",
        help="The same sum, each opportunity weighted by its probability.",
    )
    won_revenue = fields.Monetary(
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the won opportunities.",
    )
    lost_revenue = fields.Monetary(
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the lost opportunities. It is part of no "
        "other sum.",
    )
    won_percentage = fields.Float(
        string="Won (%)",
        compute="_compute_percentages",
        help="The won revenue against the expected revenue of the campaign.",
    )
    weighted_percentage = fields.Float(
        string="Weighted (%)",
        compute="_compute_percentages",
        help="The weighted potential against the expected revenue of the campaign.",
    )
    conversion_date = fields.Date(
        compute="_compute_conversion_date",
        help="Amounts in other currencies are converted at the rate of this day: "
        "today, or the last day of a campaign that has ended.",
    )

    @api.depends("date_end")
    @api.depends_context("tz")
    def _compute_conversion_date(self):
        today = fields.Date.context_today(self)
        for campaign in self:
            campaign.conversion_date = min(campaign.date_end or today, today)

    @api.depends("utm_campaign_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_opportunity_ids(self):
        leads = self.env["crm.lead"].with_context(active_test=False)
        for campaign in self:
            campaign.opportunity_ids = (
                leads.search(campaign._get_opportunity_domain())
                if campaign.ids
                else leads
            )

    @api.depends("utm_campaign_id", "company_id")
    @api.depends_context("allowed_company_ids")
    def _compute_lead_count(self):
        counts = self._count_linked(self.env["crm.lead"], Domain("type", "=", "lead"))
        for campaign in self:
            campaign.lead_count = counts[campaign._origin.id]

    @api.depends("utm_campaign_id", "company_id", "currency_id", "conversion_date")
    @api.depends_context("company", "allowed_company_ids")
    def _compute_opportunity_totals(self):
        totals = self._get_opportunity_totals()
        for campaign in self:
            by_status = totals[campaign]
            won, lost = by_status["won"], by_status["lost"]
            alive = by_status["pending"].plus(won)
            campaign.update(
                {
                    "opportunity_count": alive.count + lost.count,
                    "open_count": by_status["pending"].count,
                    "won_count": won.count,
                    "lost_count": lost.count,
                    "opportunity_revenue": alive.expected,
                    "weighted_revenue": alive.weighted,
                    "won_revenue": won.expected,
                    "lost_revenue": lost.expected,
                }
            )

    @api.depends("expected_revenue", "won_revenue", "weighted_revenue")
    def _compute_percentages(self):
        for campaign in self:
            expected = campaign.expected_revenue
            campaign.won_percentage = (
                100 * campaign.won_revenue / expected if expected else 0
            )
            campaign.weighted_percentage = (
                100 * campaign.weighted_revenue / expected if expected else 0
            )

    # ------------------------------------------------------------
    # WHAT COUNTS
    # ------------------------------------------------------------

    @api.model
    def _get_counted_opportunity_domain(self):
        """Opportunities that belong to a total: open, won or lost.

        One that was archived without being won or lost counts nowhere.
        """
        return Domain("type", "=", "opportunity") & (
            Domain("active", "=", True) | Domain("won_status", "in", ["won", "lost"])
        )

    def _get_opportunity_domain(self):
        """Domain of the opportunities counted in this campaign's totals.

        To be searched with ``active_test=False``, since lost ones are archived.
        """
        self.ensure_one()
        return (
            self._get_counted_opportunity_domain()
            & self.env["crm.lead"]._get_campaign_domain(self)
            & self._get_company_domain()
        )

    def _get_company_domain(self):
        """Domain of the records in the company of this campaign, as `_counts_company`
        decides it."""
        self.ensure_one()
        no_company = Domain("company_id", "=", False)
        if self.company_id:
            return no_company | Domain("company_id", "child_of", self.company_id.ids)
        return no_company | Domain("company_id", "in", self.env.companies.ids)

    def _counts_company(self, company):
        """Tell whether the records of `company` count for this campaign: those of the
        campaign's company and its branches, or of the user's companies if it has none.
        """
        self.ensure_one()
        if not company:
            return True
        if self.company_id:
            return self.company_id in company.sudo().parent_ids
        return company in self.env.companies

    def _get_opportunity_totals(self):
        """Add up the opportunities of all these campaigns in a constant number of
        queries, above the user's rules but within each campaign's company.

        :return: ``{campaign: {won_status: OpportunityTotal}}`` in the currency of the
            campaign
        """
        campaigns = {campaign._origin.id: campaign for campaign in self}
        rows = []
        for linked, company, status, *amounts in (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                self._get_counted_opportunity_domain()
                & self.env["crm.lead"]._get_campaign_domain(self._origin),
                ["sales_campaign_ids", "company_id", "won_status"],
                ["__count", "expected_revenue:sum", "prorated_revenue:sum"],
            )
        ):
            campaign = campaigns.get(linked.id)
            if campaign and campaign._counts_company(company):
                # as `crm.lead` does: the current company's, for want of its own
                own_company = company or campaign.company_id or self.env.company
                rows.append((campaign, own_company.currency_id, status, amounts))
        rates = self._get_conversion_rates(
            (campaign, currency) for campaign, currency, *_ in rows
        )
        totals = {
            campaign: defaultdict(OpportunityTotal, pending=OpportunityTotal())
            for campaign in self
        }
        for campaign, currency, status, (count, *amounts) in rows:
            rate = rates[campaign, currency]
            amounts = (
                campaign.currency_id.round(amount * rate) if rate != 1 else amount
                for amount in amounts
            )
            totals[campaign][status] = totals[campaign][status].plus(
                OpportunityTotal(count, *amounts)
            )
        return totals

    @api.model
    def _get_conversion_rates(self, pairs):
        """Return ``{(campaign, currency): factor}``, from each currency to that of the
        campaign at its conversion date."""
        pairs = set(pairs)
        foreign = {
            pair: (pair[0].company_id or self.env.company, pair[0].conversion_date)
            for pair in pairs
            if pair[1] != pair[0].currency_id
        }
        rates = self.env["res.currency"]._get_rates_by_day(
            (currency, *company_and_day)
            for (campaign, from_currency), company_and_day in foreign.items()
            for currency in (from_currency, campaign.currency_id)
        )
        factors = dict.fromkeys(pairs, 1)
        for (campaign, currency), company_and_day in foreign.items():
            factors[campaign, currency] = (
                rates[(campaign.currency_id, *company_and_day)]
                / rates[(currency, *company_and_day)]
            )
        return factors
