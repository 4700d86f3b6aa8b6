from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_pipeline_plus.models.decision.searched import split_search

# What a search for campaigns is made of: field of the opportunity, of the campaign.
CAMPAIGN_FIELDS = {"sales_campaign_ids": "id", "campaign_id": "utm_campaign_id"}


class CrmLead(models.Model):
    """The campaigns' expected revenue, in the graph by decision date."""

    _inherit = "crm.lead"

    @api.model
    def _get_decision_target(self, domain, start, end):
        """A search for campaigns is held against what they are expected to bring,
        spread evenly over their days."""
        campaigns = self._get_campaigns_searched_for(domain)
        if campaigns is None:
            return super()._get_decision_target(domain, start, end)
        company = self.env.company
        day = min(start, fields.Date.context_today(self))
        return (
            sum(
                campaign.currency_id._convert(
                    campaign.expected_revenue * campaign._get_share_of_days(start, end),
                    company.currency_id,
                    company,
                    day,
                )
                for campaign in campaigns
            )
            or None
        )

    @api.model
    def _get_campaigns_searched_for(self, domain):
        """Return the campaigns that a search names, None if it names none."""
        found = None
        parts = split_search(self, domain, CAMPAIGN_FIELDS) or []
        for condition in Domain.AND(parts).iter_conditions():
            field_name = CAMPAIGN_FIELDS.get(condition.field_expr)
            if not field_name or condition.operator in Domain.NEGATIVE_OPERATORS:
                continue
            is_text = isinstance(condition.value, str)
            if is_text and field_name == "id":
                field_name = "title"
            campaigns = self.env["sales.campaign"].search(
                [(field_name, condition.operator, condition.value)]
            )
            found = campaigns if found is None else found | campaigns
        return found
