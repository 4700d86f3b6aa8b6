from datetime import datetime, timedelta

from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from ...kpi.catalogue import KPIS
from .test_figures_equal_lists import AMOUNTS, YEAR
from .test_kpi import KpiCase

CODES = [kpi.code for kpi in KPIS if kpi.unit == "amount" and "cost" not in kpi.code]
CODES.remove("average_basket")
DECEMBER = {"start": "2026-11-01", "end": "2026-12-31"}


@tagged("post_install", "-at_install")
class TestExactParts(KpiCase):
    """The parts of an amount add up to it, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.products |= cls.env["product.product"].create(
            [
                {"name": f"Part {number}", "categ_id": cls.categories[number % 2].id}
                for number in range(5)
            ]
        )
        for deal in cls.deals[:40]:
            deal.product_line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": cls.random.choice([0, 1, 1, 3, 7.77, -2]),
                        }
                    )
                    for product in cls.products
                    if cls.random.random() < 0.7
                ),
            ]
        cls._make_quotations(60)
        cls.env.flush_all()

    @classmethod
    def _make_quotations(cls, count):
        """Quotations in the currency of the other company."""
        pricelists = cls.env["product.pricelist"].create(
            [
                {"name": company.name, "company_id": company.id, "currency_id": other}
                for company, other in (
                    (cls.company, cls.currency.id),
                    (cls.other_company, cls.company.currency_id.id),
                )
            ]
        )
        pricelist_of = {each.company_id: each for each in pricelists}
        for deal in cls.deals[:count]:
            cls.env["sale.order"].create(
                {
                    "partner_id": cls.contacts[0].id,
                    "opportunity_id": deal.id,
                    "company_id": deal.company_id.id,
                    "pricelist_id": pricelist_of[deal.company_id].id,
                    "user_id": deal.user_id.id,
                    "state": "sent",
                    "date_order": datetime(2026, 1, 10)
                    + timedelta(days=cls.random.randrange(320)),
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.products[0].id,
                                "price_unit": cls.random.randrange(100000) / 100,
                                "tax_ids": False,
                            }
                        )
                    ],
                }
            )

    def _get_values(self, user, period, breakdown=None):
        kpi = (
            self.env["crm.kpi"]
            .with_user(user)
            .with_context(tz="Europe/Paris", allowed_company_ids=user.company_ids.ids)
        )
        answer = kpi.get_figures({"period": period}, CODES, breakdown)
        return {
            code: sum(round(100 * (cell["value"] or 0)) for cell in cells)
            for code, cells in answer["values"].items()
        }

    def test_breakdowns(self):
        for user in (self.boss, self.foreigner, self.manager):
            user.company_ids = self.company | self.other_company
            for period in (YEAR, DECEMBER):
                total = self._get_values(user, period)
                self.assertTrue(total["pipeline_amount"])
                for breakdown in (
                    "product",
                    "product_category",
                    "salesperson",
                    "month",
                    "quarter",
                    "customer",
                ):
                    with self.subTest(user=user.login, by=breakdown, **period):
                        self.assertEqual(
                            self._get_values(user, period, breakdown), total
                        )

    def test_lists_show_the_amount(self):
        """What adds up to an amount has a column with its sum in the list behind it."""
        kpi = self.env["crm.kpi"].with_user(self.salesman)
        for code, fname in AMOUNTS.items():
            action = kpi.open_records(code, {"period": YEAR})
            view_id, _kind = action["views"][0]
            leads = kpi.env[action["res_model"]]
            arch = etree.fromstring(leads.get_view(view_id or None, "list")["arch"])
            (column,) = arch.findall(f"field[@name='{fname}']")
            self.assertTrue(column.get("sum"), code)
            self.assertEqual(column.get("optional"), "show", code)

    def test_shares(self):
        """Each part is the exact share, less or more than a cent of each deal."""
        deals = self.deals.filtered(
            lambda deal: deal.company_id == self.company and deal.product_line_ids
        )
        for deal in deals:
            kpi = self.env["crm.kpi"].with_user(self.boss)
            answer = kpi.get_figures(
                {"period": YEAR, "lead_ids": deal.ids}, ["created_amount"], "product"
            )
            values = answer["values"]["created_amount"]
            lines = deal.product_line_ids
            total = sum(lines.mapped("price_subtotal"))
            for key, cell in zip(answer["keys"], values, strict=True):
                own = lines.filtered(
                    lambda line, key=key: line.product_id.id == key["id"]
                )
                share = (
                    sum(own.mapped("price_subtotal")) / total
                    if total
                    else 1 / len(lines.product_id)
                )
                self.assertAlmostEqual(
                    cell["value"], deal.expected_revenue * share, delta=0.0101
                )

    def test_quotations_of_a_year_and_its_months(self):
        for user in (self.boss, self.foreigner):
            user.company_ids = self.company | self.other_company
            year = self._get_values(user, YEAR)["quotation_amount"]
            months = 0
            for month in range(1, 13):
                start = datetime(2026, month, 1)
                end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                period = {"start": str(start.date()), "end": str(end.date())}
                months += self._get_values(user, period)["quotation_amount"]
            self.assertTrue(year)
            self.assertEqual(year, months, user.login)
