import doctest
import random
from datetime import date, timedelta

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ...models.company import conversion


@tagged("post_install", "-at_install")
class TestConversion(TransactionCase):
    """From several currencies into one, as Odoo converts a single amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rng = cls.random = random.Random(17)
        cls.start = date(2025, 1, 1)
        currencies = cls.env["res.currency"].create(
            [
                {"name": name, "symbol": name, "rounding": rounding}
                for name, rounding in (("TCA", 0.01), ("TCB", 0.05), ("TCC", 1))
            ]
        )
        cls.companies = cls.env["res.company"].create(
            [
                {"name": f"Converted {number}", "currency_id": currency.id}
                for number, currency in enumerate([*currencies, currencies[0]])
            ]
        )
        # The last currency has no rate of all companies, the first has both.
        cls.env["res.currency.rate"].create(
            [
                {
                    "name": cls.start + timedelta(days=day),
                    "currency_id": currency.id,
                    "company_id": company_id,
                    "rate": rng.randrange(10, 400) / 100,
                }
                for currency, company_id, count in (
                    (currencies[0], False, 5),
                    (currencies[0], cls.companies[0].id, 3),
                    (currencies[1], False, 7),
                    (currencies[2], cls.companies[1].id, 2),
                )
                for day in rng.sample(range(300), count)
            ]
        )

    def test_as_odoo(self):
        """Each company's own rates, the shared ones, before the first and without any;
        in Python and in SQL."""
        for company in self.companies:
            found = company._get_conversion(self.companies)
            for _number in range(60):
                other = self.random.choice(self.companies)
                day = self.start + timedelta(days=self.random.randrange(-50, 350))
                amount = self.random.randrange(10**7) / 100
                expected = other.currency_id._convert(
                    amount, company.currency_id, company, day
                )
                converted = company.currency_id.round(
                    found.convert(amount, other.id, day)
                )
                if other.currency_id == company.currency_id:
                    expected = company.currency_id.round(amount)
                place = f"{company.name} {other.name} {day}"
                self.assertAlmostEqual(converted, expected, places=6, msg=place)
                [[value]] = self.env.execute_query(
                    SQL(
                        "SELECT %s",
                        found.get_sql(
                            SQL("%s::numeric", amount),
                            SQL("%s", other.id),
                            SQL("%s::date", day),
                        ),
                    )
                )
                if other.currency_id != company.currency_id:
                    # A half of the last digit may go either way.
                    delta = company.currency_id.rounding * 1.01
                    self.assertAlmostEqual(value, expected, delta=delta, msg=place)

    def test_one_currency(self):
        """Nothing is asked of the database where there is nothing to convert."""
        same = self.companies[0] | self.companies[3]
        same.mapped("currency_id.name")
        with self.assertQueryCount(0):
            found = self.companies[0]._get_conversion(same)
        self.assertFalse(found.steps)
        self.assertEqual(found.convert(12.345, self.companies[3].id, None), 12.345)

    def test_doctests(self):
        self.assertEqual(doctest.testmod(conversion).failed, 0)
