from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestNextActionPolicy(PipelineCase):
    """What happens to deals without a next action on every way to move them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.next_action_policy = "block"
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        cls.todo = cls.env.ref("mail.mail_activity_data_todo")

    def _plan(self, deal, activity_type=None, **vals):
        return deal.activity_schedule(
            activity_type_id=(activity_type or self.call).id,
            user_id=self.salesman.id,
            **vals,
        )

    def assertStays(self, deal, stage):
        deal.invalidate_recordset()
        self.assertEqual(deal.stage_id, stage)

    # ------------------------------------------------------------
    # Block
    # ------------------------------------------------------------

    def test_default_policy(self):
        pipeline = self._new_pipeline("Other", {self.qualified: 10, self.won: 100})
        self.assertEqual(pipeline.next_action_policy, "warn")

    def test_create_in_any_stage(self):
        deal = self._new_deal(self.equipment, self.negotiation)
        self.assertEqual(deal.next_action_state, "missing")
        self.assertFalse(deal.moved_without_action_date)

    def test_write_is_refused(self):
        deal = self._new_deal(self.equipment, self.qualified, name="Lathe")
        with self.assertRefused(
            ValidationError, "Lathe", "P. Qualified", "P. Offer", "Equipment", "Plan"
        ):
            deal.write({"stage_id": self.offer.id})
        self.assertStays(deal, self.qualified)

    def test_back_is_refused(self):
        deal = self._new_deal(self.equipment, self.offer)
        with self.assertRaises(ValidationError):
            deal.stage_id = self.qualified

    def test_planned_deal_moves(self):
        deal = self._new_deal(self.equipment, self.qualified)
        self._plan(deal)
        deal.stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)
        self.assertFalse(deal.moved_without_action_date)

    def test_overdue_action_counts(self):
        deal = self._new_deal(self.equipment, self.qualified)
        self._plan(deal, date_deadline="2020-01-01")
        self.assertEqual(deal.next_action_state, "overdue")
        deal.stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)

    def test_action_planned_in_the_same_write(self):
        deal = self._new_deal(self.equipment, self.qualified)
        deal.write(
            {
                "stage_id": self.offer.id,
                "activity_ids": [
                    Command.create(
                        {
                            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                            "activity_type_id": self.call.id,
                            "user_id": self.salesman.id,
                        }
                    )
                ],
            }
        )
        self.assertEqual(deal.stage_id, self.offer)

    def test_drag_is_refused(self):
        deal = self._new_deal(self.equipment, self.qualified)
        with self.assertRaises(ValidationError):
            deal.web_save({"stage_id": self.offer.id}, {"stage_id": {}})

    def test_form_is_refused(self):
        deal = self._new_deal(self.equipment, self.qualified)
        with Form(deal) as form:
            form.name = "Edited freely"
        form = Form(deal)
        form.stage_id = self.offer
        with self.assertRaises(ValidationError):
            form.save()

    def test_several_are_named(self):
        deals = self._new_deal(self.equipment, self.qualified, name="First")
        deals += self._new_deal(self.equipment, self.qualified, name="Second")
        planned = self._new_deal(self.equipment, self.qualified, name="Planned")
        self._plan(planned)
        with self.assertRefused(ValidationError, "First", "Second") as _refusal:
            (deals + planned).write({"stage_id": self.offer.id})
        with self.assertRaises(ValidationError) as refusal:
            (deals + planned).write({"stage_id": self.offer.id})
        self.assertNotIn("Planned", str(refusal.exception).replace("Plan an", ""))

    def test_import(self):
        deal = self._new_deal(self.equipment, self.qualified, name="Lathe")
        leads = self.env["crm.lead"].with_user(self.salesman)
        result = leads.load(
            [".id", "stage_id/.id"], [[str(deal.id), str(self.offer.id)]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("Lathe", result["messages"][0]["message"])
        result = leads.load(
            ["name", "type", "pipeline_id/.id", "team_id/.id", "stage_id/.id"],
            [
                [
                    "Imported",
                    "opportunity",
                    str(self.equipment.id),
                    str(self.equipment_team.id),
                    str(self.negotiation.id),
                ]
            ],
        )
        self.assertFalse(result["messages"])
        imported = leads.browse(result["ids"])
        self.assertEqual(imported.stage_id, self.negotiation)
        self.assertEqual(imported.next_action_state, "missing")

    def test_won_and_lost_are_free(self):
        first = self._new_deal(self.equipment, self.qualified)
        second = self._new_deal(self.equipment, self.qualified)
        third = self._new_deal(self.equipment, self.qualified)
        first.action_set_won()
        second.action_set_lost()
        third.stage_id = self.won
        self.assertEqual(first.won_status, "won")
        self.assertEqual(second.won_status, "lost")
        self.assertEqual(third.won_status, "won")
        # Back from won to where it was is no move between open stages.
        third.stage_id = self.qualified
        self.assertEqual(third.won_status, "pending")

    def test_other_pipeline_is_marked(self):
        """Reorganising pipelines is not refused, but a manager finds it."""
        self.spares.next_action_policy = "block"
        deal = self._new_deal(self.equipment, self.qualified)
        deal.with_user(self.manager).write(
            {
                "team_id": self.spares_team.id,
                "pipeline_id": self.spares.id,
                "stage_id": self.offer.id,
            }
        )
        self.assertTrue(deal.sudo().moved_without_action_date)
        self.assertIn("without a next action", deal.sudo().message_ids[0].body)

    def test_automatic_move_is_marked(self):
        deal = self._new_deal(self.equipment, self.qualified)
        deal.sudo().stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)
        self.assertTrue(deal.moved_without_action_date)
        self.assertIn("without a next action", deal.message_ids[0].body)
        marked = [
            ("moved_without_action_date", "!=", False),
            ("next_action_state", "=", "missing"),
        ]
        leads = self.env["crm.lead"].with_user(self.manager)
        self.assertIn(deal, leads.search(marked))
        self._plan(deal)
        self.assertNotIn(deal, leads.search(marked))

    def test_automatic_move_of_another_addon(self):
        deal = self._new_deal(self.equipment, self.qualified)
        deal._internally("automatic_stage_move").stage_id = self.offer
        self.assertTrue(deal.moved_without_action_date)

    def test_quotation_confirmed(self):
        partner = self.env["res.partner"].create({"name": "Machin"})
        deal = self._new_deal(self.equipment, self.qualified, partner_id=partner.id)
        product = self.env["product.product"].create(
            {"name": "Spindle", "list_price": 100, "type": "service"}
        )
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": partner.id,
                    "opportunity_id": deal.id,
                    "team_id": self.equipment_team.id,
                    "company_id": self.company.id,
                    "order_line": [Command.create({"product_id": product.id})],
                }
            )
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(deal.next_action_state, "missing")

    def test_merge(self):
        deals = self._new_deal(self.equipment, self.qualified, name="Old")
        deals += self._new_deal(self.equipment, self.negotiation, name="New")
        merged = deals.with_user(self.manager).merge_opportunity(
            user_id=self.salesman.id, team_id=self.equipment_team.id
        )
        self.assertIn(merged.stage_id, self.qualified + self.negotiation)
        with self.assertRaises(ValidationError):
            merged.with_user(self.salesman).stage_id = self.offer

    def test_convert(self):
        lead = self._new_deal(self.equipment, type="lead")
        lead.with_user(self.salesman).convert_opportunity(self.env["res.partner"])
        self.assertEqual(lead.type, "opportunity")
        self.assertEqual(lead.next_action_state, "missing")

    def test_manager_gives_a_reason(self):
        deals = self._new_deal(self.equipment, self.qualified)
        reason = {"stage_override_reason": "Customer on holiday"}
        with self.assertRaises(AccessError):
            deals.with_context(**reason).write({"stage_id": self.offer.id})
        deals.invalidate_recordset()
        wizard = (
            self.env["crm.lead.stage.override"]
            .with_user(self.manager)
            .create(
                {
                    "lead_ids": deals.ids,
                    "stage_id": self.offer.id,
                    "reason": "Customer on holiday",
                }
            )
        )
        wizard.action_apply()
        self.assertEqual(deals.stage_id, self.offer)
        self.assertIn("Customer on holiday", deals.message_ids[0].body)
        self.assertTrue(deals.moved_without_action_date)

    def test_warn_and_off_never_refuse(self):
        for policy in ("warn", "off"):
            self.equipment.next_action_policy = policy
            deal = self._new_deal(self.equipment, self.qualified)
            deal.stage_id = self.offer
            self.assertEqual(deal.stage_id, self.offer)
            self.assertFalse(deal.moved_without_action_date)

    # ------------------------------------------------------------
    # What the web client asks
    # ------------------------------------------------------------

    def test_move_requirements(self):
        deal = self._new_deal(self.equipment, self.qualified, name="Lathe")
        asked = deal.get_move_requirements(self.offer.id)
        self.assertFalse(asked["requirements"])
        self.assertEqual(
            asked["next_action"],
            {
                "policy": "block",
                "lead_ids": deal.ids,
                "names": ["Lathe"],
                "can_override": False,
            },
        )
        self.assertFalse(deal.get_move_requirements(self.won.id)["next_action"])
        self.assertFalse(deal.get_move_requirements(self.qualified.id)["next_action"])
        self.equipment.next_action_policy = "warn"
        self.assertEqual(
            deal.get_move_requirements(self.offer.id)["next_action"]["policy"], "warn"
        )
        self.equipment.next_action_policy = "off"
        self.assertFalse(deal.get_move_requirements(self.offer.id)["next_action"])

    def test_move_requirements_of_several(self):
        deals = self._new_deal(self.equipment, self.qualified)
        deals += self._new_deal(self.equipment, self.qualified)
        self._plan(deals[0])
        asked = deals.get_move_requirements(self.offer.id)
        self.assertEqual(asked["next_action"]["lead_ids"], deals[1].ids)

    def test_move_requirements_need_access(self):
        deal = self._new_deal(self.equipment, self.qualified)
        with self.assertRaises(AccessError):
            deal.with_user(self.colleague).get_move_requirements(self.offer.id)

    # ------------------------------------------------------------
    # The last action is done
    # ------------------------------------------------------------

    def test_last_action_done(self):
        """Odoo's suggested type comes with the question for the next action."""
        self.call.write(
            {"chaining_type": "suggest", "suggested_next_type_ids": self.todo.ids}
        )
        deal = self._new_deal(self.equipment, self.qualified)
        first = self._plan(deal).with_user(self.salesman)
        second = self._plan(deal).with_user(self.salesman)
        first.action_feedback()
        self.assertFalse(first.get_next_action_request())
        action = second.action_done()
        self.assertEqual(action["res_model"], "mail.activity")
        self.assertEqual(action["context"]["default_res_id"], deal.id)
        self.assertEqual(action["context"]["default_activity_type_id"], self.todo.id)
        form = Form(self.env["mail.activity"].with_context(**action["context"]))
        self.assertEqual(form.activity_type_id, self.todo)
        form.summary = "Send the offer"
        form.save()
        self.assertEqual(deal.next_action_state, "planned")

    def test_triggered_action_is_the_next_one(self):
        self.call.write(
            {"chaining_type": "trigger", "triggered_next_type_id": self.todo.id}
        )
        deal = self._new_deal(self.equipment, self.qualified)
        activity = self._plan(deal).with_user(self.salesman)
        self.assertIsInstance(activity.action_done(), int)
        self.assertNotEqual(deal.next_action_state, "missing")

    def test_last_actions_of_several_deals_done(self):
        deals = self._new_deal(self.equipment, self.qualified)
        deals += self._new_deal(self.equipment, self.qualified)
        activities = self._plan(deals[0]) + self._plan(deals[1])
        action = activities.with_user(self.salesman).action_done()
        self.assertEqual(action["res_model"], "mail.activity.schedule")
        self.assertEqual(set(action["context"]["active_ids"]), set(deals.ids))

    def test_last_action_done_warns(self):
        self.equipment.next_action_policy = "warn"
        deal = self._new_deal(self.equipment, self.qualified, name="Lathe")
        action = self._plan(deal).with_user(self.salesman).action_done()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Lathe", action["params"]["message"])

    def test_done_on_other_records(self):
        """Nothing is asked for customers, closed deals and where it is switched off."""
        partner = self.env["res.partner"].create({"name": "Machin"})
        activity = self._plan(partner).with_user(self.salesman)
        self.assertIsInstance(activity.action_done(), int)
        deal = self._new_deal(self.equipment, self.qualified)
        activity = self._plan(deal).with_user(self.salesman)
        deal.action_set_won()
        self.assertIsInstance(activity.action_done(), int)
        self.equipment.next_action_policy = "off"
        deal = self._new_deal(self.equipment, self.qualified)
        self.assertIsInstance(
            self._plan(deal).with_user(self.salesman).action_done(), int
        )

    def test_request_needs_access(self):
        """Nobody learns of a deal that he may not read."""
        deal = self._new_deal(self.equipment, self.qualified)
        activity = self._plan(deal)
        activity.with_user(self.salesman).action_feedback()
        asked = activity.with_user(self.colleague).get_next_action_request()
        self.assertFalse(asked)
