import unittest
from collections import defaultdict
from io import BytesIO

import openpyxl

from odoo.fields import Command
from odoo.tests import tagged

from ...kpi.target_share import share_out
from ..common_random import examples
from ..figures.test_kpi import KpiCase
from ..waterfall.common import ChangesCase
from .common import ShareMixin

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

YEAR = {"start": "2026-01-01", "end": "2026-12-31"}
AMOUNTS = ("created_amount", "won_amount", "lost_amount", "pipeline_amount")
COUNTS = ("created_count", "won_count", "lost_count", "open_count")
# [number of the deal, what each of up to four has, of which the first is the owner]
SHARES = st.lists(
    st.tuples(st.integers(0, 59), st.lists(st.integers(1, 99), min_size=2, max_size=4)),
    min_size=1,
    max_size=12,
    unique_by=lambda told: told[0],
)


class Rollback(Exception):
    """Ends an example."""


class ShareFiguresCase(ShareMixin, KpiCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._turn_on()
        cls.helpers = {
            cls.company: cls.salesman | cls.colleague | cls.all_documents | cls.boss,
            cls.other_company: cls.foreigner | cls.boss,
        }

    def _tell(self, told):
        """Share deals out; return {deal: {user: hundredths of a percent}}, in order."""
        shared = {}
        for number, weights in told:
            deal = self.deals[number]
            others = self.helpers[deal.company_id] - deal.user_id
            users = [*others[: len(weights) - 1], deal.user_id]
            sizes = share_out(10000, weights[: len(users)])
            self._share(
                deal,
                {
                    user: size / 100
                    for user, size in zip(users[:-1], sizes, strict=False)
                },
                self.boss,
            )
            shared[deal] = dict(zip(users, sizes, strict=False))
        self.env.flush_all()
        self.env.invalidate_all()
        return shared

    def _kpi(self, user):
        return (
            self.env["crm.kpi"]
            .with_user(user)
            .with_context(tz="Europe/Paris", allowed_company_ids=user.company_ids.ids)
        )

    def _recount(self, shared, users=None, by_user=True):
        """Return {(code, user id): cents or number} in plain Python."""
        result = defaultdict(int)
        for deal in self.deals.sudo():
            amount = self._convert(deal, deal.expected_revenue, self.company)
            cents = round(100 * amount)
            parts = {deal.user_id.id: cents}
            if deal in shared:
                sizes = shared[deal]
                parts = dict(
                    zip(
                        [user.id for user in sizes],
                        share_out(cents, list(sizes.values())),
                        strict=True,
                    )
                )
            if users is not None:
                parts = {user: part for user, part in parts.items() if user in users}
            if not by_user and parts:
                parts = {False: sum(parts.values())}
            state = deal.won_status
            if state == "pending":
                state = "open" if deal.active else None
            for name in filter(None, ("created", state)):
                what = "pipeline" if name == "open" else name
                for user, part in parts.items():
                    result[f"{what}_amount", user] += part
                    result[f"{name}_count", user] += 1
        return result

    def _ask(self, filters=None, breakdown="salesperson", user=None):
        kpi = self._kpi(user or self.boss)
        answer = kpi.get_figures(
            {"period": YEAR, "lead_ids": self.deals.ids, **(filters or {})},
            [*AMOUNTS, *COUNTS],
            breakdown,
        )
        return {
            (code, key["id"]): round((100 if code in AMOUNTS else 1) * cell["value"])
            for code, cells in answer["values"].items()
            for key, cell in zip(answer["keys"], cells, strict=True)
            if cell["value"]
        }


@tagged("post_install", "-at_install")
class TestShareFigures(ShareFiguresCase):
    """Figures by salesperson are those of a recount, and add up to the total."""

    @settings(
        max_examples=examples(6, 48),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        derandomize=True,
    )
    @given(told=SHARES)
    def test_recount(self, told):
        with self.assertRaises(Rollback), self.env.cr.savepoint():
            self._compare(told)
            raise Rollback
        self.env.invalidate_all()

    def _compare(self, told):
        without = self._ask(breakdown=None)
        shared = self._tell(told)
        by_user = self._ask()
        expected = {key: value for key, value in self._recount(shared).items() if value}
        self.assertEqual(by_user, expected)
        # A total counts everything once, whoever shares it.
        self.assertEqual(self._ask(breakdown=None), without)
        for code in AMOUNTS:
            total = sum(
                value for (each, _key), value in by_user.items() if each == code
            )
            self.assertEqual(total, without.get((code, False), 0), code)
        two = (self.salesman | self.boss).ids
        for users, breakdown in ((two, None), (two, "salesperson"), (two[:1], None)):
            by_user = breakdown is not None
            expected = self._recount(shared, users, by_user)
            found = self._ask({"user_ids": users}, breakdown)
            self.assertEqual(
                found, {key: each for key, each in expected.items() if each}
            )
        months = defaultdict(int)
        for (code, _month), value in self._ask({"user_ids": two}, "month").items():
            if code in ("won_amount", "lost_amount", "created_amount"):
                months[code] += value
        expected = self._recount(shared, two, False)
        for code, value in months.items():
            self.assertEqual(value, expected[code, False], code)

    def test_lists(self):
        """Each number is as long as the list that it opens."""
        self._tell([(number, [3, 5, 9]) for number in range(0, 60, 3)])
        kpi = self._kpi(self.boss)
        codes = [*COUNTS, "new_customer_count", "stage_stays", "late_count"]
        for filters, breakdown in (
            ({}, "salesperson"),
            ({"user_ids": self.boss.ids}, None),
            ({"user_ids": (self.boss | self.salesman).ids}, "salesperson"),
            ({"user_ids": (self.boss | self.salesman).ids}, "customer"),
        ):
            question = {"period": YEAR, **filters}
            answer = kpi.get_figures(question, codes, breakdown)
            self.assertTrue(answer["keys"])
            for number, key in enumerate(answer["keys"]):
                for code in codes:
                    action = kpi.open_records(code, question, breakdown, key["id"])
                    records = kpi.env[action["res_model"]]
                    records = records.with_context(**action["context"])
                    self.assertEqual(
                        answer["values"][code][number]["value"] or 0,
                        records.search_count(action["domain"]),
                        f"{code} {filters} {breakdown} {key}",
                    )

    def test_roles(self):
        """Nobody counts what he may not read; a sharer reads what he shares."""
        deal = self.deals.filtered(lambda each: each.user_id == self.salesman)[0]
        before = self._ask(user=self.colleague)
        self._share(deal, {self.colleague: 25}, self.boss)
        self.env.flush_all()
        after = self._ask(user=self.colleague)
        key = ("created_count", self.colleague.id)
        self.assertEqual(after[key], before[key] + 1)
        self.assertEqual(after["created_count", self.salesman.id], 1)
        cents = round(100 * deal.expected_revenue)
        part = share_out(cents, [2500, 7500])[0]
        key = ("created_amount", self.colleague.id)
        self.assertEqual(after[key], before[key] + part)

    def test_targets(self):
        """What is made of a target is the part of whose target it is."""
        deal = self.deals.filtered(
            lambda each: each.won_status == "won" and each.user_id == self.salesman
        )[0]
        self._share(deal, {self.colleague: 40}, self.boss)
        for user in (self.salesman, self.colleague):
            self.env["crm.target"].create(
                {
                    "figure": "won_amount",
                    "company_id": self.company.id,
                    "user_id": user.id,
                    "period_type": "year",
                    "date_start": "2026-01-01",
                    "value": 1000,
                }
            )
        kpi = self._kpi(self.colleague)
        answer = kpi.get_figures(
            {"period": YEAR}, ["won_amount"], "salesperson", with_targets=True
        )
        cells = {
            key["id"]: cell
            for key, cell in zip(
                answer["keys"], answer["values"]["won_amount"], strict=True
            )
        }
        mine = cells[self.colleague.id]
        self.assertEqual(mine["target"]["made"], mine["value"])

    def test_hours_and_quotations(self):
        """Hours are divided without rounding, quotations to the cent."""
        deal = self.deals.filtered(lambda each: each.user_id == self.salesman)[0]
        self._share(deal, {self.colleague: 25}, self.boss)
        self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "opportunity_id": deal.id,
                "start": "2026-11-20 08:00:00",
                "stop": "2026-11-20 11:00:00",
            }
        )
        self.env["sale.order"].create(
            {
                "partner_id": self.contacts[0].id,
                "opportunity_id": deal.id,
                "company_id": deal.company_id.id,
                "state": "sent",
                "date_order": "2026-11-20 08:00:00",
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.products[0].id,
                            "price_unit": 33.33,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        self.env.flush_all()
        kpi = self._kpi(self.boss)
        codes = ["meeting_count", "effort_hours", "quotation_amount", "quotation_count"]
        answer = kpi.get_figures({"period": YEAR}, codes, "salesperson")
        keys = [key["id"] for key in answer["keys"]]
        found = {
            code: dict(
                zip(
                    keys,
                    (cell["value"] for cell in answer["values"][code]),
                    strict=True,
                )
            )
            for code in codes
        }
        mine, theirs = self.salesman.id, self.colleague.id
        self.assertEqual(found["meeting_count"], {mine: 1, theirs: 1})
        self.assertEqual(found["effort_hours"], {mine: 2.25, theirs: 0.75})
        self.assertEqual(found["quotation_amount"], {mine: 25.0, theirs: 8.33})
        self.assertEqual(found["quotation_count"], {mine: 1, theirs: 1})

    def test_workbook_of_a_salesperson(self):
        deal = self.deals.filtered(lambda each: each.user_id == self.salesman)[0]
        self._share(deal, {self.colleague: 25}, self.boss)
        domain = self._kpi(self.boss)._get_credited_domain(
            self._kpi(self.boss)._read_filters({"user_ids": self.colleague.ids})[2]
        )
        leads = self.env["crm.lead"].with_user(self.boss)
        self.assertIn(deal, leads.with_context(active_test=False).search(domain))

    def test_workbook_tells_the_shares(self):
        """What counts for a salesperson is what the figures count."""
        deals = self.deals.filtered(
            lambda each: (
                each.user_id == self.salesman
                and each.active
                and each.won_status == "pending"
            )
        )
        self.assertFalse(self._get_deal_table(self.salesman))
        self._share(deals[0], {self.colleague: 33.33}, self.boss)
        for user in (self.salesman, self.colleague):
            filters = {"period": YEAR, "user_ids": user.ids}
            rows = self._get_deal_table(user)
            shared = [row for row in rows if row["Shares"]]
            self.assertEqual(len(shared), 1)
            self.assertIn(f"{self.colleague.name} 33.33 %", shared[0]["Shares"])
            open_rows = [row for row in rows if row["Status"] in ("Open", "Late")]
            figures = self._kpi(self.boss).get_figures(filters, ["pipeline_amount"])
            self.assertAlmostEqual(
                sum(row["Credited Revenue"] for row in open_rows),
                figures["values"]["pipeline_amount"][0]["value"],
                places=2,
            )

    def _get_deal_table(self, user):
        """Return the opportunities in a user's workbook as dicts, where it tells
        shares."""
        target = BytesIO()
        book = self._kpi(self.boss).env["crm.kpi.workbook"]
        book._write_workbook(target, {"period": YEAR, "user_ids": user.ids})
        sheet = openpyxl.load_workbook(target)["Opportunities"]
        head, *rows = sheet.iter_rows(min_row=4, values_only=True)
        rows = [dict(zip(head, row, strict=True)) for row in rows]
        return rows if "Shares" in head else []

    def test_nothing_is_asked_without_shares(self):
        self.env.flush_all()
        self.assertFalse(self.env["crm.lead.share"]._are_there())
        with self._watch() as queries:
            self._ask()
            self._ask({"user_ids": self.salesman.ids}, None)
        self.assertTrue(queries)
        self.assertFalse([query for query in queries if "crm_lead_share" in query])


@tagged("post_install", "-at_install")
class TestShareChanges(ShareMixin, ChangesCase):
    """What Changed of a salesperson has what he has of shared deals, and closes."""

    def test_parts(self):
        self._turn_on()
        with self._at(self.BEFORE):
            deal, left = (
                self._new_deal(
                    self.equipment,
                    self.offer,
                    user=self.manager,
                    expected_revenue=amount,
                )
                for amount in (100.01, 50)
            )
            self._share(deal, {self.colleague: 33.33})
            self._share(left, {self.colleague: 50})
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            deal.with_user(self.manager).expected_revenue = 200.02
            left.with_user(self.manager).action_set_won()
        amounts = defaultdict(float)
        for users in (self.salesman, self.colleague, self.salesman | self.colleague):
            bars = self._get_changes(self.manager, user_ids=users.ids)
            for code, bar in bars.items():
                sign = 1 if len(users) == 1 else -1
                amounts[code] += sign * round(100 * bar["amount"])
            self.assertEqual(bars["closing"]["deals"], 1)
            self.assertNotIn("reassigned_in", bars)
        self.assertEqual(set(amounts.values()), {0})
        bars = self._get_changes(self.manager, user_ids=self.colleague.ids)
        self.assertEqual(bars["opening"]["amount"], 33.33 + 25)
        self.assertEqual(bars["won"]["amount"], -25)
        self.assertEqual(bars["closing"]["amount"], 66.67)
        total = self._get_changes(self.manager)
        self.assertEqual(total["closing"]["amount"], 200.02)
