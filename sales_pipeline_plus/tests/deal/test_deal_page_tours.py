from odoo.tests import new_test_user, tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestDealPageTours(TourCase):
    """The deal's page and its dialogs in the browser."""

    def _start(self, tour, deal, login="tour_salesperson"):
        self.start_tour(f"/odoo/crm.lead/{deal.id}", tour, login=login)

    def test_contacts(self):
        company, other = self.env["res.partner"].create(
            [{"name": "Tour workshop", "is_company": True}, {"name": "Tour other"}]
        )
        buyer, director = self.env["res.partner"].create(
            [
                {"name": name, "parent_id": company.id}
                for name in ("Tour buyer", "Tour director")
            ]
        )
        deal = self._create_deal(partner_id=buyer.id)
        self._start("sales_pipeline_plus_contacts", deal)
        self.assertEqual(deal.partner_id, director)
        self.assertEqual(
            deal.contact_ids.filtered("is_primary").role_ids.name, "Decision-maker"
        )
        self.assertNotIn(other, deal.contact_ids.partner_id)

    def test_products(self):
        self.env["product.product"].create({"name": "Tour spindle", "list_price": 1200})
        deal = self._create_deal()
        self._start("sales_pipeline_plus_products", deal)
        self.assertEqual(deal.expected_revenue, 3600)

    def test_move(self):
        deal = self._create_deal(stage_id=self.offer.id)
        self._start("sales_pipeline_plus_move", deal)
        self.assertEqual(deal.pipeline_id, self.consumables)
        self.assertEqual((deal.stage_id, deal.probability), (self.offer, 60))

    def test_override(self):
        new_test_user(self.env, "tour_manager", groups="sales_team.group_sale_manager")
        deal = self._create_deal(expected_revenue=0)
        self._require_revenue_in_offer()
        self._start("sales_pipeline_plus_override", deal, login="tour_manager")
        self.assertEqual(deal.stage_id, self.offer)
        self.assertIn(
            "The amount comes next week", "".join(deal.message_ids.mapped("body"))
        )
