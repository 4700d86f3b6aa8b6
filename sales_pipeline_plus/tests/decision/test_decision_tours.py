from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestDecisionTours(TourCase):
    def test_drag(self):
        today = fields.Date.today()
        deal = self._create_deal(date_deadline=today)
        late, undated = (
            self._create_deal(name="Late lathe", date_deadline=today - timedelta(9)),
            self._create_deal(name="Lathe without a date"),
        )
        self.start_tour(
            "/odoo/by-decision-date",
            "sales_pipeline_plus_decision_drag",
            login="tour_salesperson",
        )
        # The same day of the next month, or else its last one.
        self.assertEqual(deal.date_deadline, today + relativedelta(months=1))
        self.assertEqual(
            (deal.postponement_count, deal.first_decision_date), (1, today)
        )
        self.assertFalse(late.date_deadline)
        self.assertEqual(late.first_decision_date, today - timedelta(9))
        self.assertFalse(undated.date_deadline)
