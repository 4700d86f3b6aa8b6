from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_pipeline_plus.kpi.scope import Cells

# Filters of opportunities that campaigns have as well.
FIELD_OF = {
    "campaign_id": "utm_campaign_id",
    "company_id": "company_id",
    "team_id": "team_id",
    "user_id": "user_id",
}
BREAKDOWNS = {"salesperson": "user_id", "team": "team_id"}


class CrmKpi(models.AbstractModel):
    """What campaigns cost, for the cost of a new customer."""

    _inherit = "crm.kpi"

    @api.model
    def _get_cost_facts(self, scope):
        """The real cost of a campaign counts in the period in which it begins, without
        the hours of its meetings: they are in the hours of effort.

        Unknown where campaigns cannot be told apart by a filter or a breakdown.
        """
        cells = super()._get_cost_facts(scope)["campaign_cost"]
        names = {condition.field_expr for condition in scope.domain.iter_conditions()}
        if not names <= FIELD_OF.keys() or scope.breakdown not in (None, *BREAKDOWNS):
            unknown = Cells()
            unknown.unknown = set(range(len(scope.spans)))
            return {"campaign_cost": unknown}
        days = [tuple(map(self._get_day, span)) for span in scope.spans]
        campaigns = self.env["sales.campaign"].search(
            self._to_campaign_domain(scope.domain)
            & Domain("date_start", ">=", min(start for start, _end in days))
            & Domain("date_start", "<", max(end for _start, end in days))
        )
        company = self.env.company
        for campaign in campaigns:
            own_cost = campaign._get_cost_without_meetings()
            if not own_cost:
                continue
            cost = campaign.currency_id._convert(
                own_cost,
                company.currency_id,
                company,
                min(campaign.date_start, fields.Date.context_today(self)),
            )
            field_name = BREAKDOWNS.get(scope.breakdown)
            key = campaign[field_name].id if field_name else False
            for index, (start, end) in enumerate(days):
                if start <= campaign.date_start < end:
                    cells[index, key] += cost
        return {"campaign_cost": cells}

    @api.model
    def _to_campaign_domain(self, domain):
        return domain.map_conditions(
            lambda condition: Domain(
                FIELD_OF[condition.field_expr], condition.operator, condition.value
            )
        )
