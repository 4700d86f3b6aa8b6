from odoo.fields import Command
from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestTours(TourCase):
    """What a salesperson with own documents only does in the browser."""

    def test_create_deal(self):
        self.start_tour(
            "/odoo", "sales_pipeline_plus_create_deal", login="tour_salesperson"
        )
        deal = self._get_deal()
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual((deal.probability, deal.probability_source), (70, "stage"))
        self.assertEqual(deal.user_id, self.salesperson)

    def test_drag_deal(self):
        deal = self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_drag_deal", login="tour_salesperson"
        )
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual((deal.probability, deal.probability_source), (70, "stage"))
        self.assertEqual(deal.prorated_revenue, 35000)

    def test_own_probability(self):
        deal = self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_own_probability", login="tour_salesperson"
        )
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual((deal.probability, deal.probability_source), (70, "stage"))

    def test_new_attempt(self):
        self.equipment.reopening_policy = "forbidden"
        deal = self._create_deal(stage_id=self.offer.id)
        deal.action_set_lost()
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_new_attempt",
            login="tour_salesperson",
        )
        attempt = deal.attempt_ids
        self.assertEqual((deal.won_status, deal.stage_id), ("lost", self.offer))
        self.assertEqual(
            (attempt.stage_id, attempt.expected_revenue), (self.study, 50000)
        )
        self.assertEqual(attempt.user_id, self.salesperson)

    def test_required_fields_on_drag(self):
        deal = self._create_deal(expected_revenue=0)
        self._require_revenue_in_offer()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_required_on_drag", login="tour_salesperson"
        )
        self.assertEqual((deal.stage_id, deal.expected_revenue), (self.offer, 50000))

    def test_required_fields_in_form(self):
        start = self.equipment.stage_ids[1]
        deal = self._create_deal(expected_revenue=0, stage_id=start.id)
        self._require_revenue_in_offer()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_required_in_form", login="tour_salesperson"
        )
        self.assertEqual((deal.stage_id, deal.expected_revenue), (self.offer, 50000))

    def test_required_fields_on_won(self):
        deal = self._create_deal(expected_revenue=0, date_deadline=False)
        line = self.equipment.pipeline_stage_ids[-1]
        line.requirement_ids = [
            Command.create({"field_name": name})
            for name in ("expected_revenue", "date_deadline")
        ]
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_required_on_won",
            login="tour_salesperson",
        )
        self.assertEqual((deal.won_status, deal.expected_revenue), ("won", 50000))
        self.assertTrue(deal.date_deadline)

    def test_required_fields_in_list(self):
        deals = self._create_deal(expected_revenue=0)
        deals += self._create_deal(name="Mill for a tour", expected_revenue=0)
        self._require_revenue_in_offer()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_required_in_list", login="tour_salesperson"
        )
        self.assertEqual(deals.stage_id, self.offer)
        self.assertEqual(sorted(deals.mapped("expected_revenue")), [50000, 60000])

    def test_fitting_actions(self):
        self._create_deal()
        self.start_tour(
            "/odoo", "sales_pipeline_plus_fitting_actions", login="tour_salesperson"
        )
