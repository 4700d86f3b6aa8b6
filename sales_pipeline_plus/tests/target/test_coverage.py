from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...kpi.catalogue.coverage import MEASURES
from ...kpi.coverage import FEWEST_CLOSED
from .test_target import TargetCase


@tagged("post_install", "-at_install")
class TestCoverage(TargetCase):
    """Is there enough in the pipeline? Recounted from the deals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls._set(30000, cls.salesman)
        cls.deals = cls.env["crm.lead"]
        # Of eight won and four lost in the last 12 months, 60 % by amount.
        for number in range(8):
            deal = cls._win(3000, date_start=datetime(2026, 4, 1, 12))
            deal.date_closed = datetime(2026, 5, 1 + number, 12)
            cls.deals |= deal
        for _ in range(4):
            deal = cls._new_deal(cls.equipment, expected_revenue=4000).sudo()
            deal.action_set_lost()
            deal.date_closed = datetime(2026, 6, 1, 12)
            cls.deals |= deal
        cls._win(6000, date_start=datetime(2026, 9, 11, 12))
        for day in (date(2026, 11, 5), date(2026, 11, 30)):
            cls._new_deal(cls.equipment, expected_revenue=9000, date_deadline=day)
        cls._new_deal(
            cls.equipment, expected_revenue=50000, date_deadline=date(2026, 12, 1)
        )

    def _get(self, user=None, breakdown=None, key=False, **filters):
        engine = self.env["crm.kpi"].with_user(user or self.manager)
        answer = engine.with_company(self.company).get_coverage(
            {"period": "this_month", **filters}, breakdown
        )
        ids = [each["id"] for each in answer["keys"]]
        return answer["rows"][ids.index(key)]

    def test_arithmetic(self):
        row = self._get()
        won, lost = 8 * 3000 + 6000, 4 * 4000
        rate = 100 * won / (won + lost)
        values = {code: cell["value"] for code, cell in row.items() if code != "levers"}
        self.assertEqual(values["target"], 30000)
        self.assertEqual(values["made"], 6000)
        self.assertEqual(values["missing"], 24000)
        self.assertEqual(values["deciding"], 18000)
        self.assertAlmostEqual(values["coverage"], 18000 / 24000)
        self.assertAlmostEqual(values["win_rate_amount"], rate)
        self.assertAlmostEqual(values["needed"], round(24000 / rate * 100, 2))
        self.assertAlmostEqual(
            values["to_create"], round(24000 / rate * 100, 2) - 18000, 2
        )
        cycles = sorted([30 + number for number in range(8)] + [60])
        cycle = cycles[4]
        self.assertEqual(
            values["create_by"],
            date.fromordinal(date(2026, 11, 30).toordinal() - cycle).isoformat(),
        )
        self.assertAlmostEqual(
            values["velocity"], round(3 * 9 / 13 * round(won / 9, 2) / cycle * 30, 2), 2
        )
        self.assertEqual(
            [lever["code"] for lever in row["levers"]],
            ["open_count", "win_rate", "average_basket", "sales_cycle"],
        )
        for lever in row["levers"][:3]:
            self.assertAlmostEqual(lever["value"], values["velocity"] * 1.1, 1)

    def test_words(self):
        row = self._get()
        self.assertRegex(row["coverage"]["words"], "18,000.*24,000.*0.75")
        self.assertIn("of 13 closed", row["win_rate_amount"]["words"])
        self.assertIn("from now on is decided after", row["to_create"]["words"])

    def test_without_a_target(self):
        self.target.active = False
        row = self._get()
        for code in ("target", "missing", "coverage", "needed", "to_create"):
            self.assertIsNone(row[code]["value"], code)
            self.assertIn("no target", row[code]["words"])
        self.assertTrue(row["velocity"]["value"])
        row = self._get(breakdown="pipeline", key=self.equipment.id)
        self.assertIn("salespeople", row["coverage"]["words"])
        self.assertEqual(row["deciding"]["value"], 18000)

    def test_few_closed(self):
        self._set(100, self.colleague)
        self._win(10, self.spares)
        row = self._get(breakdown="salesperson", key=self.colleague.id)
        self.assertEqual(row["missing"]["value"], 90)
        for code in ("win_rate_amount", "needed", "to_create", "velocity"):
            self.assertIsNone(row[code]["value"], code)
            self.assertRegex(row[code]["words"], "12 months: 1.*10")
        self.assertEqual(row["levers"], [])

    def test_closed_without_amounts(self):
        self._set(100, self.colleague)
        for _index in range(FEWEST_CLOSED):
            self._win(0, self.spares)
        row = self._get(breakdown="salesperson", key=self.colleague.id)
        for code in ("win_rate_amount", "needed", "to_create", "velocity"):
            self.assertFalse(row[code]["value"], code)
            self.assertIn("no amount", row[code]["words"])

    def test_reached(self):
        self._win(40000)
        row = self._get()
        self.assertEqual(row["missing"]["value"], 0)
        self.assertIsNone(row["coverage"]["value"])
        self.assertIn("reached", row["coverage"]["words"])
        self.assertEqual(row["to_create"]["value"], 0)

    def test_over(self):
        row = self._get(period="last_month")
        self.assertIn("over", row["to_create"]["words"])

    def test_own_documents(self):
        self._new_deal(
            self.equipment,
            user=self.manager,
            user_id=False,
            expected_revenue=7,
            date_deadline=date(2026, 11, 30),
        )
        row = self._get(self.salesman)
        self.assertEqual(row["deciding"]["value"], 18000)
        self.assertEqual(row["target"]["value"], 30000)
        row = self._get(self.salesman, user_ids=self.colleague.ids)
        self.assertEqual(row["deciding"]["value"], 0)
        self.assertEqual(row["made"]["value"], 0)
        self.assertIsNone(row["target"]["value"])
        row = self._get(self.colleague)
        self.assertEqual(row["deciding"]["value"], 0)
        self.assertIsNone(row["target"]["value"])

    def test_records(self):
        engine = self.env["crm.kpi"].with_user(self.manager).with_company(self.company)
        counts = {
            "target": 1,
            "made": 1,
            "deciding": 2,
            "coverage": 2,
            "win_rate_amount": 13,
            "velocity": 3,
            "average_basket": 9,
            "sales_cycle": 9,
        }
        for code, count in counts.items():
            for breakdown, key in ((None, False), ("salesperson", self.salesman.id)):
                action = engine.open_coverage_records(
                    code, {"period": "this_month"}, breakdown, key
                )
                records = engine.env[action["res_model"]].with_context(
                    **action.get("context", {})
                )
                self.assertEqual(
                    records.search_count(action["domain"]), count, (code, breakdown)
                )

    def test_arguments(self):
        engine = self.env["crm.kpi"].with_user(self.manager)
        for breakdown in ("month", 5, "x", []):
            with self.assertRaises(UserError):
                engine.get_coverage({}, breakdown)
        for code in (5, "x", None, []):
            with self.assertRaises(UserError):
                engine.open_coverage_records(code)

    def test_every_measure_is_told(self):
        row = self._get()
        for measure in MEASURES:
            self.assertTrue(row[measure.code]["words"], measure.code)
