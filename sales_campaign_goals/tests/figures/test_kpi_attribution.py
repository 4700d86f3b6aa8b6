from io import BytesIO

import openpyxl

from odoo.tests import freeze_time, tagged

from ..common import SalesCampaignCase


@tagged("post_install", "-at_install")
class TestAttributionFigures(SalesCampaignCase):
    """Page, figures and workbook agree on deals of several campaigns."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-21 10:00:00"))
        cls.campaigns = cls.env["sales.campaign"]
        for number in range(3):
            cls.campaigns |= cls._new_campaign(
                title=f"Fair {number}",
                date_start=f"2026-11-0{number + 2}",
                company_id=cls.company.id,
                real_cost=100,
            ).sudo(False)
        for amount, numbers in ((100, (0, 1, 2)), (10000, (1, 2)), (7.77, (2,))):
            deal = cls._new_opportunity(
                cls.env["sales.campaign"],
                amount,
                "won",
                campaign_id=False,
                date_closed="2026-11-10 10:00:00",
            )
            for number in numbers:
                deal._link_campaigns(cls.campaigns[number])

    def _get_figures(self, breakdown, *codes):
        kpi = self.env["crm.kpi"].with_user(self.manager)
        answer = kpi.get_figures({"period": "this_month"}, list(codes), breakdown)
        return {
            key["id"]: [answer["values"][code][rank]["value"] for code in codes]
            for rank, key in enumerate(answer["keys"])
        }

    def test_figures_are_those_of_the_page(self):
        codes = ("won_amount", "won_count")
        for model in ("equal", "first", "last", "main"):
            self.company.campaign_attribution = model
            self.env.flush_all()
            self.campaigns.invalidate_recordset()
            attributed = self._get_figures("campaign", *codes)
            influenced = self._get_figures("campaign_influenced", *codes)
            for campaign in self.campaigns.with_user(self.manager):
                amount, _count = attributed.get(campaign.id, (0, 0))
                self.assertEqual(amount, campaign.attributed_won_revenue, model)
                self.assertEqual(
                    influenced[campaign.id], [campaign.won_revenue, campaign.won_count]
                )
            total = self._get_figures(None, *codes)[False]
            self.assertEqual(total, [10107.77, 3])
            self.assertEqual(
                round(sum(amount for amount, _count in attributed.values()), 2),
                total[0],
            )
            if model != "equal":
                self.assertEqual(
                    sum(count for _amount, count in attributed.values()), 3
                )

    def test_lists_are_as_long_as_the_figures(self):
        kpi = self.env["crm.kpi"].with_user(self.manager)
        for model in ("equal", "first"):
            self.company.campaign_attribution = model
            for breakdown in ("campaign", "campaign_influenced"):
                for key, (count,) in self._get_figures(breakdown, "won_count").items():
                    action = kpi.open_records(
                        "won_count", {"period": "this_month"}, breakdown, key
                    )
                    found = (
                        self.env["crm.lead"]
                        .with_user(self.manager)
                        .with_context(active_test=False)
                        .search_count(action["domain"])
                    )
                    self.assertEqual(found, count, (model, breakdown, key))

    def test_costs_by_campaign(self):
        figures = self._get_figures("campaign", "acquisition_cost", "won_count")
        self.assertEqual(set(figures), set(self.campaigns.ids))

    def test_workbook(self):
        target = BytesIO()
        workbook = self.env["crm.kpi.workbook"].with_user(self.manager)
        write = getattr(workbook, "_write_workbook", None) or workbook.write_workbook
        write(target, {"period": "this_month"})
        target.seek(0)
        sheet = openpyxl.load_workbook(target)["Campaigns"]
        self.assertIn("“Equal shares”", " ".join(str(c.value) for c in sheet["A"][:4]))
        *rows, total = sheet.iter_rows(5, 5 + len(self.campaigns), values_only=True)
        by_title = {row[0]: row for row in rows}
        for campaign in self.campaigns.with_user(self.manager):
            row = by_title[campaign.title]
            self.assertEqual(row[10], campaign.won_revenue)
            self.assertEqual(row[15], campaign.made_revenue)
            self.assertEqual(row[16], campaign.attributed_won_revenue)
            self.assertEqual(row[17], campaign.attributed_revenue)
        self.assertEqual(total[0], "Total, everything once")
        self.assertEqual(total[6:8], (3, 3))
        self.assertEqual((total[10], total[15], total[17]), (10107.77,) * 3)
        self.assertEqual(total[11], 300)
