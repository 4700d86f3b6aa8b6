from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestRequirementRequests(PipelineCase):
    """What the web client asks for before a button, or a move of several."""

    def _require(self, stage, *names):
        self._line(self.equipment, stage).requirement_ids = [
            Command.create({"field_name": name}) for name in names
        ]

    @freeze_time("2026-03-02 10:00:00")
    def test_won_button(self):
        """It asks as the drag does, and proposes today as the closing date."""
        deal = self._new_deal(
            self.equipment, self.offer, expected_revenue=0, date_deadline=False
        )
        self.assertFalse(deal.can_ask_before_button)
        self._require(self.won, "expected_revenue", "date_deadline")
        deal.invalidate_recordset(["can_ask_before_button"])
        self.assertTrue(deal.can_ask_before_button)
        asked = deal.get_button_requirements("action_set_won_rainbowman")
        self.assertEqual(asked, deal.get_stage_requirements(self.won.id))
        self.assertEqual(asked["stage_id"], self.won.id)
        self.assertEqual(asked["fields"], ["expected_revenue", "date_deadline"])
        self.assertEqual(asked["values"], {"date_deadline": "2026-03-02"})
        deal.write({"expected_revenue": 10, "date_deadline": "2026-03-02"})
        self.assertFalse(deal.get_button_requirements("action_set_won_rainbowman"))
        deal.action_set_won_rainbowman()
        self.assertEqual(deal.stage_id, self.won)

    def test_no_date_is_proposed_on_the_way(self):
        self._require(self.negotiation, "date_deadline")
        deal = self._new_deal(self.equipment, self.offer, date_deadline=False)
        asked = deal.get_stage_requirements(self.negotiation.id)
        self.assertEqual((asked["fields"], asked["values"]), (["date_deadline"], {}))

    def test_won_stage_is_where_it_is_won(self):
        """With several won stages, in the pipeline's order and in Odoo's."""
        signed, after = self.env["crm.stage"].create(
            [
                {"name": "P. Signed", "sequence": 50, "is_won": True},
                {"name": "P. After", "sequence": 60},
            ]
        )
        for follow_odoo_stages in (False, True):
            pipeline = self._new_pipeline(
                "Two",
                {
                    self.qualified: 10,
                    self.offer: 30,
                    signed: 100,
                    after: 40,
                    self.won: 100,
                },
                follow_odoo_stages=follow_odoo_stages,
            )
            for stage in (self.qualified, self.offer, after):
                with self.subTest(follows=follow_odoo_stages, stage=stage.name):
                    deal = self._new_deal(
                        pipeline, stage, user=self.manager, team_id=False
                    )
                    expected = deal._get_won_stage()
                    deal.action_set_won()
                    self.assertEqual(deal.stage_id, expected)

    def test_restore(self):
        """What it had when it was lost is asked for, nothing else."""
        self._require(self.offer, "expected_revenue")
        deal = self._new_deal(self.equipment, self.offer)
        deal.action_set_lost()
        self.assertFalse(deal.get_button_requirements("action_restore"))
        deal.expected_revenue = 0
        self._require(self.offer, "date_deadline")
        asked = deal.get_button_requirements("action_restore")
        self.assertEqual(asked["fields"], ["expected_revenue"])
        deal.expected_revenue = 10
        self.assertFalse(deal.get_button_requirements("action_restore"))
        deal.action_restore()
        self.assertTrue(deal.active)

    def test_other_button(self):
        deal = self._new_deal(self.equipment)
        with self.assertRefused(UserError, "“unlink”"):
            deal.get_button_requirements("unlink")

    def test_several(self):
        """Each of several that lacks something is named; one alone is not."""
        self._require(self.offer, "expected_revenue")
        full, empty, there = (
            self._new_deal(
                self.equipment, self.qualified, name=name, expected_revenue=amount
            )
            for name, amount in (("Full", 5), ("Empty", 0), ("Other", 0))
        )
        asked = (full | empty | there).get_move_requirements(self.offer.id)
        self.assertEqual(
            asked["incomplete"],
            [
                {
                    "id": deal.id,
                    "name": deal.name,
                    "stage": self.offer.name,
                    "fields": ["expected_revenue"],
                    "in_table": True,
                    "can_override": False,
                }
                for deal in (empty, there)
            ],
        )
        self.assertFalse(asked["requirements"])
        asked = empty.get_move_requirements(self.offer.id)
        self.assertFalse(asked["incomplete"])
        self.assertEqual(asked["requirements"]["fields"], ["expected_revenue"])
        self._require(self.offer, "description")
        incomplete = (full | empty).get_move_requirements(self.offer.id)["incomplete"]
        self.assertEqual({deal["in_table"] for deal in incomplete}, {False})
