from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common_rule import RuleCase
from .common import ApprovalCase


@tagged("post_install", "-at_install")
class TestWithinHouse(ApprovalCase, RuleCase):
    """That a colleague is asked for an approval plans nothing with the customer."""

    def setUp(self):
        super().setUp()
        self.deal = self._new_deal(self.equipment, self.qualified)
        self.fact = self._ask(self.deal)
        self.asked = self.fact.activity_id

    def _plan(self, days):
        return self.deal.activity_schedule(
            "mail.mail_activity_data_call",
            user_id=self.salesman.id,
            date_deadline=fields.Date.today() + timedelta(days=days),
        )

    def test_next_action(self):
        """The pictogram is that of the next action, not of the first activity."""
        deal = self.deal.with_user(self.salesman)
        self.assertEqual(deal.next_action_state, "missing")
        self.assertFalse(deal.next_action_icon)
        call = self._plan(3)
        self.assertEqual(deal.next_action_state, "planned")
        self.assertEqual(deal.next_action_date, call.date_deadline)
        self.assertEqual(deal.next_action_type_id, call.activity_type_id)
        self.assertEqual(deal.next_action_icon, call.activity_type_id.icon)
        self.assertNotEqual(deal.activity_type_icon, deal.next_action_icon)

    def test_limit_of_days(self):
        """It does not hold a clock that a planned activity holds."""
        self._line(self.equipment, self.qualified).write(
            {"limit_days": 10, "limit_clock": "planned"}
        )
        self._set_in_stage_since(self.deal, fields.Datetime.now() - timedelta(days=30))
        self.assertTrue(self.deal.is_rotting)
        self._plan(0)
        self.env.invalidate_all()
        self.assertFalse(self.deal.is_rotting)

    def test_put_off(self):
        later = fields.Date.today() + timedelta(days=9)
        call = self._plan(0)
        (self.asked | call).write({"date_deadline": later})
        self.assertEqual(self.asked.postponement_count, 0)
        self.assertEqual(call.postponement_count, 1)

    def test_first_page(self):
        """It waits apart for who is asked; what the team has to do is the call."""
        self._plan(5)

        def get_shown(user, whose, code):
            page = self.env["crm.first.page"].with_user(user).get_first_page(whose)
            domains = [s["domain"] for s in page["sections"] if s["code"] == code]
            return self.deal.search(domains[0]) & self.deal if domains else None

        for whose in ("mine", "team"):
            self.assertEqual(get_shown(self.leader, whose, "approve"), self.deal)
            self.assertFalse(get_shown(self.leader, whose, "due"))
        self.assertIsNone(get_shown(self.salesman, "mine", "approve"))

    def test_automatic_actions(self):
        """Only a rule that names the type means it."""
        kind = self.asked.activity_type_id
        for event in ("activity_planned", "activity_overdue"):
            self._new_rule(event, summary=f"Any {event}", event_days=1)
            self._new_rule(
                event,
                summary=f"Asked {event}",
                event_days=1,
                event_activity_type_id=kind.id,
            )
        deal = self._new_deal(self.equipment, self.qualified)
        asked = self._ask(deal).activity_id
        asked.date_deadline = fields.Date.today() - timedelta(days=4)
        self._commit()
        self._run_cron()
        self.assertPlanned(
            deal, asked.summary, "Asked activity_planned", "Asked activity_overdue"
        )
