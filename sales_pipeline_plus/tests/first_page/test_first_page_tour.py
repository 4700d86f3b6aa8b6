from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestFirstPageTour(TourCase):
    def test_first_page(self):
        """Done, planned and won from the page; its numbers follow."""
        today = fields.Date.today()
        due = self._create_deal(name="Due for a tour")
        due.activity_schedule(
            "mail.mail_activity_data_todo",
            summary="Send the drawing",
            user_id=self.salesperson.id,
            date_deadline=today,
        )
        closing = self._create_deal(name="Closing for a tour", date_deadline=today)
        closing.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.salesperson.id,
            date_deadline=today + timedelta(days=40),
        )
        bare = self._create_deal(name="Bare for a tour")
        self.start_tour(
            "/odoo/my-day", "sales_pipeline_plus_first_page", login="tour_salesperson"
        )
        self.assertEqual(closing.won_status, "won")
        self.assertEqual(bare.activity_ids.summary, "Ring the buyer")
        self.assertFalse(due.activity_ids)
        self.assertEqual(self.salesperson.action_id.name, "My Day")
