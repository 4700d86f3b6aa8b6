from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_goal import GoalCase


@tagged("post_install", "-at_install")
class TestGoalCounter(GoalCase):
    def setUp(self):
        super().setUp()
        self.goal = self._new_goal(counting="manual", target=3)

    def test_up_and_down(self):
        goal = self.goal.with_user(self.salesman)
        goal.action_increment()
        goal.action_increment()
        goal.action_decrement()
        self.assertEqual(self._current(goal), 1)
        self.assertEqual(goal.entry_ids.mapped("change"), [-1, 1, 1])
        self.assertEqual(goal.entry_ids.mapped("count"), [1, 2, 1])
        self.assertEqual(goal.entry_ids.user_id, self.salesman)

    def test_never_below_zero(self):
        with self.assertRaisesRegex(UserError, "below zero"):
            self.goal.action_decrement()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.cr.savepoint():
                self.goal.manual_count = -1
                self.env.flush_all()

    def test_every_way_is_in_the_journal(self):
        self.goal.with_user(self.salesman).manual_count = 2
        self.assertEqual(self.goal.entry_ids.mapped("change"), [2])
        created = self._new_goal(counting="manual", manual_count=5)
        self.assertEqual(created.entry_ids.mapped("change"), [5])

    def test_only_who_may_edit_the_campaign(self):
        with self.assertRaises(AccessError):
            self.goal.with_user(self.colleague).action_increment()
        self.campaign.member_ids = self.colleague
        self.goal.with_user(self.colleague).action_increment()
        self.assertEqual(self._current(self.goal), 1)

    def test_automatic_goals_have_no_counter(self):
        with self.assertRaisesRegex(UserError, "no counter"):
            self._new_goal().action_increment()

    def test_journal_is_not_written_by_hand(self):
        self.goal.action_increment()
        entry = self.goal.entry_ids.with_user(self.manager)
        self.assertEqual(entry.change, 1)
        with self.assertRaises(AccessError):
            entry.change = 7
        with self.assertRaises(AccessError):
            entry.unlink()

    def test_reached_and_no_longer(self):
        for _number in range(3):
            self.goal.action_increment()
        self.assertEqual(self.goal.state, "reached")
        self.assertTrue(self.goal.stored_date_reached)
        self.assertTrue(self.goal.date_reached)
        self.goal.action_decrement()
        self.assertFalse(self.goal.stored_date_reached)
        self.assertFalse(self.goal.date_reached)


@tagged("post_install", "-at_install")
class TestTwoUsersAtOnce(TransactionCase):
    """Two real transactions: both have begun before either counts."""

    def setUp(self):
        super().setUp()
        self.registry_of_test = Registry(self.env.cr.dbname)
        with self._open() as env:
            campaign = env["sales.campaign"].create({"title": "At once"})
            goal = env["sales.campaign.goal"].create(
                {
                    "name": "Leaflets",
                    "campaign_id": campaign.id,
                    "counting": "manual",
                    "target": 2,
                }
            )
            self.campaign_id, self.goal_id = campaign.id, goal.id
        self.addCleanup(self._remove)

    @contextmanager
    def _open(self):
        """A transaction of its own, committed at the end."""
        with self.registry_of_test.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self):
        with self._open() as env:
            env["sales.campaign"].browse(self.campaign_id).unlink()

    def _press(self, env, button):
        """Press as the web client does: what came too late is done again."""
        goal = env["sales.campaign.goal"].browse(self.goal_id)
        return retrying(getattr(goal, button), env)

    def test_both_count(self):
        with self._open() as one, self._open() as other:
            for env in (one, other):
                goal = env["sales.campaign.goal"].browse(self.goal_id)
                self.assertEqual(goal.manual_count, 0)
            self._press(one, "action_increment")
            with mute_logger("odoo.sql_db"):
                self._press(other, "action_increment")
        with self._open() as env:
            goal = env["sales.campaign.goal"].browse(self.goal_id)
            self.assertEqual(goal.manual_count, 2)
            self.assertEqual(sorted(goal.entry_ids.mapped("count")), [1, 2])

    def test_two_who_take_the_last_one_away(self):
        with self._open() as env:
            self._press(env, "action_increment")
        with self._open() as one, self._open() as other:
            for env in (one, other):
                goal = env["sales.campaign.goal"].browse(self.goal_id)
                self.assertEqual(goal.manual_count, 1)
            self._press(one, "action_decrement")
            with mute_logger("odoo.sql_db"), self.assertRaises(UserError):
                self._press(other, "action_decrement")
        with self._open() as env:
            goal = env["sales.campaign.goal"].browse(self.goal_id)
            self.assertEqual(goal.manual_count, 0)
            self.assertEqual(len(goal.entry_ids), 2)
