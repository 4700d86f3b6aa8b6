import unittest
from collections import defaultdict
from datetime import date, datetime, timedelta
from statistics import median

import pytz
from freezegun import freeze_time

from odoo.tests import tagged

from ..common_random import examples
from .test_call_outlook import CallOutlookCase

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

ZONES = ("Europe/Paris", "Pacific/Kiritimati", "Pacific/Pago_Pago")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 5, 31, 23))
# (whose, amount, when it is won)
DEALS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from([0, 33.33, 1000]), MOMENTS),
    max_size=8,
)
# (whose, for the team, per quarter, amount, when it is called)
CALLS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.booleans(),
        st.booleans(),
        st.sampled_from([0, 50.5, 1000, 2000]),
        MOMENTS,
    ),
    min_size=1,
    max_size=20,
)


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestCallRecount(CallOutlookCase):
    """Whoever calls what, and whatever comes: what holds and how reliable it was is
    what a recount in plain Python says."""

    def _live(self, deals, calls):
        people = (self.salesman, self.colleague, self.manager)
        teams = {
            self.salesman: self.equipment_team,
            self.colleague: self.spares_team,
            self.manager: self.equipment_team,
        }
        won, held = [], {}
        for who, amount, moment in deals:
            user = people[who]
            deal = self._new(amount, user_id=user.id, team_id=teams[user].id)
            with self._at(moment.replace(microsecond=0)):
                deal.sudo().action_set_won()
            won.append((user, teams[user], amount, moment))
        for who, is_team, is_quarter, amount, moment in calls:
            user = people[who]
            is_team = is_team and user == self.manager
            with freeze_time(moment):
                self.env["crm.forecast.call"].with_user(user).create(
                    {
                        "amount": amount,
                        "scope": "team" if is_team else "own",
                        "period_type": "quarter" if is_quarter else "month",
                    }
                )
            # The company is in Paris.
            day = self._get_day(moment, "Europe/Paris")
            length = 3 if is_quarter else 1
            month = (day.month - 1) // length * length + 1
            key = (
                user,
                is_team,
                length,
                date(day.year, month, 1),
                day - timedelta(days=day.weekday()),
            )
            held[key] = amount
        return won, held

    def _get_day(self, moment, zone):
        return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()

    def _recount(self, won, held, zone):
        """Return {user: [(period, called, won)]} of what is over in July."""
        found = defaultdict(list)
        for (user, is_team, length, start, _week), amount in held.items():
            team = self.equipment_team
            actual = sum(
                worth
                for owner, owner_team, worth, moment in won
                for day in [self._get_day(moment.replace(microsecond=0), zone)]
                if (owner_team == team if is_team else owner == user)
                and start.month <= day.month < start.month + length
            )
            found[user].append(((is_team, length, start), amount, actual))
        return found

    @settings(
        max_examples=examples(8, 60),
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(DEALS, CALLS, st.sampled_from(ZONES))
    def test_recount(self, deals, calls, zone):
        try:
            with self.env.cr.savepoint():
                self._check(*self._live(deals, calls), zone)
                raise Rollback()
        except Rollback:
            self.env.invalidate_all()

    def _check(self, won, held, zone):
        rows = self.env["crm.forecast.call.reliability"].with_user(self.manager)
        rows = rows.with_context(tz=zone)
        with freeze_time("2026-07-05 12:00:00"):
            found = {
                row["user_id"][0]: row
                for row in rows.formatted_read_group(
                    [], ["user_id"], ["error:avg", "bias:avg", "__count"]
                )
            }
        expected = self._recount(won, held, zone)
        self.assertEqual(found.keys(), {user.id for user in expected})
        for user, each in expected.items():
            row = found[user.id]
            self.assertEqual(row["__count"], len(each))
            errors = [100 * abs(call - came) / came for _p, call, came in each if came]
            total = sum(came for _period, _call, came in each)
            error = bias = 0
            if len({period for period, _call, _came in each}) >= 4:
                error = median(errors) if errors else 0
                if total:
                    bias = 100 * sum(call - came for _p, call, came in each) / total
            self.assertAlmostEqual(row["error:avg"] or 0, error, 3)
            self.assertAlmostEqual(row["bias:avg"] or 0, bias, 3)
