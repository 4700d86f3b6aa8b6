from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.scope import Cells
from ..figures.crm_kpi_kept import OWN_BREAKDOWNS
from ..figures.crm_kpi_record import OPPORTUNITY, Behind
from .crm_lead_hold import WOKEN


class CrmKpi(models.AbstractModel):
    """What was put on hold, what woke up, and what is on hold now."""

    _inherit = "crm.kpi"

    @api.model
    def _get_hold_facts(self, scope):
        """Count the beginnings and the ends of holds, each in its own period, in one
        query."""
        query, lead, to_sql, columns = self._search_facts(
            "crm.lead.hold", Domain.TRUE, scope
        )
        event = query.make_alias(query.table, "event")
        query.add_join(
            "JOIN",
            event,
            SQL(
                "LATERAL (VALUES (TRUE, %s), (FALSE, %s))",
                to_sql("date_start"),
                to_sql("date_end"),
            ),
            SQL("TRUE"),
        )
        is_start, moment = (SQL.identifier(event, f"column{n}") for n in (1, 2))
        return self._aggregate(
            scope,
            query,
            moment,
            lambda to_amount: {
                "hold_count": SQL("count(*) FILTER (WHERE %s)", is_start),
                "woken_count": SQL(
                    "count(*) FILTER (WHERE NOT %s AND %s IN %s)",
                    is_start,
                    to_sql("outcome"),
                    WOKEN,
                ),
            },
            lead=lead,
            **columns,
        )

    @api.model
    def _get_on_hold_facts(self, scope):
        """Count what is on hold now, for the spans that are still running."""
        result = {name: Cells() for name in ("on_hold_count", "on_hold_amount")}
        now = fields.Datetime.now()
        past = {index for index, (_start, end) in enumerate(scope.spans) if end <= now}
        running = [index for index in range(len(scope.spans)) if index not in past]
        if running:
            leads = self.env["crm.lead"]
            query = self._search_leads(
                self._get_credited_domain(scope.domain)
                & OPPORTUNITY
                & leads._get_on_hold_domain()
            )
            found = self._aggregate(
                scope,
                query,
                None,
                lambda to_amount: {
                    "on_hold_count": SQL("count(*)"),
                    "on_hold_amount": SQL(
                        "sum(%s)", to_amount(self._to_sql(query, "expected_revenue"))
                    ),
                },
                day=self._to_sql(query, "date_deadline"),
                rate_day=SQL("%s::date", fields.Date.context_today(self)),
            )
            self._add_state(result, found, running, 0)
        for cells in result.values():
            cells.unknown = past
        return result

    @api.model
    def _get_behind(self, records, period):
        if records == "on_hold":
            is_past = self._get_moment(period.end) <= fields.Datetime.now()
            on_hold = self.env["crm.lead"]._get_on_hold_domain()
            # Who was on hold at the end of a past period is told by nobody.
            return Behind(
                "crm.lead", Domain.FALSE if is_past else OPPORTUNITY & on_hold
            )
        if records == "won_after_hold":
            return Behind(
                "crm.lead",
                OPPORTUNITY
                & Domain("won_status", "=", "won")
                & Domain("date_hold_end", "!=", False),
                "date_closed",
            )
        of_holds = {
            "hold": (Domain.TRUE, "date_start"),
            "woken": (Domain("outcome", "in", WOKEN), "date_end"),
        }
        if records in of_holds:
            domain, moment = of_holds[records]
            return Behind(
                "crm.lead.hold", domain, moment, "lead_id", OWN_BREAKDOWNS, is_kept=True
            )
        return super()._get_behind(records, period)
