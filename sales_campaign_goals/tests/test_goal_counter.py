import threading

from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from .common_goal import GoalCase


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
    """Two real transactions, which the database serializes."""

    def test_both_count(self):
        registry = Registry(self.env.cr.dbname)
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            campaign = env["sales.campaign"].create({"title": "At once"})
            goal_id = (
                env["sales.campaign.goal"]
                .create(
                    {
                        "name": "Leaflets",
                        "campaign_id": campaign.id,
                        "counting": "manual",
                        "target": 2,
                    }
                )
                .id
            )
            campaign_id = campaign.id
            cr.commit()
        self.addCleanup(self._remove, registry, campaign_id)
        barrier = threading.Barrier(2, timeout=20)
        failures = []

        def press():
            try:
                with registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    goal = env["sales.campaign.goal"].browse(goal_id)
                    self.assertEqual(goal.manual_count, 0)  # both have begun
                    barrier.wait()
                    retrying(goal.action_increment, env)
            except Exception as failure:
                failures.append(failure)

        with mute_logger("odoo.sql_db", "odoo.service.model"):
            threads = [threading.Thread(target=press) for _number in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        self.assertFalse(failures)
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            goal = env["sales.campaign.goal"].browse(goal_id)
            self.assertEqual(goal.manual_count, 2)
            self.assertEqual(sorted(goal.entry_ids.mapped("count")), [1, 2])

    def _remove(self, registry, campaign_id):
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["sales.campaign"].browse(campaign_id).unlink()
            cr.commit()
