from dataclasses import dataclass
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...kpi.changes import DECISIONS, get_decision_period
from ...kpi.period import Period
from ...tools.arguments import check_choice, check_day, check_mapping, refuse
from ..figures.crm_kpi import RECORD_FILTERS

NOW = "now"
# Filters on what a snapshot has of its own: who leaves them is reassigned.
OWN_FILTERS = ("company_ids", "team_ids", "user_ids", "pipeline_ids")


@dataclass(frozen=True)
class ChangeQuestion:
    """Between which weeks, and of which deals.

    ``start`` is a Monday with snapshots; ``end`` a later one, or None for now.
    ``decision`` is the period of the expected closing, or None for any. ``owned`` is
    {field: ids} that a deal must have, then or now; ``deals`` the domain of the other
    filters, which look at what the opportunity is now.
    """

    start: date
    end: date | None
    decision: Period | None
    owned: dict
    deals: Domain


class CrmKpi(models.AbstractModel):
    """Understanding what is asked of the changes."""

    _inherit = "crm.kpi"

    @api.model
    def _read_change_filters(self, filters):
        """Return the :class:`ChangeQuestion`, or None if there is no snapshot yet.

        :raise UserError: if the filters are not understood
        """
        filters = check_mapping(self.env, "filters", filters)
        known = {"start", "end", "decision", *RECORD_FILTERS}
        if unknown := filters.keys() - known:
            raise UserError(
                self.env._(
                    "There is no filter named %(unknown)s. The filters are: %(known)s.",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(["start", "end", "decision", *RECORD_FILTERS]),
                )
            )
        owned = {
            RECORD_FILTERS[name]: ids
            for name in OWN_FILTERS
            if (ids := filters.get(name))
        }
        others = {
            name: ids
            for name, ids in filters.items()
            if name in RECORD_FILTERS and name not in OWN_FILTERS
        }
        # The engine checks all of them.
        self._read_filters({name: filters.get(name) for name in OWN_FILTERS})
        _period, _comparison, deals = self._read_filters(others)
        decision = self._read_decision(filters.get("decision"))
        weeks = self._get_change_weeks()
        end = filters.get("end") or NOW
        end = None if end == NOW else self._read_change_week("end", end, weeks)
        start = filters.get("start")
        start = (
            self._read_change_week("start", start, weeks)
            if start
            else self._get_usual_opening(weeks, end)
        )
        if start and end and end <= start:
            raise UserError(
                self.env._(
                    "The closing, %(end)s, must be later than the opening, %(start)s.",
                    start=start,
                    end=end,
                )
            )
        if not start:
            return None
        return ChangeQuestion(start, end, decision, owned, deals)

    @api.model
    def _read_change_week(self, name, value, weeks):
        """Return a Monday with snapshots."""
        day = check_day(self.env, name, value)
        if day not in weeks:
            raise UserError(
                self.env._(
                    "There is no snapshot of the week of %(day)s. The latest ones are "
                    "of: %(weeks)s.",
                    day=day,
                    weeks=", ".join(map(str, weeks[:8])) or "—",
                )
            )
        return day

    @api.model
    def _read_decision(self, decision):
        """Return the period of the expected closing, or None for any."""
        if not decision:
            return None
        if not isinstance(decision, dict):
            check_choice(self.env, "decision", decision, DECISIONS)
            return get_decision_period(
                decision,
                fields.Date.context_today(self),
                int(self.env.company.fiscalyear_last_month),
            )
        if unknown := decision.keys() - {"start", "end"}:
            refuse(self.env, "decision", unknown, self.env._("a start and an end"))
        start = check_day(self.env, "decision.start", decision.get("start"))
        end = check_day(self.env, "decision.end", decision.get("end"))
        if end < start:
            raise UserError(
                self.env._("The period ends on %(end)s, before its start.", end=end)
            )
        return Period(start, end + timedelta(days=1))
