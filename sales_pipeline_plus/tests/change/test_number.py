from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import PipelineCase

JUNK = (float("nan"), float("inf"), float("-inf"), "nan", "inf", "ten", [1])
OWN_MODULES = ("sales_pipeline_plus", "sales_campaign_goals")
# Those that are told in other words than by the name of their field.
WORDS = {
    "crm.forecast.call.amount": "number",
    "crm.lead.share.percentage": "Shares",
}


@tagged("post_install", "-at_install")
class TestNumber(PipelineCase):
    """What is no number is refused with a sentence, on each way to write it."""

    def test_deals(self):
        deal = self._new_deal()
        for fname in ("expected_revenue", "probability", "recurring_revenue"):
            for value in JUNK:
                with self.subTest(fname, value=value):
                    with self.assertRaisesRegex(ValidationError, "Deal.*is no number"):
                        deal.write({fname: value})
                    with self.assertRaisesRegex(ValidationError, "New.*is no number"):
                        self.env["crm.lead"].create({"name": "New", fname: value})
        deal.expected_revenue = 1e9
        self.assertEqual(deal.expected_revenue, 1e9)

    def test_lines(self):
        """The record and the field are named."""
        line = self._line(self.equipment, self.offer).with_user(self.manager)
        for value in JUNK:
            with self.assertRefused(ValidationError, "P. Offer", "Probability"):
                line.write({"probability": value})
        rule = self.env["crm.pipeline.rule"].create(
            {"name": "Call", "pipeline_id": self.equipment.id}
        )
        for value in (*JUNK, "2.5", 2**31):
            with self.assertRefused(ValidationError, "Call", "Days"):
                rule.action_ids.write({"delay_days": value})

    def test_lines_of_a_new_one(self):
        """They are rounded before their own records are made."""
        leads = self.env["crm.lead"].with_user(self.manager)
        user = self.salesman
        for value in (float("nan"), "inf", "ten", [1]):
            with self.assertRefused(ValidationError, "is no number", "Share"):
                line = {"user_id": user.id, "percentage": value}
                leads.create({"name": "New", "share_ids": [Command.create(line)]})
        result = leads.load(
            ["name", "share_ids/user_id", "share_ids/percentage"],
            [["New", user.name, "nan"]],
        )
        self.assertIn("is no number", result["messages"][0]["message"])

    def test_import(self):
        result = self.equipment.pipeline_stage_ids.with_user(self.manager).load(
            [".id", "probability"],
            [[str(self.equipment.pipeline_stage_ids[0].id), "nan"]],
        )
        self.assertFalse(result["ids"])
        self.assertIn("is no number", result["messages"][0]["message"])

    def test_all_models(self):
        """Each field of a number that a user can give, of all our models."""
        checked = 0
        for model_name in sorted(self.registry.models):
            model = self.env[model_name]
            if not model._auto or not self._is_given(model_name):
                continue
            for field in model._fields.values():
                if (
                    field.type not in ("float", "integer", "monetary")
                    or field._module not in OWN_MODULES
                    or (field.readonly and not field.inverse)
                    or not field.store
                ):
                    continue
                checked += 1
                label = WORDS.get(str(field), field._description_string(self.env))
                for value in (float("nan"), "inf", "ten"):
                    with self.subTest(str(field), value=value):
                        try:
                            with self.env.cr.savepoint():
                                model.create({field.name: value})
                        except UserError as error:
                            self.assertIn(label, str(error))
                        else:
                            self.fail("accepted")
        self.assertGreater(checked, 20)

    def _is_given(self, model_name):
        """Whether somebody may write records of a model."""
        return self.env["ir.model.access"].search_count(
            [
                *[("model_id.model", "=", model_name), "|"],
                *[("perm_create", "=", True), ("perm_write", "=", True)],
            ],
            limit=1,
        )
