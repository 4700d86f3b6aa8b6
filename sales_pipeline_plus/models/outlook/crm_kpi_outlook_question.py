from dataclasses import dataclass
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...kpi.outlook import get_windows
from ...kpi.period import Period, get_preset
from ...tools.arguments import check_choice, check_mapping
from ..figures.crm_kpi import RECORD_FILTERS
from ..waterfall.crm_kpi_change_question import OWN_FILTERS

NEXT_WEEKS = "next_13_weeks"
WINDOWS = ("this_month", "this_quarter", NEXT_WEEKS)
LENGTH = timedelta(weeks=13)
# Past windows that are learned from: what is older was another company.
MOST_WINDOWS = 24


@dataclass(frozen=True)
class OutlookQuestion:
    """Until when, and of which deals.

    ``period`` is the month, quarter or 13 weeks; what is left of it begins ``today``,
    and has so many ``days``. ``weeks`` are the Mondays at which past windows of as many
    days began, the oldest first. ``deals`` is the domain on opportunities, ``facts``
    the one on snapshots: salesperson, team, pipeline and company are those of then.
    """

    window: str
    period: Period
    today: date
    weeks: tuple
    deals: Domain
    facts: Domain

    @property
    def days(self):
        return (self.period.end - self.today).days

    def get_until(self, week):
        """Return the day at which the window that began on a day is over."""
        return week + timedelta(days=self.days)


class CrmKpi(models.AbstractModel):
    """Understanding what is asked of the outlook."""

    _inherit = "crm.kpi"

    @api.model
    def _read_outlook_filters(self, filters):
        """Return the :class:`OutlookQuestion`.

        :raise UserError: if the filters are not understood
        """
        filters = check_mapping(self.env, "filters", filters)
        if unknown := filters.keys() - {"window", *RECORD_FILTERS}:
            raise UserError(
                self.env._(
                    "There is no filter named %(unknown)s. The filters are: %(known)s.",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(["window", *RECORD_FILTERS]),
                )
            )
        window = check_choice(
            self.env, "window", filters.pop("window", None) or "this_quarter", WINDOWS
        )
        own = {name: filters.pop(name) for name in OWN_FILTERS if name in filters}
        _period, _comparison, of_own = self._read_filters(own)
        _period, _comparison, others = self._read_filters(filters)
        today = fields.Date.context_today(self)
        period = self._get_outlook_period(window, today)
        weeks = get_windows(
            self._get_change_weeks(), today, (period.end - today).days, MOST_WINDOWS
        )
        facts = self._get_outlook_known(of_own)
        if not others.is_true():
            facts &= Domain("lead_id", "any", others)
        return OutlookQuestion(
            window, period, today, tuple(weeks), of_own & others, facts
        )

    @api.model
    def _get_outlook_known(self, of_own):
        """Return the domain of the snapshots that can be learned from.

        What was merged into another one is that one's, with snapshots of its own, also
        when that was deleted since.
        """
        return of_own & (
            (Domain("lead_id", "=", False) & ~Domain("merged_lead_id", "!=", 0))
            | ~Domain("former_lead_id", "!=", 0)
        )

    @api.model
    def _get_outlook_period(self, window, today):
        if window == NEXT_WEEKS:
            return Period(today, today + LENGTH)
        return get_preset(
            window, today, fiscal_last_month=int(self.env.company.fiscalyear_last_month)
        )
