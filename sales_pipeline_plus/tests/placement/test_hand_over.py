from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ...wizard import crm_pipeline_move
from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestHandOverWizard(PipelineCase):
    """Many deals go to a colleague of another team, and stay or move along."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.team_ids = cls.equipment_team
        cls.spares.team_ids = cls.spares_team
        cls.deals = cls._new_deal(cls.equipment, cls.offer) | cls._new_deal(
            cls.equipment, cls.won
        )
        cls.deals = cls.deals.sudo()
        for deal in cls.deals:
            deal.activity_schedule(
                "mail.mail_activity_data_call", user_id=cls.salesman.id
            )

    def _open(self, deals=None, user=None):
        deals = self.deals if deals is None else deals
        action = deals.with_user(user or self.manager).action_hand_over()
        wizard = self.env[action["res_model"]].with_user(user or self.manager)
        return wizard.browse(action["res_id"])

    def test_keep(self):
        lost = self._new_deal(self.equipment, self.offer).sudo()
        lost.action_set_lost()
        wizard = self._open(self.deals | lost)
        with Form(wizard) as form:
            form.user_id = self.colleague
            self.assertEqual(form.activity_count, 2)
        wizard.action_move()
        deals = self.deals | lost
        self.assertEqual(deals.user_id, self.colleague)
        self.assertEqual(deals.team_id, self.equipment_team)
        self.assertEqual(deals.pipeline_id, self.equipment)
        self.assertEqual(deals.activity_ids.user_id, self.colleague)

    def test_own_documents(self):
        """Who hands his own deals over does not see them any more."""
        wizard = self._open(user=self.salesman)
        wizard.user_id = self.colleague
        wizard.action_move()
        self.assertEqual(self.deals.sudo().user_id, self.colleague)
        self.assertEqual(self.deals.sudo().activity_ids.user_id, self.colleague)

    def test_without_activities(self):
        wizard = self._open()
        wizard.write({"user_id": self.colleague.id, "hand_over_activities": False})
        wizard.action_move()
        self.assertEqual(self.deals.user_id, self.colleague)
        self.assertEqual(self.deals.activity_ids.user_id, self.salesman)

    def test_move_along(self):
        wizard = self._open()
        with Form(wizard) as form:
            form.user_id = self.colleague
            form.placement = "move"
            self.assertEqual(form.team_id, self.spares_team)
            self.assertIn("“Equipment”: not open to the sales", form.absent_message)
            form.pipeline_id = self.spares
            self.assertEqual(len(form.line_ids), 2)
        self.assertIn(self.spares, wizard.available_pipeline_ids)
        self.assertNotIn(self.equipment, wizard.available_pipeline_ids)
        wizard.action_move()
        self.assertEqual(self.deals.user_id, self.colleague)
        self.assertEqual(self.deals.team_id, self.spares_team)
        self.assertEqual(self.deals.pipeline_id, self.spares)
        self.assertEqual(self.deals.activity_ids.user_id, self.colleague)
        self.assertDeal(self.deals[0], 75, "stage", stage=self.offer)
        self.assertDeal(self.deals[1], 100, "stage", stage=self.won)

    def test_no_open_stage(self):
        self._new_pipeline("Delivery", {self.won: 100})
        wizard = self._open()
        wizard.write({"user_id": self.colleague.id, "placement": "move"})
        self.assertIn("“Delivery”: no open stage", wizard.absent_message)

    def test_nobody_chosen(self):
        with self.assertRefused(UserError, "new salesperson"):
            self._open().action_move()

    def test_salesperson_of_another_company(self):
        wizard = self._open()
        wizard.user_id = self.foreigner
        with self.assertRefused(UserError, "“Deal”", "“pipeline_foreigner"):
            wizard.action_move()

    def test_in_the_background(self):
        for placement, pipeline in (("keep", False), ("move", self.spares)):
            self.deals.with_user(self.manager).user_id = self.salesman
            wizard = self._open()
            wizard.write({"user_id": self.colleague.id, "placement": placement})
            wizard.pipeline_id = pipeline
            with (
                patch.object(crm_pipeline_move, "MAX_AT_ONCE", 1),
                patch.object(crm_pipeline_move, "BATCH_SIZE", 1),
                patch.object(
                    self.env.registry["ir.cron"], "_commit_progress", lambda *a, **k: 1
                ),
            ):
                wizard.action_move()
                self.assertEqual(wizard.state, "running")
                self.env["crm.pipeline.move"].sudo()._cron_move()
            self.env.invalidate_all()
            self.assertEqual(wizard.state, "done")
            message = self.env["mail.message"].search([], order="id desc", limit=1)
            self.assertIn(self.colleague.name, message.subject)
            self.assertEqual(self.deals.user_id, self.colleague)
            self.assertEqual(self.deals.pipeline_id, pipeline or self.equipment)
