from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestOutlookTour(TourCase):
    """What Will Come in the browser, as a salesperson with own documents only."""

    def test_outlook(self):
        self.env["crm.forecast.snapshot"].search([]).sudo().unlink()
        leads = self.env["crm.lead"].with_context(active_test=False)
        leads.search([("user_id", "=", False)]).user_id = self.env.ref(
            "base.user_admin"
        )
        today = fields.Date.today()
        monday = today - timedelta(days=today.weekday(), weeks=14)
        start = fields.Datetime.to_datetime(monday) - timedelta(days=9)
        won, lasting = (
            self._create_deal(date_start=start, name=name)
            for name in ("Won", "Lathe for a tour")
        )
        self.env.flush_all()
        self.env["crm.forecast.snapshot"].sudo().create(
            [
                {
                    "date": monday,
                    "lead_id": deal.id,
                    "amount": 50000,
                    "weighted_amount": 10000,
                    "probability": 20,
                    "stage_id": self.study.id,
                    "pipeline_id": self.equipment.id,
                    "user_id": self.salesperson.id,
                    "company_id": deal.company_id.id,
                }
                for deal in won + lasting
            ]
        )
        won.action_set_won()
        won.date_closed = fields.Datetime.to_datetime(monday) + timedelta(days=20)
        self.start_tour(
            "/odoo/what-will-come",
            "sales_pipeline_plus_outlook",
            login="tour_salesperson",
        )
