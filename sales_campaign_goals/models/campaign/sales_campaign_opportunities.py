from odoo import api, fields, models
from odoo.fields import Domain


class SalesCampaign(models.Model):
    """The leads and opportunities of a campaign, and the company that they are of."""

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
        counts = self._count_linked(
            {"leads": ("crm.lead", Domain("type", "=", "lead"))}
        )
        for campaign in self:
            campaign.lead_count = counts["leads", campaign._origin.id]

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
