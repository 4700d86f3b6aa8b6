from io import BytesIO

import openpyxl

from odoo.tests import freeze_time, tagged

from ..common import SalesCampaignCase


@tagged("post_install", "-at_install")
class TestCampaignFigures(SalesCampaignCase):
    """Campaigns in the figures and in the workbook."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-21 10:00:00"))
        cls.show = cls._new_campaign(
            title="=Fair 2026",
            date_start="2026-11-02",
            date_end="2026-11-06",
            real_cost=4000,
            expected_revenue=30000,
            company_id=cls.company.id,
            user_id=cls.salesman.id,
        )
        cls.old = cls._new_campaign(
            title="Last year",
            date_start="2025-11-02",
            date_end="2025-11-06",
            real_cost=1000,
            company_id=cls.company.id,
        )
        for number in range(2):
            cls._new_opportunity(
                cls.show,
                5000,
                "won",
                user_id=cls.salesman.id,
                partner_id=cls.env["res.partner"].create({"name": f"C{number}"}).id,
                date_closed="2026-11-10 10:00:00",
            )
        cls.env["sales.campaign.goal"].with_user(cls.salesman).create(
            {
                "name": "Visitors",
                "campaign_id": cls.show.id,
                "counting": "manual",
                "target": 50,
            }
        )

    def _get_cost(self, breakdown=None, **filters):
        kpi = self.env["crm.kpi"].with_user(self.manager)
        answer = kpi.get_figures(
            {"period": "this_month", **filters}, ["acquisition_cost"], breakdown
        )
        return answer["values"]["acquisition_cost"][0]["value"]

    def test_acquisition_cost(self):
        """The campaign began in the month and brought two customers."""
        self.assertEqual(self._get_cost(), 2000)
        self.assertEqual(self._get_cost(user_ids=self.salesman.ids), 2000)
        self.assertEqual(
            self._get_cost(campaign_ids=self.show.utm_campaign_id.ids), 2000
        )
        pipelines = self.env["crm.pipeline"].search([]).ids
        self.assertIsNone(self._get_cost(pipeline_ids=pipelines), "nobody knows")

    def test_acquisition_cost_by_salesperson(self):
        kpi = self.env["crm.kpi"].with_user(self.manager)
        answer = kpi.get_figures(
            {"period": "this_month"}, ["acquisition_cost"], "salesperson"
        )
        ids = [key["id"] for key in answer["keys"]]
        cell = answer["values"]["acquisition_cost"][ids.index(self.salesman.id)]
        self.assertEqual(cell["value"], 2000)

    def test_sheets(self):
        target = BytesIO()
        self.env["crm.kpi.workbook"].with_user(self.manager)._write_workbook(
            target, {"period": "this_month", "user_ids": self.salesman.ids}
        )
        target.seek(0)
        book = openpyxl.load_workbook(target)
        (row,) = book["Campaigns"].iter_rows(5, 5, values_only=True)
        self.assertEqual(row[0], "=Fair 2026")
        self.assertEqual(row[6:8], (2, 2))
        self.assertEqual(row[10:13], (10000, 4000, 1.5))
        self.assertEqual(row[15:19], (10000, 10000, 10000, "Equal shares"))
        (row,) = book["Campaign Goals"].iter_rows(5, 5, values_only=True)
        self.assertEqual(row[:6], ("=Fair 2026", "Visitors", "", 50, 0, 0))
        titles = {row[0] for row in book["Campaigns"].iter_rows(5, values_only=True)}
        self.assertNotIn("Last year", titles)
