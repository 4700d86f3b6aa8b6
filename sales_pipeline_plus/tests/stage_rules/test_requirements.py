from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestRequirements(PipelineCase):
    """Fields that a stage of a pipeline asks for, on every way into the stage."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._require(cls.equipment, cls.offer, "expected_revenue")
        cls._require(cls.equipment, cls.negotiation, "date_deadline")
        cls._require(cls.equipment, cls.negotiation, "tag_ids", "soft")

    @classmethod
    def _require(cls, pipeline, stage, field_name, level="hard"):
        line = pipeline.pipeline_stage_ids.filtered(lambda li: li.stage_id == stage)
        line.requirement_ids = [(0, 0, {"field_name": field_name, "level": level})]
        return line

    def _new_empty_deal(self, **vals):
        return self._new_deal(
            self.equipment, self.qualified, name="Empty", expected_revenue=0, **vals
        )

    def test_write(self):
        deal = self._new_empty_deal()
        with self.assertRefused(ValidationError, "Empty", "Offer", "Expected Revenue"):
            deal.stage_id = self.offer
        deal.write({"stage_id": self.offer.id, "expected_revenue": 10})
        self.assertEqual(deal.stage_id, self.offer)

    def test_later_stages_ask_for_it_too(self):
        deal = self._new_empty_deal()
        with self.assertRefused(
            ValidationError, "Empty", "Expected Revenue", "Expected Closing"
        ):
            deal.stage_id = self.negotiation

    def test_recommended_is_not_refused(self):
        deal = self._new_empty_deal()
        deal.write(
            {
                "stage_id": self.negotiation.id,
                "expected_revenue": 10,
                "date_deadline": "2030-01-01",
            }
        )
        self.assertEqual(deal.missing_now, "Tags")

    def test_other_pipeline_asks_for_nothing(self):
        deal = self._new_deal(self.spares, self.qualified, expected_revenue=0)
        deal.stage_id = self.offer
        self.assertEqual(deal.stage_id, self.offer)

    def test_several_deals_nothing_half_done(self):
        full = self._new_deal(self.equipment, self.qualified, name="Full")
        empty = self._new_empty_deal()
        with self.assertRefused(ValidationError, "Empty"):
            (full | empty).write({"stage_id": self.offer.id})
        self.assertEqual(full.stage_id, self.qualified)

    def test_create(self):
        with self.assertRefused(ValidationError, "Empty", "Expected Revenue"):
            self._new_deal(self.equipment, self.offer, name="Empty", expected_revenue=0)

    def test_won_button(self):
        deal = self._new_empty_deal()
        with self.assertRefused(ValidationError, "Empty", "Expected Revenue"):
            deal.action_set_won_rainbowman()
        self.assertEqual(deal.won_status, "pending")

    def test_lost_is_always_possible(self):
        deal = self._new_empty_deal()
        deal.action_set_lost()
        self.assertEqual(deal.won_status, "lost")
        deal.action_restore()
        self.assertEqual(deal.won_status, "pending")

    def test_import_refuses_the_row(self):
        fields = ["name", "type", "pipeline_id/.id", "stage_id/.id", "team_id/.id"]
        common = ["opportunity", str(self.equipment.id)]
        team = str(self.equipment_team.id)
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                fields,
                [
                    ["Good", *common, str(self.qualified.id), team],
                    ["Bad", *common, str(self.offer.id), team],
                ],
            )
        )
        self.assertFalse(result["ids"])
        refused = [
            message["message"]
            for message in result["messages"]
            if message.get("rows") == {"from": 1, "to": 1}
        ]
        self.assertIn("“Bad”", refused[0])
        self.assertIn("Expected Revenue", refused[0])

    def test_emptying_a_required_field(self):
        deal = self._new_deal(self.equipment, self.offer)
        with self.assertRefused(ValidationError, "Expected Revenue"):
            deal.expected_revenue = 0
        deal.expected_revenue = 5

    def test_old_deals_can_be_edited(self):
        """A rule that comes later stops a deal only when it moves."""
        deal = self._new_deal(self.spares, self.offer, expected_revenue=0)
        self._require(self.spares, self.offer, "expected_revenue")
        deal.name = "Renamed"
        with self.assertRefused(ValidationError, "Renamed"):
            deal.stage_id = self.won

    def test_leads_are_not_asked(self):
        lead = self._new_deal(
            self.equipment, self.offer, type="lead", expected_revenue=0, name="Empty"
        )
        self.assertFalse(lead.missing_now)
        with self.assertRefused(ValidationError, "Empty"):
            lead.convert_opportunity(self.env["res.partner"])

    def test_moving_back_asks_for_less(self):
        deal = self._new_deal(self.equipment, self.offer)
        deal.stage_id = self.qualified
        deal.expected_revenue = 0

    def test_override_with_a_reason(self):
        deal = self._new_empty_deal()
        wizard = self.env["crm.lead.stage.override"].with_user(self.manager)
        with Form(
            wizard.with_context(active_model="crm.lead", active_ids=deal.ids)
        ) as f:
            f.stage_id = self.offer
            f.reason = "The visit is next week"
        f.record.action_apply()
        self.assertEqual(deal.stage_id, self.offer)
        self.assertIn("The visit is next week", deal.message_ids[0].body)
        self.assertIn("Expected Revenue", deal.message_ids[0].body)

    def test_override_opens_in_the_web_client(self):
        """The web client reads the default of a many2many as commands."""
        deal = self._new_empty_deal()
        wizard = (
            self.env["crm.lead.stage.override"]
            .with_user(self.manager)
            .with_context(active_model="crm.lead", active_ids=deal.ids)
        )
        spec = {"lead_ids": {}, "stage_id": {}, "available_stage_ids": {}, "reason": {}}
        value = wizard.onchange({}, [], spec)["value"]
        self.assertEqual([command[1] for command in value["lead_ids"]], deal.ids)

    def test_override_is_for_managers(self):
        deal = self._new_empty_deal()
        with self.assertRefused(AccessError, "sales manager"):
            deal.with_context(stage_override_reason="Please").stage_id = self.offer
        with self.assertRaises(AccessError):
            self.env["crm.lead.stage.override"].with_user(self.salesman).create(
                {"lead_ids": deal.ids, "stage_id": self.offer.id, "reason": "x"}
            )

    def test_form_tells_before_the_user_tries(self):
        deal = self._new_empty_deal()
        self.assertFalse(deal.missing_now)
        self.assertEqual(deal.missing_next, "Expected Revenue")
        self.assertEqual(deal.next_stage_name, "P. Offer")
        deal.expected_revenue = 10
        self.assertFalse(deal.missing_next)

    def test_web_client_is_told_what_is_missing(self):
        deal = self._new_empty_deal()
        asked = deal.get_stage_requirements(self.negotiation.id)
        self.assertEqual(asked["fields"], ["expected_revenue", "date_deadline"])
        self.assertFalse(asked["can_override"])
        self.assertTrue(
            deal.with_user(self.manager).get_stage_requirements(self.offer.id)[
                "can_override"
            ]
        )
        self.assertFalse(deal.get_stage_requirements(self.qualified.id))

    def test_small_form_has_just_the_missing_fields(self):
        view = self.env.ref("sales_pipeline_plus.crm_lead_view_form_missing_fields")
        arch = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .with_context(missing_fields_view_ref="expected_revenue,active,nonsense")
            .get_view(view.id, "form")["arch"]
        )
        self.assertIn('name="expected_revenue"', arch)
        self.assertNotIn('name="active"', arch)
        self.assertNotIn("nonsense", arch)
        for junk in ([1], {"a": 1}, 7, None):
            views = self.env["crm.lead"].with_user(self.salesman)
            views = views.with_context(missing_fields_view_ref=junk)
            self.assertTrue(views.get_views([(view.id, "form")]))

    def test_salespeople_cannot_change_requirements(self):
        line = self.equipment.pipeline_stage_ids[0]
        with self.assertRaises(AccessError):
            self.env["crm.pipeline.requirement"].with_user(self.salesman).create(
                {"pipeline_stage_id": line.id, "field_name": "phone"}
            )

    def test_copy_of_a_pipeline_asks_for_the_same(self):
        copy = self.equipment.copy()
        self.assertEqual(
            copy.pipeline_stage_ids.requirement_ids.mapped("field_name"),
            self.equipment.pipeline_stage_ids.requirement_ids.mapped("field_name"),
        )
