from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestNewCustomerMark(PipelineCase):
    """Whose first opportunity is won gets the tag of the company, on every way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Q. Customer"})
        cls.company.customer_category_id = cls.tag
        cls.morel = cls.env["res.partner"].create(
            {"name": "Q. Morel", "is_company": True}
        )
        cls.sylvie, cls.paul = cls.env["res.partner"].create(
            [{"name": name, "parent_id": cls.morel.id} for name in ("Sylvie", "Paul")]
        )

    def _win(self, **vals):
        deal = self._new_deal(self.equipment, **{"partner_id": self.sylvie.id, **vals})
        deal.action_set_won()
        return deal

    def assertMarked(self, partners=None):
        self.env.flush_all()
        marked = self.env["res.partner"].search([("category_id", "in", self.tag.ids)])
        self.assertEqual(marked, self.morel if partners is None else partners)

    def test_button(self):
        self.assertMarked(self.morel.browse())
        self._win()
        self.assertMarked()
        self.assertIn("Q. Customer", self.morel.message_ids[0].body)

    def test_tag_of_the_company(self):
        """The set-up knows at once whether any company marks."""
        self.company.customer_category_id = False
        self._win()
        self.assertMarked(self.morel.browse())
        self.company.customer_category_id = self.tag
        other = self.env["res.partner"].create({"name": "Q. Later"})
        self._win(partner_id=other.id)
        self.assertMarked(other)

    def test_never_taken_away(self):
        deal = self._win()
        deal.stage_id = self.offer
        self.assertMarked()
        deal.sudo().unlink()
        self.assertMarked()

    def test_first_only(self):
        """What a person has taken away stays so, when others are won."""
        self._win()
        self.morel.category_id = False
        self._win(partner_id=self.paul.id)
        self.assertMarked(self.morel.browse())

    def test_drag_creation_import(self):
        deal = self._new_deal(self.equipment, partner_id=self.paul.id)
        deal.stage_id = self.won
        self.assertMarked()
        other = self.env["res.partner"].create({"name": "Q. Other"})
        self._new_deal(self.equipment, self.won, partner_id=other.id)
        self.assertMarked((self.morel | other).sorted())
        third = self.env["res.partner"].create({"name": "Q. Third"})
        result = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .load(
                [
                    *("name", "type", "pipeline_id/.id", "stage_id/.id"),
                    *("partner_id/.id", "team_id/.id", "company_id/.id"),
                ],
                [
                    [
                        *("I", "opportunity", self.equipment.id, self.won.id),
                        *(third.id, self.equipment_team.id, self.company.id),
                    ]
                ],
            )
        )
        self.assertFalse(result["messages"])
        self.assertMarked((self.morel | other | third).sorted())

    def test_customer_given_later(self):
        deal = self._win(partner_id=False)
        self.assertMarked(self.morel.browse())
        deal.partner_id = self.sylvie
        self.assertMarked()

    def test_off(self):
        self.company.customer_category_id = False
        self._win()
        self.assertMarked(self.morel.browse())

    def test_other_company(self):
        """Each company has its own mark."""
        self.other_company.customer_category_id = False
        self._new_deal(
            user=self.foreigner,
            company_id=self.other_company.id,
            team_id=self.foreign_team.id,
            user_id=self.foreigner.id,
            stage_id=self.won.id,
            pipeline_id=self.equipment.id,
            partner_id=self.morel.id,
        )
        self.assertMarked(self.morel.browse())
        self._win()
        self.assertMarked()

    def test_settings(self):
        settings = self.env["crm.pipeline.settings"].with_user(self.manager)
        dialog = settings.create({})
        self.assertEqual(dialog.customer_category_id, self.tag)
        dialog.customer_category_id = False
        dialog.action_save()
        self.assertFalse(self.company.customer_category_id)

    def test_batch(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Q. {n}"} for n in range(20)]
        )
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment, partner_id=p.id) for p in partners]
        )
        deals.action_set_won()
        self.assertMarked(partners.sorted())
