from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.catalogue import MEDIANS
from ...kpi.forecast_arithmetic import get_forecast_week
from ...kpi.scope import Cells
from .crm_kpi_breakdown import FIELD_OF

# Four weeks before a month there is still time to act.
HORIZON = "04"
# What a forecast is kept by: filters on other fields leave no data.
BREAKDOWNS = ("salesperson", "team", "pipeline")
FIELDS = {"company_id", *(FIELD_OF[breakdown] for breakdown in BREAKDOWNS)}
SUMS = ("weighted_absolute_error", "weighted_error", "actual")


class CrmKpi(models.AbstractModel):
    """Whether the forecasts of the months that ended in a period were right."""

    _inherit = "crm.kpi"

    @api.model
    def _get_reliability_facts(self, scope):
        result = {name: Cells(is_sum=False) for name in MEDIANS["reliability"]}
        if not self._is_forecast_kept_by(scope.domain, scope.breakdown):
            return result
        days = [tuple(map(self._get_day, span)) for span in scope.spans]
        first = min(start for start, _end in days)
        last = max(end for _start, end in days)
        reports = self.env["crm.forecast.reliability"]
        unknown = self._get_unknown_forecasts(days, scope.domain)
        for cells in result.values():
            cells.unknown.update(unknown)
        field_name = FIELD_OF.get(scope.breakdown)
        groups = reports._of_part(first, last, [int(HORIZON)])._read_group(
            scope.domain
            & Domain("horizon", "=", HORIZON)
            & Domain("period", ">=", first)
            & Domain("period", "<", last),
            ["period:month", *([field_name] if field_name else [])],
            [f"{name}:sum" for name in SUMS],
        )
        for month, *record, absolute_error, error, actual in groups:
            key = record[0].id if record else False
            for index, (start, end) in enumerate(days):
                if start <= month and month + relativedelta(months=1) <= end:
                    result["forecast_absolute_error"][index, key] += absolute_error
                    result["forecast_deviation"][index, key] += error
                    result["forecast_actual"][index, key] += actual
        return result

    @api.model
    def _get_unknown_forecasts(self, days, domain):
        """Return the indexes of the periods with a month that is over and of which
        nobody wrote down a forecast: a figure of the others would pass for the whole.

        :param days: list of (first day, day after the last)
        :param domain: that of the opportunities
        """
        today = fields.Date.context_today(self)
        months_of = {}
        for index, (start, end) in enumerate(days):
            month = start + relativedelta(day=1, months=1 if start.day > 1 else 0)
            months_of[index] = set()
            while month + relativedelta(months=1) <= min(end, today.replace(day=1)):
                months_of[index].add(month)
                month += relativedelta(months=1)
        unknown = self._get_unknown_months(set().union(*months_of.values()), domain)
        return {index for index, months in months_of.items() if months & unknown}

    @api.model
    def _get_unknown_months(self, months, domain):
        """Return those of the months of whose forecasts the user's companies have no
        snapshots, or not the one for which something was won in them."""
        if not months:
            return set()
        closed = Domain("date_closed", ">=", self._get_moment(min(months)))
        closed &= Domain(
            "date_closed", "<", self._get_moment(max(months) + relativedelta(months=1))
        )
        won = self._search_leads(
            domain
            & Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "won")
            & closed
        )
        rows = self.env.execute_query(
            SQL(
                """WITH known AS (%(known)s), won AS (%(won)s)
                   SELECT month.first
                     FROM unnest(%(months)s, %(weeks)s) AS month (first, week)
                    WHERE NOT EXISTS (
                            SELECT FROM known
                             WHERE known.date = month.week
                               AND known.company_id = ANY(%(companies)s))
                       OR EXISTS (
                            SELECT FROM won
                             WHERE won.first = month.first
                               AND NOT EXISTS (
                                     SELECT FROM known
                                      WHERE known.date = month.week
                                        AND known.company_id = won.company_id))""",
                known=self.env["crm.forecast.snapshot"]._get_known_weeks_sql(),
                won=won.select(
                    SQL(
                        "DISTINCT date_trunc('month', %s AT TIME ZONE 'UTC' "
                        "AT TIME ZONE %s)::date AS first",
                        self._to_sql(won, "date_closed"),
                        str(self.env.tz),
                    ),
                    SQL(
                        "COALESCE(%s, 0) AS company_id", self._to_sql(won, "company_id")
                    ),
                ),
                months=list(months),
                weeks=[get_forecast_week(month, int(HORIZON)) for month in months],
                companies=[0, *self.env.companies.ids],
            )
        )
        return {month for [month] in rows}

    @api.model
    def _is_forecast_kept_by(self, domain, breakdown):
        names = {condition.field_expr for condition in domain.iter_conditions()}
        return names <= FIELDS and breakdown in (None, *BREAKDOWNS)

    @api.model
    def _open_reliability(self, kpi, period, domain, breakdown, key):
        """Return the action that opens the forecasts behind the figure."""
        if self._is_forecast_kept_by(domain, breakdown):
            if breakdown:
                domain &= Domain(FIELD_OF[breakdown], "=", key)
            last = period.end - relativedelta(months=1)
            domain &= (
                Domain("horizon", "=", HORIZON)
                & Domain("period", ">=", fields.Date.to_string(period.start))
                & Domain("period", "<=", fields.Date.to_string(last))
            )
        else:
            domain = Domain.FALSE
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(kpi.label),
            "res_model": "crm.forecast.reliability",
            "domain": list(domain),
            "views": [[False, "list"], [False, "pivot"], [False, "graph"]],
            "target": "current",
        }
