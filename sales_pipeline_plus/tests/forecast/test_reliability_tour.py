from datetime import datetime, time

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from ...kpi.forecast_arithmetic import get_forecast_week
from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestReliabilityTour(TourCase):
    """Forecast reliability in the browser, as a salesperson with own documents."""

    def test_reliability(self):
        month = fields.Date.today().replace(day=1) - relativedelta(months=1)
        deal = self._create_deal()
        deal.action_set_won()
        deal.date_closed = datetime.combine(month.replace(day=15), time(12))
        self.env["crm.forecast.snapshot"].create(
            {
                "lead_id": deal.id,
                "date": get_forecast_week(month, 4),
                "amount": 100000,
                "weighted_amount": 65000,
                "probability": 65,
                "date_deadline": month.replace(day=15),
                "stage_id": self.offer.id,
                "pipeline_id": self.equipment.id,
                "user_id": self.salesperson.id,
                "company_id": deal.company_id.id or self.env.company.id,
            }
        )
        self.env.flush_all()
        self.start_tour(
            "/odoo/forecast-reliability",
            "sales_pipeline_plus_forecast_reliability",
            login="tour_salesperson",
        )
