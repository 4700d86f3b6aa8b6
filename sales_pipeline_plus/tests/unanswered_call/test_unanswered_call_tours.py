from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestUnansweredCallTours(TourCase):
    """Calls that nobody answers, up to the last one, in the browser."""

    def test_until_it_sleeps(self):
        self.equipment.call_cadence = "1"
        reason = self.env["crm.hold.reason"].create({"name": "Tour reason"})
        deal = self._create_deal()
        deal.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Call for a tour",
            user_id=self.salesperson.id,
        )
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_unanswered_call",
            login="tour_salesperson",
        )
        self.assertEqual(deal.deal_status, "hold")
        self.assertEqual(deal.hold_reason_id, reason)
        self.assertEqual(str(deal.date_wake_up), "2199-01-31")
        self.assertEqual(deal.unanswered_call_ids.mapped("number"), [2, 1])
