from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestNextActionTours(TourCase):
    """A salesperson plans next actions without leaving the page.

    From the weekly review: the story of Monday morning.
    """

    def test_plan_from_kanban(self):
        deal = self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_plan_from_kanban", login="tour_salesperson"
        )
        self.assertEqual(deal.next_action_state, "planned")
