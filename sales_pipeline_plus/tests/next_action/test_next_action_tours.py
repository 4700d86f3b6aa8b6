from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestNextActionTours(TourCase):
    """A salesperson plans next actions without leaving the page."""

    def test_plan_from_review(self):
        deal = self._create_deal()
        other = self._create_deal(name="Mill for a tour", expected_revenue=100)
        self.start_tour(
            "/odoo", "sales_pipeline_plus_plan_from_review", login="tour_salesperson"
        )
        self.assertEqual(deal.activity_ids.summary, "Call them back")
        self.assertEqual(deal.activity_ids.user_id, self.salesperson)
        self.assertTrue(other.activity_ids)

    def test_plan_from_kanban(self):
        deal = self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_plan_from_kanban", login="tour_salesperson"
        )
        self.assertEqual(deal.next_action_state, "planned")
