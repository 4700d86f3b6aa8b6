from collections import defaultdict
from io import BytesIO
from random import Random

import openpyxl

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ...tools.attribution import MODELS, get_weights, share_out
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

    def test_all_amounts_are_shared_out_to_the_cent(self):
        """Also weighted and lost ones, and quotations; against plain Python."""
        random = Random(17)
        names = {
            "created_amount": "expected_revenue",
            "pipeline_amount": "expected_revenue",
            "weighted_amount": "prorated_revenue",
        }
        deals = self.env["crm.lead"]
        for _number in range(30):
            deal = self._new_opportunity(
                self.env["sales.campaign"],
                random.choice([0, 0.01, 0.02, random.randrange(99999) / 100]),
                probability=random.randrange(1, 99),
            )
            linked = random.sample(self.campaigns.ids, random.randrange(1, 4))
            deal.write(
                {
                    "sales_campaign_ids": linked,
                    "campaign_id": random.choice(
                        [False, *self.campaigns.utm_campaign_id.ids]
                    ),
                    "date_start": "2026-11-10 10:00:00",
                }
            )
            self._new_order(deal, random.randrange(99999) / 100)
            deals |= deal
        codes = [*names, "won_amount", "quotation_amount"]
        for model in MODELS:
            self.company.campaign_attribution = model
            self.env.flush_all()
            found = self._get_figures("campaign", *codes)
            total = self._get_figures(None, *codes)[False]
            for code, rank in zip(codes, range(len(codes)), strict=True):
                parts = sum(round(100 * values[rank]) for values in found.values())
                self.assertEqual(parts, round(100 * total[rank]), (model, code))
            expected = defaultdict(int)
            for deal in deals:
                linked = deal.sales_campaign_ids
                main = linked.filtered(
                    lambda each, deal=deal: each.utm_campaign_id == deal.campaign_id
                )
                weights = get_weights(
                    model, [(each.date_start, each.id) for each in linked], main.id
                )
                for code in ("pipeline_amount", "weighted_amount"):
                    cents = round(100 * deal[names[code]])
                    for number, part in share_out(cents, weights, 0).items():
                        expected[number, code] += part
            for (number, code), cents in expected.items():
                value = found.get(number, [0] * len(codes))[codes.index(code)]
                self.assertEqual(round(100 * value), cents, (model, code))

    def _new_order(self, deal, amount):
        product = self.env["product.product"].create({"name": "Part"})
        self.env["sale.order"].create(
            {
                "partner_id": self.manager.partner_id.id,
                "opportunity_id": deal.id,
                "company_id": self.company.id,
                "user_id": self.manager.id,
                "state": "sent",
                "date_order": "2026-11-10 10:00:00",
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": amount,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )

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
