from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.catalogue import FACTS
from ...kpi.scope import Cells

OPPORTUNITY = Domain("type", "=", "opportunity")
# A snapshot of the last week of a period, or of the week before if the job was late.
OLDEST_SNAPSHOT = timedelta(days=14)
# What snapshots do not tell.
ONLY_NOW = (
    "no_action_count",
    "out_of_standard_count",
    "postponed_count",
    "dated_count",
    "slipped_days",
)


class CrmKpi(models.AbstractModel):
    """The pipeline as it stands: now while a period runs, else as the weekly snapshot
    recorded it in the period's last week."""

    _inherit = "crm.kpi"

    @api.model
    def _get_open_facts(self, scope):
        now = fields.Datetime.now()
        result = {name: Cells() for name in FACTS["open"]}
        running = [
            index for index, (_start, end) in enumerate(scope.spans) if end > now
        ]
        weeks = self._get_snapshot_weeks(
            {
                index: self._get_day(end)
                for index, (_start, end) in enumerate(scope.spans)
                if end <= now
            }
        )
        if running:
            self._add_state(result, self._get_open_now_facts(scope), running, 0)
        if weeks:
            found = self._get_snapshot_facts(scope, set(weeks.values()))
            for index, week in weeks.items():
                self._add_state(result, found, [index], week)
        for name, cells in result.items():
            known = set(running) | (weeks.keys() if name not in ONLY_NOW else set())
            cells.unknown = set(range(len(scope.spans))) - known
        return result

    @api.model
    def _get_day(self, moment):
        """Return the user's date at a moment in UTC."""
        return pytz.utc.localize(moment).astimezone(self.env.tz).date()

    @api.model
    def _add_state(self, result, found, indexes, slot):
        for name, cells in found.items():
            for (each, key), value in cells.items():
                if each == slot:
                    for index in indexes:
                        result[name][index, key] += value

    @api.model
    def _get_snapshot_weeks(self, last_days):
        """Return {index: Monday of the last snapshot up to the day}, without those that
        have none.

        :param last_days: {index: the day up to which a snapshot is wanted}
        """
        if not last_days:
            return {}
        columns = [
            SQL(
                "(SELECT max(date) FROM crm_forecast_snapshot "
                "WHERE date < %s AND date >= %s AND %s)",
                day,
                day - OLDEST_SNAPSHOT,
                self._get_own_snapshots_sql(),
            )
            for day in last_days.values()
        ]
        ((*weeks,),) = self.env.execute_query(SQL("SELECT %s", SQL(", ").join(columns)))
        return {
            index: week for index, week in zip(last_days, weeks, strict=True) if week
        }

    @api.model
    def _get_own_snapshots_sql(self):
        """Return the SQL condition of the snapshots of the user's companies: those of
        others tell nothing of what was there."""
        return SQL(
            "(company_id IS NULL OR company_id IN %s)", tuple(self.env.companies.ids)
        )

    @api.model
    def _get_snapshot_facts(self, scope, weeks):
        """Return {fact: Cells} where the week stands for the index of a span."""
        query, lead, to_sql, columns = self._search_facts(
            "crm.forecast.snapshot", Domain("date", "in", list(weeks)), scope
        )
        late = SQL("%s < %s", to_sql("date_deadline"), to_sql("date"))
        return self._aggregate(
            scope,
            query,
            None,
            lambda to_amount: {
                "open_count": SQL("count(*)"),
                "open_amount": SQL("sum(%s)", to_amount(to_sql("amount"))),
                "open_weighted": SQL("sum(%s)", to_amount(to_sql("weighted_amount"))),
                "late_count": SQL("count(*) FILTER (WHERE %s)", late),
                "late_amount": SQL(
                    "sum(%s) FILTER (WHERE %s)",
                    to_amount(to_sql("amount")),
                    late,
                ),
            },
            lead=lead,
            rate_day=to_sql("date"),
            slot=to_sql("date"),
            day=to_sql("date_deadline"),
            **columns,
        )

    @api.model
    def _get_open_now_facts(self, scope):
        """Count what is open now, for the spans that are still running."""
        leads = self.env["crm.lead"]
        query = self._search_leads(
            self._get_credited_domain(scope.domain)
            & OPPORTUNITY
            & leads._get_open_domain()
        )
        amount = self._to_sql(query, "expected_revenue")
        # All of them are open opportunities: that is not asked again.
        late = leads._get_late_sql(query.table, query)
        missing = leads._get_without_action_sql(query.table, query)
        rotting = leads._get_over_limit_sql(query.table, query)
        deadline = self._to_sql(query, "date_deadline")
        postponed = self._to_sql(query, "postponement_count")
        slip = self._to_sql(query, "slip_days")
        is_slip_known = SQL(
            "%s IS NOT NULL AND %s IS NOT TRUE",
            deadline,
            self._to_sql(query, "is_slip_unknown"),
        )
        return self._aggregate(
            scope,
            query,
            None,
            lambda to_amount: {
                "open_count": SQL("count(*)"),
                "open_amount": SQL("sum(%s)", to_amount(amount)),
                "open_weighted": SQL(
                    "sum(%s)", to_amount(self._to_sql(query, "prorated_revenue"))
                ),
                "late_count": SQL("count(*) FILTER (WHERE %s)", late),
                "late_amount": SQL(
                    "sum(%s) FILTER (WHERE %s)", to_amount(amount), late
                ),
                "no_action_count": SQL("count(*) FILTER (WHERE %s)", missing),
                "out_of_standard_count": SQL("count(*) FILTER (WHERE %s)", rotting),
                "postponed_count": SQL("count(*) FILTER (WHERE %s > 0)", postponed),
                "dated_count": SQL("count(*) FILTER (WHERE %s)", is_slip_known),
                "slipped_days": SQL("sum(%s) FILTER (WHERE %s)", slip, is_slip_known),
            },
            day=deadline,
            rate_day=SQL("%s::date", fields.Date.context_today(self)),
        )
