from odoo.tests import tagged

from ..common_links import CampaignLinkCase


@tagged("post_install", "-at_install")
class TestHiddenSources(CampaignLinkCase):
    """Who names a record by its number learns nothing of its campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden = cls._new_deal(cls.colleague)
        cls.hidden._link_campaigns(cls.campaign)
        cls.own = cls._new_deal()
        cls.own._link_campaigns(cls.phoning)

    def _new_quotation(self, user, deal):
        return (
            self.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "user_id": user.id,
                    "opportunity_id": deal.id,
                }
            )
        )

    def test_quotation(self):
        nothing = self.env["sales.campaign"]
        self.assertLinks(self._new_quotation(self.salesman, self.hidden), nothing)
        self.assertLinks(self._new_quotation(self.salesman, self.own), self.phoning)
        self.assertLinks(
            self._new_quotation(self.all_documents, self.hidden), self.campaign
        )

    def test_named_afterwards(self):
        order = self._new_quotation(self.salesman, self.own)
        order.opportunity_id = self.hidden
        self.assertLinks(order, self.env["sales.campaign"])
        order.opportunity_id = self.own
        self.assertLinks(order, self.phoning)

    def test_what_a_program_makes_takes_them_over(self):
        order = self._new_quotation(self.all_documents, self.hidden)
        self.assertLinks(order, self.campaign)
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .sudo()
            .create({"partner_id": self.partner.id, "opportunity_id": self.hidden.id})
        )
        self.assertLinks(order, self.campaign)
