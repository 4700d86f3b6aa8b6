from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common import PipelineCase

JUNK = (float("nan"), float("inf"), float("-inf"), "nan", "inf", "ten", [1])
BAD = {
    **dict.fromkeys(("float", "integer", "monetary"), (float("nan"), "inf", "ten")),
    **dict.fromkeys(("date", "datetime"), ("soon", 5, [1])),
    "selection": ("soon", 5),
}
OWN_MODULES = ("sales_pipeline_plus", "sales_campaign_goals")
# Those that are told in other words than by the name of their field.
WORDS = {
    "crm.lead.share.percentage": "Shares",
}


@tagged("post_install", "-at_install")
class TestValue(PipelineCase):
    """What is no number, date or choice is refused with a sentence, on each way."""

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

    def test_dates_and_choices(self):
        deal = self._new_deal()
        for fname, kind, values in (
            ("date_deadline", "date", ("soon", "2026-13-01", 5, [1])),
            ("date_open", "date", ("soon", 5)),
            ("priority", "choice", ("9", 5, ("a",))),
        ):
            for value in values:
                with self.subTest(fname, value=value):
                    with self.assertRaisesRegex(ValidationError, f"Deal.*is no {kind}"):
                        deal.write({fname: value})
                    with self.assertRaisesRegex(ValidationError, f"New.*is no {kind}"):
                        self.env["crm.lead"].create({"name": "New", fname: value})
        deal.write({"date_deadline": "2026-12-01", "priority": False})
        self.assertFalse(deal.priority)

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
        """Each such field that a user can give, of all our models."""
        checked = 0
        for model_name in sorted(self.registry.models):
            model = self.env[model_name]
            if not model._auto or not self._is_given(model_name):
                continue
            for field in model._fields.values():
                if (
                    field.type not in BAD
                    or field._module not in OWN_MODULES
                    or (field.readonly and not field.inverse)
                    or not field.store
                    or not isinstance(getattr(field, "selection", []), list)
                ):
                    continue
                checked += 1
                label = WORDS.get(str(field), field._description_string(self.env))
                for value in BAD[field.type]:
                    with self.subTest(str(field), value=value):
                        try:
                            with self.env.cr.savepoint():
                                model.create({field.name: value})
                        except UserError as error:
                            self.assertIn(label, str(error))
                        else:
                            self.fail("accepted")
        self.assertGreater(checked, 40)

    def _is_given(self, model_name):
        """Whether somebody may write records of a model."""
        return self.env["ir.model.access"].search_count(
            [
                *[("model_id.model", "=", model_name), "|"],
                *[("perm_create", "=", True), ("perm_write", "=", True)],
            ],
            limit=1,
        )
