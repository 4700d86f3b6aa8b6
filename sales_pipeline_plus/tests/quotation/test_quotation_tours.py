from odoo.fields import Command
from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestQuotationTours(TourCase):
    """The banner of the main quotation, and the offer to win, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.quotation_policy = "offer"
        cls.product = cls.env["product.product"].create(
            {"name": "Tour lathe", "taxes_id": False}
        )
        cls.customer = cls.env["res.partner"].create({"name": "Tour workshop"})

    def _new_quotation(self, deal, price):
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "opportunity_id": deal.id,
                "user_id": self.salesperson.id,
                "validity_date": "2199-01-31",
                "order_line": [
                    Command.create({"product_id": self.product.id, "price_unit": price})
                ],
            }
        )

    def test_main_quotation(self):
        deal = self._create_deal(partner_id=self.customer.id)
        self._new_quotation(deal, 1000)
        second = self._new_quotation(deal, 2000)
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_main_quotation",
            login="tour_salesperson",
        )
        self.assertEqual(deal.expected_revenue, 1000)
        self.assertEqual(str(deal.date_deadline), "2199-01-31")
        self.assertEqual(deal.chosen_quotation_id, second)

    def test_won_offer(self):
        deal = self._create_deal(partner_id=self.customer.id, expected_revenue=0)
        won = self.equipment.pipeline_stage_ids.filtered("is_won")
        won.requirement_ids = [Command.create({"field_name": "expected_revenue"})]
        order = self._new_quotation(deal, 1000)
        self.start_tour(
            f"/odoo/sale.order/{order.id}",
            "sales_pipeline_plus_won_offer",
            login="tour_salesperson",
        )
        self.assertEqual(order.state, "sale")
        self.assertEqual(deal.won_status, "won")
        self.assertEqual(deal.expected_revenue, 1000)
