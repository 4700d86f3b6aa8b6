from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..figures.crm_kpi_kept import OWN_BREAKDOWNS
from ..figures.crm_kpi_record import Behind


class CrmKpi(models.AbstractModel):
    """Calls that nobody answered, as effort."""

    _inherit = "crm.kpi"

    @api.model
    def _get_unanswered_call_facts(self, scope):
        query, lead, to_sql, columns = self._search_facts(
            "crm.lead.unanswered.call", Domain.TRUE, scope
        )
        return self._aggregate(
            scope,
            query,
            to_sql("date"),
            lambda to_amount: {"unanswered_call_count": SQL("count(*)")},
            lead=lead,
            **columns,
        )

    @api.model
    def _get_behind(self, records, period):
        if records == "unanswered_call":
            return Behind(
                "crm.lead.unanswered.call",
                Domain.TRUE,
                "date",
                "lead_id",
                OWN_BREAKDOWNS,
                is_kept=True,
            )
        return super()._get_behind(records, period)
