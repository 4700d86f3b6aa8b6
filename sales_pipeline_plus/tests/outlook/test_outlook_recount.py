import unittest
from collections import defaultdict
from datetime import date, datetime, timedelta

import pytz
from freezegun import freeze_time

from odoo.tests import tagged

from ..common_currency import CurrencyMixin
from ..common_random import examples
from .test_outlook import OutlookCase

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

MONDAYS = [date(2026, 4, 6) + timedelta(weeks=number) for number in range(10)]
NOWS = ("2026-06-16 09:00:00", "2026-06-25 22:30:00", "2026-06-30 12:00:00")
ZONES = ("Europe/Paris", "Pacific/Kiritimati", "America/Los_Angeles")
WINDOWS = ("this_month", "this_quarter", "next_13_weeks")
# (whose it is, pipeline, stage, amount, expected closing, what becomes of it, when)
DEALS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.booleans(),
        st.booleans(),
        st.sampled_from([0, 33.33, 1000, 77777.77]),
        st.sampled_from([False, "2026-04-20", "2026-05-10", "2026-06-30"]),
        st.sampled_from(["won", "lost", "open", "deleted"]),
        st.datetimes(datetime(2026, 4, 1), datetime(2026, 6, 14)),
    ),
    min_size=1,
    max_size=7,
)


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestOutlookRecount(CurrencyMixin, OutlookCase):
    """Whatever becomes of deals, and whoever asks: what is learned is what a recount in
    plain Python says, of what the test has seen with its own eyes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_currency({"2020-01-01": 2, "2026-05-05": 4})

    def _make(self, values):
        owner, is_spare, is_first, amount, deadline, _end, _when = values
        user = (self.salesman, self.colleague, self.foreigner)[owner]
        team = (self.equipment_team, self.spares_team, self.foreign_team)[owner]
        with self._at("2026-03-02 08:00:00"):
            return (
                self.env["crm.lead"]
                .sudo()
                .create(
                    {
                        "name": "Deal",
                        "type": "opportunity",
                        "user_id": user.id,
                        "team_id": team.id,
                        "company_id": user.company_id.id,
                        "pipeline_id": (self.spares if is_spare else self.equipment).id,
                        "stage_id": (self.qualified if is_first else self.offer).id,
                        "expected_revenue": amount,
                        "date_deadline": deadline,
                    }
                )
            )

    def _live(self, told):
        """Let happen what becomes of the deals, and take a snapshot each Monday.

        :return: {Monday: values of the deals that were open}
        """
        deals = [(self._make(values), values) for values in told]
        seen = {}
        for monday in MONDAYS:
            # The week begins in Paris.
            start = datetime.combine(monday, datetime.min.time()) - timedelta(hours=2)
            self._end(deals, start)
            seen[monday] = [
                values for _lead, values in deals if not self._is_over(values, start)
            ]
            with freeze_time(start + timedelta(seconds=1)):
                self.snapshots._take_snapshots()
        self._end(deals, datetime(2026, 6, 15))
        return seen

    def _is_over(self, values, moment):
        return values[5] in ("won", "lost") and values[6] < moment

    def _end(self, deals, moment):
        for lead, values in deals:
            if lead.exists() and lead.won_status == "pending":
                if not self._is_over(values, moment):
                    continue
                with self._at(values[6].replace(microsecond=0)):
                    lead.action_set_won() if values[5] == "won" else (
                        lead.action_set_lost()
                    )
        if moment == datetime(2026, 6, 15):
            for lead, values in deals:
                if values[5] == "deleted":
                    lead.unlink()

    def _convert(self, amount, values, day):
        if values[0] != 2:
            return amount
        return round(amount / (4 if day >= date(2026, 5, 5) else 2) + 1e-9, 2)

    def _is_seen(self, values, user):
        if user == self.salesman:
            return values[0] == 0
        return user == self.boss or values[0] != 2

    def _recount(self, seen, user, weeks, days, zone):
        """Return {(week, pipeline, stage): [count, amount, won, amount won]}."""
        result = defaultdict(lambda: [0, 0.0, 0, 0.0])
        for week in weeks:
            until = datetime.combine(week + timedelta(days=days), datetime.min.time())
            until = pytz.timezone(zone).localize(until).astimezone(pytz.utc)
            for values in seen[week]:
                if not self._is_seen(values, user):
                    continue
                _owner, is_spare, is_first, amount, _deadline, end, when = values
                cell = result[
                    week,
                    (self.spares if is_spare else self.equipment).id,
                    (self.qualified if is_first else self.offer).id,
                ]
                cell[0] += 1
                cell[1] += self._convert(amount, values, week)
                closed = pytz.utc.localize(when.replace(microsecond=0))
                if end == "won" and closed < until:
                    cell[2] += 1
                    day = closed.astimezone(pytz.timezone("Europe/Paris")).date()
                    cell[3] += self._convert(amount, values, day)
        return result

    @settings(
        max_examples=examples(5, 48),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(DEALS, st.sampled_from(NOWS), st.sampled_from(ZONES))
    def test_recount(self, told, now, zone):
        try:
            with self.env.cr.savepoint():
                self._check(self._live(told), now, zone)
                raise Rollback()
        except Rollback:
            self.env.invalidate_all()

    def _check(self, seen, now, zone):
        for user in (self.boss, self.manager, self.salesman):
            for window in WINDOWS:
                self._get_outlook(user, zone, now, window=window)
                kpi = self._get_kpi(user, zone)
                with freeze_time(now):
                    question = kpi._read_outlook_filters({"window": window})
                    past = kpi._get_outlook_past(question)
                found = defaultdict(lambda: [0, 0.0, 0, 0.0])
                for each in past:
                    for group in each.groups:
                        cell = found[each.start, group.pipeline, group.stage]
                        cell[0] += group.count
                        cell[1] += group.amount
                        cell[2] += group.won
                        cell[3] += group.won_amount
                expected = self._recount(
                    seen, user, question.weeks, question.days, zone
                )
                self.assertEqual(found.keys(), expected.keys())
                for key, cell in expected.items():
                    for one, other in zip(found[key], cell, strict=True):
                        self.assertAlmostEqual(one, other, 2, key)
