from odoo import fields
from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestTargetTours(TourCase):
    def test_targets(self):
        """From the flash figures to the targets and their arithmetic, as a salesperson
        who sees his or her own documents."""
        company = self.salesperson.company_id
        company.fiscalyear_last_month = "12"
        today = fields.Date.context_today(self.salesperson)
        # Every day is a working day: the test does not depend on the one it runs on.
        company.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "All days",
                "attendance_ids": [
                    (
                        0,
                        0,
                        {
                            "name": str(day),
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 17,
                            "day_period": "morning",
                        },
                    )
                    for day in range(7)
                ],
            }
        )
        self.env["crm.target"].create(
            {
                "user_id": self.salesperson.id,
                "company_id": company.id,
                "date_start": today.replace(day=1),
                "value": 200000,
            }
        )
        self._create_deal(date_deadline=today)
        self.start_tour(
            "/odoo/flash-figures",
            "sales_pipeline_plus_targets",
            login="tour_salesperson",
        )
