from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestScheduleDialog(PipelineCase):
    """Planning says what is to be done; what is always put off is seen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.todo = cls.env.ref("mail.mail_activity_data_todo")
        cls.deal = cls._new_deal(cls.equipment)

    def _open(self, **context):
        dialogs = self.env["mail.activity.schedule"].with_user(self.salesman)
        return Form(
            dialogs.with_context(
                active_model="crm.lead", active_ids=self.deal.ids, **context
            )
        )

    def test_call_without_text(self):
        dialog = self._open()
        self.assertEqual(dialog.activity_type_id, self.call)
        self.assertFalse(dialog.summary)
        with self.assertRaisesRegex(AssertionError, "summary is a required field"):
            dialog.save()
        dialog.summary = "Ask for the plan"
        dialog.activity_type_id = self.todo
        self.assertEqual(dialog.summary, "Ask for the plan")
        dialog.save().action_schedule_activities()
        self.assertEqual(self.deal.activity_ids.summary, "Ask for the plan")

    def test_text_of_a_type(self):
        """A type that says what is to be done gives its text."""
        self.todo.summary = "Send the catalogue"
        dialog = self._open()
        dialog.activity_type_id = self.todo
        self.assertEqual(dialog.summary, "Send the catalogue")

    def test_type_that_was_chosen(self):
        dialog = self._open(default_activity_type_id=self.todo.id)
        self.assertEqual(dialog.activity_type_id, self.todo)

    def test_other_records(self):
        dialog = Form(
            self.env["mail.activity.schedule"].with_context(
                active_model="res.partner", active_ids=self.env.user.partner_id.ids
            )
        )
        self.assertEqual(dialog.activity_type_id, self.todo)
        self.assertEqual(dialog.summary, self.todo.summary)

    def test_types_of_the_system(self):
        """What the system plans by itself is nothing to choose."""
        of_system = ("mail_activity_type_approval", "mail_activity_type_won_offer")
        for model in (
            "mail.activity",
            "mail.activity.schedule",
            "crm.pipeline.rule.action",
        ):
            field = self.env[model].with_user(self.manager)._fields["activity_type_id"]
            domain = field.get_description(self.env(user=self.manager))["domain"]
            types = self.env["mail.activity.type"].search(
                safe_eval(domain, {"res_model": "crm.lead", "activity_type_id": False})
            )
            self.assertIn(self.call, types, model)
            for name in of_system:
                kind = self.env.ref(f"sales_pipeline_plus.{name}")
                self.assertNotIn(kind, types, model)

    def test_no_mark_done_before_a_move(self):
        """The deal would stay where it is: it still has no next action."""
        arch = self.env["mail.activity.schedule"].get_view()["arch"]
        self.assertRegex(
            arch,
            r'name="action_schedule_activities_done"[^>]*'
            r"or \(?context.get\('next_action_stage_id'\)",
        )

    def test_put_off(self):
        activity = self.deal.activity_schedule(
            summary="Call", date_deadline="2026-03-02", user_id=self.salesman.id
        )
        for day, count in (
            ("2026-03-01", 0),
            ("2026-03-05", 1),
            ("2026-03-05", 1),
            ("2026-03-09", 2),
        ):
            activity.with_user(self.salesman).date_deadline = day
            self.assertEqual(activity.postponement_count, count)
        self.assertEqual(self.deal.action_postponement_count, 2)
        leads = self.env["crm.lead"].with_user(self.manager)
        own = [("id", "=", self.deal.id)]
        self.assertTrue(leads.search([*own, ("action_postponement_count", ">=", 2)]))
        self.assertFalse(leads.search([*own, ("action_postponement_count", ">", 2)]))
        activity.action_feedback("Done")
        self.assertFalse(leads.search([*own, ("action_postponement_count", ">=", 2)]))
