from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestNextActionPolicyTours(TourCase):
    """The next action is asked for in the browser, where the user moves the deal."""

    def test_plan_on_drag(self):
        self.equipment.next_action_policy = "block"
        deal = self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_plan_on_drag", login="tour_salesperson"
        )
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual(deal.activity_ids.summary, "Call them back")

    def test_plan_in_form_and_after_done(self):
        self.equipment.next_action_policy = "block"
        deal = self._create_deal()
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_plan_in_form",
            login="tour_salesperson",
        )
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual(deal.activity_ids.summary, "Send the plan")

    def test_warn_on_drag(self):
        deal = self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_warn_on_drag", login="tour_salesperson"
        )
        self.assertEqual(deal.stage_id, self.offer)
        self.assertTrue(deal.activity_ids)
