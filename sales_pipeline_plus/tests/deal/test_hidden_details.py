from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestHiddenDetails(PipelineCase):
    """No error tells what a deal has that the user may not write."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        question = cls.env["crm.pipeline.question"].create(
            {"pipeline_id": cls.equipment.id, "name": "A budget?"}
        )
        known, other = cls.env["res.partner"].create([{"name": "A"}, {"name": "B"}])
        product = cls.env["product.product"].create({"name": "Lathe"})
        cls.deal = cls._new_deal(cls.equipment)
        cls.own = cls._new_deal(cls.equipment, user_id=cls.colleague.id)
        # of each model: what the deal has already, or what is wrong with it
        cls.details = {
            "crm.lead.contact": [{"partner_id": known.id}, {"partner_id": other.id}],
            "crm.lead.answer": [{"question_id": question.id}],
            "crm.lead.product": [{"product_id": product.id, "discount": 500}],
        }
        cls.env["crm.lead.contact"].create(
            {"lead_id": cls.deal.id, "partner_id": known.id}
        )
        cls.env["crm.lead.answer"].create(
            {"lead_id": cls.deal.id, "question_id": question.id}
        )
        cls.env.flush_all()

    @mute_logger("odoo.sql_db")
    def test_access_comes_first(self):
        for model, details in self.details.items():
            lines = self.env[model].with_user(self.colleague)
            for detail in details:
                with self.subTest(model), self.assertRaises(AccessError):
                    lines.create({**detail, "lead_id": self.deal.id})
                by_default = lines.with_context(default_lead_id=self.deal.id)
                with self.subTest(model, by="default"), self.assertRaises(AccessError):
                    by_default.create(detail)
                good = {name: value for name, value in detail.items() if value != 500}
                own = lines.create({**good, "lead_id": self.own.id})
                with self.subTest(model, by="write"), self.assertRaises(AccessError):
                    own.write({**detail, "lead_id": self.deal.id})

    def test_with_the_deal(self):
        """A deal is created with its parts, and each may be written with it."""
        partner = self.env["res.partner"].create({"name": "C"})
        deal = (
            self.env["crm.lead"]
            .with_user(self.colleague)
            .create(
                {
                    "name": "New",
                    "type": "opportunity",
                    "contact_ids": [(0, 0, {"partner_id": partner.id})],
                }
            )
        )
        self.assertEqual(deal.contact_ids.partner_id, partner)
