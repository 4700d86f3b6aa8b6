from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from ..common import PipelineCase
from ..common_random import examples

NOW = datetime(2026, 6, 15, 9, 0)


@tagged("post_install", "-at_install")
class TestStageLimits(PipelineCase):
    """Days allowed in a stage: Odoo's rotting, with the pipeline's limit and clock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lines = {line.stage_id: line for line in cls.equipment.pipeline_stage_ids}
        cls.lines[cls.qualified].write({"limit_days": 10, "limit_clock": "stage"})
        cls.lines[cls.offer].write({"limit_days": 10, "limit_clock": "last_activity"})
        cls.lines[cls.negotiation].write({"limit_days": 10, "limit_clock": "planned"})
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        # A cursor's now() is the transaction's start: the tests set the clock.
        cls.startClassPatcher(freeze_time(NOW))

    def setUp(self):
        super().setUp()
        self.patch(type(self.env.cr), "now", lambda cr: NOW)

    def _new_deal_since(self, days, stage, **vals):
        deal = self._new_deal(self.equipment, stage, **vals)
        deal.flush_recordset()
        deal.sudo().write({"date_last_stage_update": NOW - timedelta(days=days)})
        return deal

    def _plan(self, deal, days):
        return deal.activity_schedule(
            activity_type_id=self.call.id,
            date_deadline=(NOW + timedelta(days=days)).date(),
            user_id=self.salesman.id,
        )

    def _do(self, deal, days_ago):
        message = self._plan(deal, -days_ago)._action_done()[0]
        message.sudo().date = NOW - timedelta(days=days_ago)

    def _assert_rotting(self, deal, days):
        self.env.flush_all()
        deal.invalidate_recordset()
        self.assertEqual(deal.is_rotting, bool(days))
        self.assertEqual(deal.rotting_days, days)
        domain = [("id", "=", deal.id)]
        for value in (True, False):
            self.assertEqual(
                bool(deal.search([*domain, ("is_rotting", "=", value)])),
                bool(days) == value,
            )

    def test_time_in_stage(self):
        self._assert_rotting(self._new_deal_since(10, self.qualified), 0)
        self._assert_rotting(self._new_deal_since(11, self.qualified), 11)

    def test_beyond_twelve_months(self):
        self._assert_rotting(self._new_deal_since(500, self.qualified), 500)

    def test_last_activity(self):
        deal = self._new_deal_since(40, self.offer)
        self._assert_rotting(deal, 40)
        self._do(deal, 12)
        self._assert_rotting(deal, 12)
        self._do(deal, 3)
        self._assert_rotting(deal, 0)

    def test_held_by_a_planned_activity(self):
        deal = self._new_deal_since(40, self.negotiation)
        self._assert_rotting(deal, 40)
        overdue = self._plan(deal, -1)
        self._assert_rotting(deal, 40)
        overdue.unlink()
        today = self._plan(deal, 0)
        self._assert_rotting(deal, 0)
        today._action_done()
        self._assert_rotting(deal, 40)

    def test_stage_of_another_pipeline_has_no_limit(self):
        deal = self._new_deal(self.spares, self.qualified)
        deal.sudo().write({"date_last_stage_update": NOW - timedelta(days=100)})
        self._assert_rotting(deal, 0)
        self.qualified.rotting_threshold_days = 30
        self._assert_rotting(deal, 100)

    def test_pipelines_limit_replaces_odoos(self):
        self.qualified.rotting_threshold_days = 90
        self._assert_rotting(self._new_deal_since(20, self.qualified), 20)

    def test_closed_deals_are_within_the_standard(self):
        deal = self._new_deal_since(40, self.qualified)
        deal.action_set_lost()
        self._assert_rotting(deal.with_context(active_test=False), 0)

    @settings(
        max_examples=examples(15, 160),
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["qualified", "offer", "negotiation"]),
                st.integers(0, 800),
                st.lists(st.integers(-60, 30), max_size=3),
                st.lists(st.integers(0, 60), max_size=2),
                st.sampled_from(["open", "won", "lost"]),
            ),
            min_size=1,
            max_size=4,
        )
    )
    def test_shown_is_searched(self, histories):
        """Over random histories, what is shown equals what is found and an oracle."""
        with self.env.cr.savepoint() as savepoint:
            expected, deals = {}, self.env["crm.lead"]
            for stage, days, planned, done, state in histories:
                deal = self._new_deal_since(days, getattr(self, stage))
                for offset in planned:
                    self._plan(deal, offset)
                for days_ago in done:
                    self._do(deal, days_ago)
                if state == "won":
                    deal.action_set_won()
                elif state == "lost":
                    deal.action_set_lost()
                started = days
                if stage == "offer" and done:
                    started = min(days, *done)
                held = stage == "negotiation" and any(day >= 0 for day in planned)
                late = state == "open" and not held and started > 10
                expected[deal.id] = started if late else 0
                deals |= deal
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual({d.id: d.rotting_days for d in deals}, expected)
            self.assertEqual({d.id for d in deals if d.is_rotting}, self._find(deals))
            savepoint.rollback()

    def _find(self, deals):
        domain = [("id", "in", deals.ids), ("is_rotting", "=", True)]
        return set(deals.with_context(active_test=False).search(domain).ids)

    def test_alert_once(self):
        deal = self._new_deal_since(20, self.qualified, name="Forgotten lathe")
        inside = self._new_deal_since(5, self.qualified, name="Fresh lathe")
        messages = self._alert()
        self.assertEqual(len(messages), 1)
        self.assertIn("Forgotten lathe", messages.body)
        self.assertNotIn("Fresh lathe", messages.body)
        self.assertFalse(inside.limit_alert_date)
        self.assertFalse(self._alert(), "The salesperson is told once")
        deal.stage_id = self.offer
        deal.sudo().date_last_stage_update = NOW + timedelta(seconds=1)
        self.lines[self.offer].limit_days = 1
        with freeze_time(NOW + timedelta(days=9)):
            self.patch(type(self.env.cr), "now", lambda cr: NOW + timedelta(days=9))
            self.assertEqual(len(self._alert()), 1, "And again in the next stage")

    def test_alert_beside_a_colleague(self):
        """What is written at the same moment neither loses the alert nor splits it."""
        for _number in range(2):
            self._new_deal_since(20, self.qualified)
        notify = self.env.registry["crm.lead"]._notify_out_of_standard
        calls = []

        def meet_once(leads, user):
            calls.append(leads)
            if len(calls) == 1:
                raise SerializationFailure
            notify(leads, user)

        with (
            patch.object(
                self.env.registry["crm.lead"], "_notify_out_of_standard", meet_once
            ),
            patch.object(self.env.cr, "rollback", self.env.invalidate_all),
        ):
            self.assertEqual(len(self._alert()), 1)
        self.assertEqual([len(leads) for leads in calls], [2, 2])

    def test_alert_of_readable_deals_only(self):
        """Who left sales is told no more of the deals that are still theirs."""
        deal = self._new_deal_since(20, self.qualified, name="Forgotten lathe")
        self.salesman.group_ids = self.env.ref("base.group_user")
        self.assertFalse(self._alert())
        self.assertTrue(deal.limit_alert_date)

    def _alert(self):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        with patch.object(self.env.cr, "commit", lambda: None):
            self.env["crm.lead"]._cron_alert_out_of_standard()
        return self.env["mail.message"].search(
            [
                ("id", ">", before),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.salesman.partner_id.ids),
            ]
        )
