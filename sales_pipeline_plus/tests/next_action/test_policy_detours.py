from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestPolicyDetours(PipelineCase):
    """No way round leads a deal without a next action into another open stage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.next_action_policy = "block"
        cls.equipment.team_ids = False

    def _new(self, stage=None):
        return self._new_deal(self.equipment, stage or self.qualified, name="Lathe")

    def assertNoWay(self, deal, function, stage=None):
        with self.assertRefused(
            ValidationError, "Lathe", "P. Qualified", (stage or self.offer).name, "Plan"
        ):
            function(deal)
        deal.activity_schedule("mail.mail_activity_data_call", user_id=deal.user_id.id)
        function(deal)
        self.assertEqual(deal.stage_id, stage or self.offer)
        self.assertFalse(deal.moved_without_action_date)

    def test_archived(self):
        deal = self._new()
        deal.action_archive()
        deal.stage_id = self.offer
        self.assertNoWay(deal, lambda deal: deal.action_unarchive())

    def test_archived_in_the_same_write(self):
        deal = self._new()
        deal.write({"active": False, "stage_id": self.offer.id})
        self.assertNoWay(deal, lambda deal: deal.write({"active": True}))

    def test_lead(self):
        deal = self._new()
        deal.type = "lead"
        deal.stage_id = self.offer
        self.assertNoWay(deal, lambda deal: deal.write({"type": "opportunity"}))

    def test_won(self):
        deal = self._new()
        deal.action_set_won()
        self.assertNoWay(deal, lambda deal: deal.write({"stage_id": self.offer.id}))

    def test_other_pipeline(self):
        deal = self._new()
        deal.with_user(self.manager).write(
            {"pipeline_id": self.spares.id, "stage_id": self.offer.id}
        )
        self.assertNoWay(
            deal,
            lambda deal: deal.with_user(self.manager).write(
                {"pipeline_id": self.equipment.id, "stage_id": self.negotiation.id}
            ),
            self.negotiation,
        )

    def test_several_detours(self):
        deal = self._new().with_user(self.manager)
        deal.action_set_won()
        deal.write({"pipeline_id": self.spares.id, "stage_id": self.won.id})
        deal.action_archive()
        deal.write({"pipeline_id": self.equipment.id, "stage_id": self.offer.id})
        self.assertNoWay(deal, lambda deal: deal.action_unarchive())

    def test_lost_and_reopened(self):
        """It comes back where it was lost."""
        deal = self._new()
        deal.action_set_lost()
        deal.action_restore()
        self.assertEqual(deal.stage_id, self.qualified)
        self.assertFalse(deal.moved_without_action_date)

    def test_back_to_where_it_was(self):
        deal = self._new().with_user(self.manager)
        deal.action_set_won()
        deal.stage_id = self.qualified
        deal.write({"pipeline_id": self.spares.id, "stage_id": self.offer.id})
        deal.write({"pipeline_id": self.equipment.id, "stage_id": self.qualified.id})
        deal.action_archive()
        deal.action_unarchive()
        self.assertEqual(deal.stage_id, self.qualified)
        self.assertFalse(deal.moved_without_action_date)

    def test_context_from_outside(self):
        """A client cannot call its own move an automatic one."""
        deal = self._new().with_context(automatic_stage_move=True)
        with self.assertRaises(ValidationError):
            deal.stage_id = self.offer


@tagged("post_install", "-at_install")
class TestActionToCome(PipelineCase):
    """An action that a rule is about to plan counts as planned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.next_action_policy = "block"
        cls.rule = cls.env["crm.pipeline.rule"].create(
            {
                "name": "Call back",
                "pipeline_id": cls.equipment.id,
                "event": "stage_entered",
                "stage_id": cls.offer.id,
                "condition": "[('expected_revenue', '>', 1000)]",
            }
        )

    def _new(self, **vals):
        return self._new_deal(self.equipment, self.qualified, **vals)

    def test_move(self):
        deal = self._new()
        deal.stage_id = self.offer
        self.env.cr.flush()
        self.assertEqual(deal.activity_ids.summary, "Call back")
        self.assertEqual(deal.next_action_state, "today")
        self.assertFalse(deal.moved_without_action_date)

    def test_the_condition_decides(self):
        deal = self._new(expected_revenue=10)
        with self.assertRefused(ValidationError, "Deal", "P. Offer", "Plan"):
            deal.stage_id = self.offer

    def test_other_stage(self):
        with self.assertRefused(ValidationError, "Deal", "P. Negotiation", "Plan"):
            self._new().stage_id = self.negotiation

    def test_archived_rule(self):
        self.rule.active = False
        with self.assertRefused(ValidationError, "Deal", "P. Offer", "Plan"):
            self._new().stage_id = self.offer

    def test_what_the_dialog_is_told(self):
        deals = self._new() + self._new(name="Small", expected_revenue=10)
        request = deals.get_move_requirements(self.offer.id)["next_action"]
        self.assertEqual(request["names"], ["Small"])
        self.assertEqual(request["planned_by"], ["Call back"])
        request = deals[0].get_move_requirements(self.offer.id)["next_action"]
        self.assertEqual(
            (request["lead_ids"], request["planned_by"]), ([], ["Call back"])
        )
        request = deals.get_move_requirements(self.negotiation.id)["next_action"]
        self.assertEqual(request["lead_ids"], deals.ids)
        self.assertNotIn("planned_by", request)
