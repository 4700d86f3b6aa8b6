from freezegun import freeze_time

from odoo.tests import tagged

from ..common_rule import RuleCase


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestRuleWithdrawal(RuleCase):
    """What a rule has planned goes when its reason is gone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.created = cls._new_rule("created", summary="Call back")
        cls.welcome = cls._new_rule("won", summary="Welcome the customer")
        cls.again = cls._new_rule("lost", summary="Ask again next year")

    def _new_planned_deal(self, **vals):
        deal = self._new_deal(self.equipment, self.qualified, **vals)
        self.assertPlanned(deal, "Call back")
        return deal

    def test_won(self):
        """No “Call back” stands beside “Welcome the customer”."""
        deal = self._new_planned_deal()
        deal.activity_schedule(summary="My own", user_id=self.salesman.id)
        deal.action_set_won()
        self.assertPlanned(deal, "My own", "Welcome the customer")
        notes = "".join(deal.message_ids.mapped("body"))
        self.assertIn("No longer needed, withdrawn: Call back", notes)
        self.assertEqual(deal.rule_log_count, 2)

    def test_lost_and_new_attempt(self):
        deal = self._new_planned_deal()
        deal.action_set_lost()
        self.assertPlanned(deal, "Ask again next year")
        deal.action_new_attempt()
        self.assertPlanned(deal)
        self.assertPlanned(deal.attempt_ids, "Call back")

    def test_reopened(self):
        deal = self._new_planned_deal()
        deal.action_set_won()
        self.assertPlanned(deal, "Welcome the customer")
        deal.stage_id = self.offer
        self.assertPlanned(deal)

    def test_done_stays(self):
        deal = self._new_planned_deal()
        done = self._get_activities(deal)
        done.action_feedback("Done")
        deal.action_set_won()
        self.assertPlanned(deal, "Call back", "Welcome the customer")
        self.assertTrue(done.exists())

    def test_stage_entered(self):
        """What follows from a won stage stays, what follows from another goes."""
        for stage in (self.offer, self.won):
            self._new_rule("stage_entered", stage_id=stage.id, summary=stage.name)
        deal = self._new_deal(self.equipment, self.qualified)
        deal.stage_id = self.offer
        self.assertPlanned(deal, "Call back", "P. Offer")
        deal.stage_id = self.negotiation
        self.assertPlanned(deal, "Call back", "P. Offer")
        deal.stage_id = self.won
        self.assertPlanned(deal, "P. Won", "Welcome the customer")
        deal.expected_revenue = 2
        self.assertPlanned(deal, "P. Won", "Welcome the customer")

    def test_merged(self):
        """What the same rule has planned on both is to be done once."""
        deals = self._new_planned_deal() | self._new_planned_deal()
        deals[1].activity_schedule(summary="My own", user_id=self.salesman.id)
        merged = deals.with_user(self.manager).merge_opportunity()
        self.assertPlanned(merged, "Call back", "My own")

    def test_merged_into_a_won_one(self):
        won = self._new_deal(self.equipment, self.won)
        deal = self._new_planned_deal()
        won.with_user(self.manager)._merge_dependences(deal)
        self.assertPlanned(won)

    def test_without_the_right_to_the_activity(self):
        """Whoever wins the deal, it goes; it may be somebody else's."""
        deal = self._new_planned_deal()
        self._get_activities(deal).sudo().user_id = self.manager
        deal.with_user(self.salesman).action_set_won()
        self.assertPlanned(deal, "Welcome the customer")

    def test_many_at_once(self):
        deals = self.env["crm.lead"].concat(
            *(self._new_planned_deal() for _number in range(3))
        )
        deals.action_set_lost()
        self.assertPlanned(deals, *["Ask again next year"] * 3)

    def test_list_says_when(self):
        rule = self._new_rule("inactive", inactive_days=30)
        self.assertEqual(rule.event_summary, "Nothing happened for 30 days")
        self.assertEqual(rule.action_summary, "R. Call (the same day)")
        rule.delay_days = 7
        self.assertEqual(rule.action_summary, "R. Call (7 days later)")
        self.assertEqual(self.welcome.event_summary, "Won")
