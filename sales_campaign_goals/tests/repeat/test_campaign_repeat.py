from datetime import date

from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, tagged

from ..common_goal import WON, GoalCase


@tagged("post_install", "-at_install")
class TestCampaignRepeat(GoalCase):
    """A campaign is done again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-20 12:00:00"))
        cls.campaign.write(
            {
                "title": "Fair 2026",
                "date_start": "2026-03-02",
                "date_end": "2026-03-06",
                "budget": 2000,
                "real_cost": 500,
                "expected_revenue": 9000,
                "member_ids": [Command.set(cls.colleague.ids)],
            }
        )
        cls.env["sales.campaign.cost"].create(
            {"name": "Stand", "campaign_id": cls.campaign.id, "amount": 10}
        )
        cls.manual = cls._new_goal(
            name="Visitors", counting="manual", target=50, manual_count=31
        )
        cls.won = cls._new_goal(
            name="Won", condition=WON, target=4, date_deadline="2026-04-30"
        )
        cls.share = cls._new_goal(
            name="Mine",
            condition=WON,
            target=2,
            parent_id=cls.won.id,
            user_id=cls.salesman.id,
        )
        cls._new_opportunity(cls.campaign, 100, "won", user_id=cls.salesman.id)
        cls._new_partner(cls.campaign)

    def _repeat(self, user=None, **vals):
        campaign = self.campaign.with_user(user or self.salesman)
        action = campaign.action_repeat()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(campaign.env.user)
            .with_context(**action["context"])
        )
        for fname, value in vals.items():
            wizard[fname] = value
        action = wizard.save().action_repeat()
        return self.env["sales.campaign"].browse(action["res_id"])

    def test_a_year_later(self):
        new = self._repeat()
        self.assertRecordValues(
            new,
            [
                {
                    "title": "Fair 2027",
                    "date_start": date(2027, 3, 2),
                    "date_end": date(2027, 3, 6),
                    "predecessor_id": self.campaign.id,
                    "budget": 2000,
                    "expected_revenue": 9000,
                    "member_ids": self.colleague.ids,
                    "user_id": self.salesman.id,
                    "real_cost": 0,
                    "cost_ids": [],
                    "total_cost": 0,
                    "opportunity_count": 0,
                    "company_count": 0,
                }
            ],
        )
        self.assertNotEqual(new.utm_campaign_id, self.campaign.utm_campaign_id)
        self.assertTrue(new.has_own_utm_campaign)
        goals = new.goal_ids.sorted("id")
        self.assertEqual(goals.predecessor_goal_id, self.campaign.goal_ids)
        by_name = {goal.name: goal for goal in goals}
        self.assertEqual(by_name["Mine"].parent_id, by_name["Won"])
        self.assertEqual(by_name["Won"].condition, WON)
        self.assertEqual(by_name["Won"].date_deadline, date(2027, 4, 30))
        self.assertEqual(by_name["Visitors"].manual_count, 0)
        self.assertEqual(goals.mapped("current"), [0, 0, 0])
        self.assertEqual(by_name["Visitors"].last_time_text, "31 of 50")
        self.assertEqual(by_name["Won"].last_time_text, "1 of 4")
        self.assertFalse(self.won.last_time_text)
        self.assertEqual(self.campaign.action_view_successors()["res_id"], new.id)
        self.assertEqual(self.manual.manual_count, 31)

    def test_a_quarter_later(self):
        new = self._repeat(shift_by="quarter")
        self.assertEqual(new.date_start, date(2026, 6, 2))
        self.assertEqual(new.date_end, date(2026, 6, 6))

    def test_from_a_chosen_day(self):
        new = self._repeat(
            shift_by="start", date_start=date(2026, 9, 14), title="Autumn"
        )
        self.assertEqual(new.title, "Autumn")
        self.assertEqual(new.date_start, date(2026, 9, 14))
        self.assertEqual(new.date_end, date(2026, 9, 18))
        (won,) = new.goal_ids.filtered(lambda goal: goal.name == "Won")
        self.assertEqual(won.date_deadline, date(2026, 11, 12))

    def test_without_dates(self):
        self.campaign.write({"date_start": False, "date_end": False})
        new = self._repeat()
        self.assertFalse(new.date_start or new.date_end)
        self.assertEqual(new.predecessor_id, self.campaign)

    def test_who_only_reads_becomes_responsible(self):
        new = self._repeat(self.team_leader)
        self.assertEqual(new.user_id, self.team_leader)
        self.assertEqual(len(new.goal_ids), 3)

    def test_plain_duplicate(self):
        self.campaign.active = False
        new = self.campaign.with_user(self.salesman).copy()
        self.assertEqual(new.title, "Fair 2026 (copy)")
        self.assertTrue(new.active)
        self.assertFalse(new.predecessor_id)
        self.assertEqual(len(new.goal_ids), 3)
        self.assertFalse(new.goal_ids.predecessor_goal_id)
        self.assertEqual(new.goal_ids.mapped("current"), [0, 0, 0])
        self.assertFalse(new.cost_ids)
        self.assertEqual(new.date_start, date(2026, 3, 2))

    def test_deleting_the_predecessor_keeps_the_new_one(self):
        new = self._repeat()
        self.campaign.with_user(self.manager).unlink()
        self.assertFalse(new.predecessor_id)
        self.assertFalse(new.goal_ids.predecessor_goal_id)
