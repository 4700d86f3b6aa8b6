from odoo import api, models
from odoo.fields import Domain

from odoo.addons.sales_pipeline_plus.kpi.scope import Cells

# Filters of opportunities that campaigns have as well.
FIELD_OF = {
    "campaign_id": "utm_campaign_id",
    "company_id": "company_id",
    "team_id": "team_id",
    "user_id": "user_id",
}
# Field of the campaign that is the key of a breakdown of costs.
KEY_OF = {
    None: None,
    "salesperson": "user_id.id",
    "team": "team_id.id",
    "campaign": "id",
    "campaign_influenced": "id",
}


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
        if not names <= FIELD_OF.keys() or scope.breakdown not in KEY_OF:
            unknown = Cells()
            unknown.unknown = set(range(len(scope.spans)))
            return {"campaign_cost": unknown}
        days = [tuple(map(self._get_day, span)) for span in scope.spans]
        campaigns = self.env["sales.campaign"].search(
            self._to_campaign_domain(scope.domain)
            & Domain("date_start", ">=", min(start for start, _end in days))
            & Domain("date_start", "<", max(end for _start, end in days))
        )
        costs = campaigns._get_costs_without_meetings(self.env.company.currency_id)
        path = KEY_OF[scope.breakdown]
        for campaign, cost in costs.items():
            key = campaign.mapped(path)[0] if path and campaign.mapped(path) else False
            for index, (start, end) in enumerate(days):
                if cost and start <= campaign.date_start < end:
                    cells[index, key] += cost
        return {"campaign_cost": cells}

    @api.model
    def _to_campaign_domain(self, domain):
        return domain.map_conditions(
            lambda condition: Domain(
                FIELD_OF[condition.field_expr], condition.operator, condition.value
            )
        )
