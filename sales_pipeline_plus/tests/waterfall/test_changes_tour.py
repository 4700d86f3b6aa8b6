from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestChangesTour(TourCase):
    """What Changed in the browser, as a salesperson with own documents only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.snapshots = cls.env["crm.forecast.snapshot"]
        cls.snapshots.search([]).sudo().unlink()
        leads = cls.env["crm.lead"].with_context(active_test=False)
        leads.search([("user_id", "=", False)]).user_id = cls.env.ref("base.user_admin")

    def test_changes(self):
        today = fields.Date.today()
        monday = today - timedelta(days=today.weekday() or 7)
        before = fields.Datetime.now() - timedelta(days=30)
        last_day = today.replace(month=12, day=31)
        self.salesperson.company_id.fiscalyear_last_month = "12"
        more, pushed, won = (
            self._create_deal(date_start=before, name=name, date_deadline=last_day)
            for name in ("Lathe for a tour", "Pushed", "Won")
        )
        new = self._create_deal(name="New")
        self.env.flush_all()
        for deal in more + pushed + won:
            self.snapshots.sudo().create(
                {
                    "date": monday,
                    "lead_id": deal.id,
                    "amount": 50000,
                    "weighted_amount": 10000,
                    "probability": deal.probability,
                    "date_deadline": last_day,
                    "stage_id": deal.stage_id.id,
                    "pipeline_id": deal.pipeline_id.id,
                    "user_id": self.salesperson.id,
                    "company_id": deal.company_id.id,
                }
            )
        more.expected_revenue = 60000
        pushed.date_deadline = last_day + relativedelta(days=20)
        won.action_set_won()
        self.assertTrue(new)
        self.start_tour(
            "/odoo/what-changed",
            "sales_pipeline_plus_what_changed",
            login="tour_salesperson",
        )

    def test_empty(self):
        self.start_tour(
            "/odoo/what-changed",
            "sales_pipeline_plus_what_changed_empty",
            login="tour_salesperson",
        )
