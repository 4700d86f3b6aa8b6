from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import OWN_DOCUMENTS
from ..common_rule import START, ClockCase


@tagged("post_install", "-at_install")
class TestNotAgain(ClockCase):
    """Nothing more within a number of days."""

    def test_card_moved_back_and_forth(self):
        self._new_rule("stage_entered", stage_id=self.offer.id, repeat_days=7)
        deal = self._new_deal(self.equipment)
        for _rank in range(3):
            deal.stage_id = self.offer
            self._commit()
            deal.stage_id = self.qualified
            self._commit()
        self.assertPlanned(deal, "Rule stage_entered")
        # What happened meanwhile is passed over, and it says so.
        logs = self.env["crm.pipeline.rule.log"].search([("lead_id", "=", deal.id)])
        self.assertEqual(
            sorted(logs.mapped("state")), ["planned", "skipped", "skipped"]
        )
        self._at(START + timedelta(days=7) - timedelta(seconds=1))
        deal.stage_id = self.offer
        self.assertPlanned(deal, "Rule stage_entered")
        deal.stage_id = self.qualified
        self._at(START + timedelta(days=7))
        deal.stage_id = self.offer
        self.assertPlanned(deal, *["Rule stage_entered"] * 2)

    def test_in_one_transaction(self):
        self._new_rule("stage_entered", stage_id=self.offer.id, repeat_days=1)
        deal = self._new_deal(self.equipment)
        self._commit()
        for stage in (self.offer, self.qualified, self.offer):
            deal.stage_id = stage
        self.assertPlanned(deal, "Rule stage_entered")

    def test_each_deal_and_rule_for_itself(self):
        for name in ("One", "Two"):
            self._new_rule(
                "stage_entered", name=name, stage_id=self.offer.id, repeat_days=7
            )
        deals = self._new_deal(self.equipment) | self._new_deal(self.equipment)
        deals[0].stage_id = self.offer
        self.assertPlanned(deals, "One", "Two")
        deals[1].stage_id = self.offer
        self.assertPlanned(deals, "One", "One", "Two", "Two")

    def test_merged(self):
        """The survivor has what was planned on the other one."""
        rule = self._new_rule("stage_entered", stage_id=self.offer.id, repeat_days=7)
        deals = self._new_deal(self.equipment) | self._new_deal(self.equipment)
        deals[1].stage_id = self.offer
        self._commit()
        merged = deals.with_user(self.manager).merge_opportunity()
        merged.stage_id = self.negotiation
        self._commit()
        merged.stage_id = self.offer
        self._commit()
        logs = self.env["crm.pipeline.rule.log"].search(
            [("rule_id", "=", rule.id), ("state", "=", "planned")]
        )
        self.assertEqual(len(logs), 1)

    def test_refused(self):
        for vals in (
            {"repeat_days": -1},
            {"event": "first_contact", "event_days": 0},
            # What no date can be reached with stops the job and every move of a card.
            {"repeat_days": 2**31 - 1},
            {"event": "first_contact", "event_days": 2**31 - 1},
            {"event": "activity_overdue", "event_days": 40_000},
            {"event": "inactive", "inactive_days": 2**31 - 1},
            {"delay_days": 4_000_000},
        ):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._new_rule(**{"event": "created", **vals})

    def test_action_to_come(self):
        """What is not planned again is no next action that is to come."""
        self._new_rule("stage_entered", stage_id=self.offer.id, repeat_days=7)
        self.equipment.next_action_policy = "block"
        deal = self._new_deal(self.equipment)
        self.assertEqual(deal._filter_action_to_come(self.offer.id), deal)
        deal.stage_id = self.offer
        self._get_activities(deal).action_done()
        self.assertFalse(deal._filter_action_to_come(self.offer.id))

    def test_two_hundred_deals(self):
        """As many queries as for two, and one more for each person in question."""
        owners = [self._new_user(f"owner{rank}", OWN_DOCUMENTS) for rank in range(5)]
        rule = self._new_rule(
            "stage_entered", stage_id=self.offer.id, repeat_days=7, delay_days=2
        )
        rule.write(
            {
                "from_stage_id": self.qualified.id,
                "action_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.call.id,
                            "responsible": "leader",
                            "delay_days": 9,
                        }
                    )
                ],
            }
        )
        self.equipment_team.user_id = self.manager
        counts = []
        for number in (20, 200):
            deals = self.env["crm.lead"].create(
                [
                    self._prepare_deal(self.equipment, user_id=owners[rank % 5].id)
                    for rank in range(number)
                ]
            )
            self._commit()
            deals.stage_id = self.offer
            self.env["crm.lead.passage"]._write_moves()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._commit()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self._get_activities(deals)), 2 * number)
        self.assertLessEqual(counts[1], counts[0] + 4)
