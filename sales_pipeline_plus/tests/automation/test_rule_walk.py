import contextlib
import unittest
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import ALL_DOCUMENTS
from ..common_random import examples
from ..common_rule import START, ClockCase

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

SETTINGS = {
    "derandomize": True,
    "database": None,
    "deadline": None,
    "max_examples": examples(6, 48),
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestRepeatWalk(ClockCase):
    """Not again within days, against a model in plain Python."""

    @settings(**SETTINGS)
    @given(
        days=st.integers(0, 3),
        steps=st.lists(
            st.tuples(st.integers(0, 30), st.integers(0, 2)), min_size=1, max_size=8
        ),
    )
    def test_as_in_plain_python(self, days, steps):
        """:param steps: list of (hours that pass, number of the stage)"""
        stages = (self.qualified, self.offer, self.negotiation)
        with contextlib.suppress(Rollback), self.env.cr.savepoint():
            self._at(START)
            self._new_rule(
                "stage_entered", name="Again", stage_id=self.offer.id, repeat_days=days
            )
            deal = self._new_deal(self.equipment)
            self._commit()
            now, present, last, expected = START, 0, None, 0
            for hours, number in steps:
                now += timedelta(hours=hours)
                self._at(now)
                deal.stage_id = stages[number]
                self._commit()
                if number != present and number == 1:
                    if not days or last is None or now - last >= timedelta(days=days):
                        last = now
                        expected += 1
                present = number
            self.assertPlanned(deal, *["Again"] * expected)
            raise Rollback
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestWhoIsInCharge(ClockCase):
    """The person in charge, against a model in plain Python; and in one go."""

    @settings(**SETTINGS)
    @given(
        responsible=st.sampled_from(["owner", "leader", "user"]),
        owner=st.sampled_from([0, 1, 2, 3, 5]),
        leader=st.sampled_from([0, 1, 2, 3, 5]),
        user=st.integers(1, 5),
        fallback=st.integers(0, 5),
        helper=st.integers(0, 3),
    )
    def test_as_in_plain_python(
        self, responsible, owner, leader, user, fallback, helper
    ):
        """Numbers of people: none, own documents, own documents, all documents, of
        another company, archived."""
        with contextlib.suppress(Rollback), self.env.cr.savepoint():
            archived = self._new_user("archived", ALL_DOCUMENTS)
            people = [
                self.env["res.users"],
                self.salesman,
                self.colleague,
                self.all_documents,
                self.foreigner,
                archived,
            ]
            archived.active = False
            self.equipment_team.user_id = people[leader]
            rule = self._new_rule(
                "created",
                responsible=responsible,
                user_id=people[user].id,
                fallback_user_id=people[fallback].id,
            )
            deal = self.env["crm.lead"].create(
                self._prepare_deal(
                    self.equipment,
                    user_id=people[owner].id,
                    collaborator_ids=[Command.set(people[helper].ids)],
                )
            )
            activities = self._get_activities(deal)

            def may_work(number):
                if number in (1, 2):
                    return number == owner or number == helper or owner == 0
                return number == 3

            first = {"owner": owner, "leader": leader, "user": user}[responsible]
            expected = [
                people[number]
                for number in (first, owner, leader, fallback)
                if number and may_work(number)
            ][:1]
            self.assertEqual(list(activities.user_id), expected)
            self.assertEqual(bool(rule.error_message), not expected)
            raise Rollback
        self.env.invalidate_all()
