import doctest
import random
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

import pytz
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ...kpi import arithmetic, period, scope
from ...kpi.catalogue import BREAKDOWNS, KPIS
from ...tools import days as day_starts
from ..common import PipelineCase

NOW = "2026-11-21 10:00:00"
PERIOD = {"start": "2026-10-01", "end": "2026-10-31"}
ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo")


@tagged("post_install", "-at_install")
class TestKpiArithmetic(BaseCase):
    def test_doctests(self):
        for module in (arithmetic, day_starts, period, scope):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)


class KpiCase(PipelineCase):
    """Deals of three months in two companies with their own currencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.random = random.Random(20261121)
        cls.currency = cls.env["res.currency"].create({"name": "TTP", "symbol": "T"})
        cls.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "currency_id": currency.id,
                    "rate": rate,
                    "company_id": company.id,
                }
                for company in cls.company | cls.other_company
                for day, currency, rate in (
                    ("2020-01-01", cls.company.currency_id, 1),
                    ("2020-01-01", cls.currency, 2),
                    ("2026-11-01", cls.currency, 4),
                )
            ]
        )
        cls.other_company.currency_id = cls.currency
        (cls.company | cls.other_company).partner_id.tz = "Europe/Paris"
        cls.company.sales_hourly_cost = 50
        cls.boss = cls._new_user("boss", "sales_team.group_sale_manager")
        cls.boss.company_ids = cls.company | cls.other_company
        cls.gold, cls.silver = cls.env["res.partner.category"].create(
            [{"name": "GOLD"}, {"name": "SILVER"}]
        )
        companies = cls.env["res.partner"].create(
            [
                {
                    "name": f"Customer {number}",
                    "is_company": True,
                    "category_id": [Command.set(tags.ids)],
                }
                for number, tags in enumerate(
                    (cls.gold, cls.silver, cls.gold | cls.silver, cls.gold.browse())
                )
            ]
        )
        cls.contacts = companies | cls.env["res.partner"].create(
            [{"name": "Contact", "parent_id": partner.id} for partner in companies]
        )
        cls.sources = cls.env["utm.source"].create([{"name": "Fair"}, {"name": "Web"}])
        cls.reasons = cls.env["crm.lost.reason"].create(
            [{"name": "Too dear"}, {"name": "Too late"}]
        )
        cls.categories = cls.env["product.category"].create(
            [{"name": "Machines"}, {"name": "Parts"}]
        )
        cls.products = cls.env["product.product"].create(
            [
                {"name": category.name, "categ_id": category.id, "list_price": 10}
                for category in cls.categories
            ]
        )
        cls.deals = cls._make_deals(60)
        cls.env.flush_all()

    @classmethod
    def _make_deals(cls, count):
        choose = cls.random.choice
        deals = cls.env["crm.lead"]
        for number in range(count):
            user = choose([cls.salesman, cls.colleague, cls.foreigner])
            company = user.company_id
            start = datetime(2026, 8, 15) + timedelta(
                minutes=cls.random.randrange(98 * 24 * 60)
            )
            pipeline = choose([cls.equipment, cls.spares])
            deal = deals.create(
                {
                    "name": f"Deal {number}",
                    "type": "opportunity",
                    "user_id": user.id,
                    "team_id": {
                        cls.salesman: cls.equipment_team,
                        cls.colleague: cls.spares_team,
                        cls.foreigner: cls.foreign_team,
                    }[user].id,
                    "company_id": company.id,
                    "pipeline_id": pipeline.id,
                    "stage_id": choose([cls.qualified, cls.offer]).id,
                    "expected_revenue": cls.random.randrange(100000) / 100,
                    "partner_id": choose([False, *cls.contacts.ids]),
                    "source_id": choose([False, *cls.sources.ids]),
                    "date_start": min(start, datetime(2026, 11, 21, 9)),
                    "date_deadline": choose(
                        [False, date(2026, 11, 10), date(2026, 12, 5), date(2027, 1, 2)]
                    ),
                    "product_line_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": cls.random.randrange(1, 90),
                            }
                        )
                        for product in cls.products
                        if cls.random.random() < 0.4
                    ],
                }
            )
            fate = choose(["open", "won", "lost", "archived"])
            if fate == "won":
                deal.action_set_won()
            elif fate == "lost":
                deal.action_set_lost(lost_reason_id=choose(cls.reasons.ids))
            elif fate == "archived":
                deal.active = False
            if fate in ("won", "lost"):
                closed = deal.date_start + timedelta(
                    minutes=cls.random.randrange(40 * 24 * 60)
                )
                deal.date_closed = min(closed, datetime(2026, 11, 21, 9, 30))
            deals += deal
        return deals

    def _get_day_in_paris(self, moment):
        return pytz.utc.localize(moment).astimezone(pytz.timezone("Europe/Paris"))

    def _convert(self, deal, amount, company):
        """Return the amount in the company's currency, at the deal's own date."""
        if deal.company_id == company:
            return amount
        closed = deal.won_status != "pending" and deal.date_closed
        day = self._get_day_in_paris(closed or datetime(2026, 11, 21, 10)).date()
        return self._multiply(amount, 0.5 if day < date(2026, 11, 1) else 0.25)

    def _multiply(self, amount, rate):
        """Return the product in whole cents, halves away from 0."""
        cents = 100 * Decimal(str(amount)) * Decimal(str(rate))
        return float(cents.quantize(Decimal(1), ROUND_HALF_UP)) / 100


@tagged("post_install", "-at_install")
class TestKpi(KpiCase):
    """Every figure against a recount in plain Python."""

    def _get(self, user, **arguments):
        tz = arguments.pop("tz", "Europe/Paris")
        companies = user.company_ids
        kpi = self.env["crm.kpi"].with_user(user)
        return kpi.with_context(tz=tz, allowed_company_ids=companies.ids).get_figures(
            **arguments
        )

    def _in(self, moment, days, tz):
        if not moment:
            return False
        local = pytz.utc.localize(moment).astimezone(pytz.timezone(tz)).date()
        return (
            date.fromisoformat(days["start"])
            <= local
            <= date.fromisoformat(days["end"])
        )

    def _recount(self, deals, days, tz, company=None):
        """Return what the figures of opportunities must be."""
        deals = deals.sudo()
        company = company or self.company
        amount = lambda each: sum(  # noqa: E731
            self._convert(deal, deal.expected_revenue, company) for deal in each
        )
        created = deals.filtered(lambda deal: self._in(deal.date_start, days, tz))
        closed = deals.filtered(
            lambda deal: (
                deal.won_status != "pending" and self._in(deal.date_closed, days, tz)
            )
        )
        won = closed.filtered(lambda deal: deal.won_status == "won")
        lost = closed - won
        opened = deals.filtered(
            lambda deal: deal.won_status == "pending" and deal.active
        )
        late = opened.filtered(
            lambda deal: deal.date_deadline and deal.date_deadline < date(2026, 11, 21)
        )
        cycles = [
            (
                self._get_day_in_paris(deal.date_closed).date()
                - self._get_day_in_paris(deal.date_start).date()
            ).days
            for deal in won
        ]
        count = len(created)
        marketing = created.filtered("source_id")
        return {
            "created_count": count,
            "created_amount": amount(created),
            "created_marketing_count": len(marketing),
            "created_sales_count": count - len(marketing),
            "created_to_won": 100
            * len(created.filtered(lambda deal: deal.won_status == "won"))
            / count
            if count
            else None,
            "won_count": len(won),
            "won_amount": amount(won),
            "lost_count": len(lost),
            "lost_amount": amount(lost),
            "win_rate": 100 * len(won) / len(closed) if closed else None,
            "win_rate_amount": 100 * amount(won) / amount(closed)
            if amount(closed)
            else None,
            "average_basket": amount(won) / len(won) if won else None,
            "sales_cycle": median(cycles) if cycles else None,
            **self._recount_state(opened, late, amount, company, days),
        }

    def _recount_state(self, opened, late, amount, company, days):
        codes = ("open_count", "pipeline_amount", "weighted_amount")
        codes += ("late_count", "late_amount")
        if days["end"] < "2026-11-21":
            # No snapshot was taken then.
            return dict.fromkeys(codes)
        weighted = sum(
            self._convert(deal, deal.prorated_revenue, company) for deal in opened
        )
        return dict(
            zip(
                codes,
                (len(opened), amount(opened), weighted, len(late), amount(late)),
                strict=True,
            )
        )

    def assertFigures(self, found, expected, message):
        for code, value in expected.items():
            cell = found[code]
            if value is None:
                self.assertIsNone(cell["value"], f"{code} {message}")
            else:
                self.assertAlmostEqual(
                    cell["value"], value, delta=0.011, msg=f"{code} {message}"
                )

    def test_totals(self):
        """As many roles, periods and time zones as there are."""
        for tz in ZONES:
            for days in (
                PERIOD,
                {"start": "2026-11-01", "end": "2026-11-30"},
                {"start": "2026-01-01", "end": "2026-12-31"},
            ):
                answer = self._get(self.boss, filters={"period": days}, tz=tz)
                self.assertEqual(answer["period"], days)
                values = {code: cells[0] for code, cells in answer["values"].items()}
                self.assertFigures(
                    values,
                    self._recount(self.deals, days, tz),
                    f"{tz} {days}",
                )

    def test_roles(self):
        """Nobody's figure includes what they may not read."""
        for user in (self.salesman, self.all_documents, self.manager, self.foreigner):
            leads = self.env["crm.lead"].with_user(user)
            deals = leads.with_context(active_test=False).search(
                [("id", "in", self.deals.ids)]
            )
            answer = self._get(user, filters={"period": PERIOD})
            values = {code: cells[0] for code, cells in answer["values"].items()}
            self.assertFigures(
                values,
                self._recount(deals, PERIOD, "Europe/Paris", user.company_id),
                user.login,
            )

    def test_comparison(self):
        answer = self._get(
            self.boss, filters={"period": PERIOD}, codes=["won_count", "win_rate"]
        )
        before = {"start": "2026-09-01", "end": "2026-09-30"}
        self.assertEqual(answer["comparison"], before)
        then = self._recount(self.deals, before, "Europe/Paris")
        now = self._recount(self.deals, PERIOD, "Europe/Paris")
        (won,), (rate,) = answer["values"]["won_count"], answer["values"]["win_rate"]
        self.assertEqual(won["comparison"], then["won_count"])
        self.assertAlmostEqual(
            won["change"],
            100 * (now["won_count"] - then["won_count"]) / then["won_count"],
        )
        self.assertAlmostEqual(rate["change"], now["win_rate"] - then["win_rate"])

    def test_breakdowns(self):
        """Each key is the recount of its own deals."""
        groups = {
            "salesperson": lambda deal: [deal.user_id.id],
            "team": lambda deal: [deal.team_id.id],
            "pipeline": lambda deal: [deal.pipeline_id.id],
            "stage": lambda deal: [deal.stage_id.id],
            "origin": lambda deal: [deal.source_id.id],
            "lost_reason": lambda deal: [deal.lost_reason_id.id],
            "customer_type": lambda deal: (
                deal.partner_id.commercial_partner_id.category_id.ids or [False]
            ),
        }
        for breakdown, get_keys in groups.items():
            of_key = defaultdict(self.env["crm.lead"].browse)
            for deal in self.deals:
                for key in get_keys(deal):
                    of_key[key] += deal
            answer = self._get(
                self.boss, filters={"period": PERIOD}, breakdown=breakdown
            )
            keys = [key["id"] for key in answer["keys"]]
            self.assertLessEqual(of_key.keys(), set(keys) | {None}, breakdown)
            for index, key in enumerate(keys):
                values = {code: cell[index] for code, cell in answer["values"].items()}
                self.assertFigures(
                    values,
                    self._recount(of_key[key], PERIOD, "Europe/Paris"),
                    f"{breakdown} {key}",
                )

    def test_product_category(self):
        """A deal's amount is divided by its lines; nothing is counted twice."""
        answer = self._get(
            self.boss,
            filters={"period": {"start": "2026-01-01", "end": "2026-12-31"}},
            codes=["created_amount", "created_count"],
            breakdown="product_category",
        )
        expected = defaultdict(float)
        for deal in self.deals.sudo():
            amount = self._convert(deal, deal.expected_revenue, self.company)
            lines = deal.product_line_ids
            for line in lines:
                expected[line.categ_id.id] += (
                    amount * line.price_subtotal / sum(lines.mapped("price_subtotal"))
                )
            if not lines:
                expected[False] += amount
        for key, cell in zip(
            answer["keys"], answer["values"]["created_amount"], strict=True
        ):
            self.assertAlmostEqual(cell["value"], expected[key["id"]], delta=0.02)

    def test_months(self):
        year = {"start": "2026-01-01", "end": "2026-12-31"}
        answer = self._get(
            self.boss,
            filters={"period": year, "comparison": "none"},
            codes=["won_count", "pipeline_amount"],
            breakdown="month",
        )
        opened = self.deals.sudo().filtered(
            lambda deal: deal.won_status == "pending" and deal.active
        )
        for index, key in enumerate(answer["keys"]):
            month = key["id"] and date.fromisoformat(key["id"])
            of_month = opened.filtered(
                lambda deal, month=month: (
                    (deal.date_deadline and deal.date_deadline.replace(day=1)) == month
                )
            )
            self.assertAlmostEqual(
                answer["values"]["pipeline_amount"][index]["value"],
                sum(
                    self._convert(deal, deal.expected_revenue, self.company)
                    for deal in of_month
                ),
                delta=0.02,
            )
            if month:
                end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
                days = {"start": str(month), "end": str(end)}
                self.assertEqual(
                    answer["values"]["won_count"][index]["value"],
                    self._recount(self.deals, days, "Europe/Paris")["won_count"],
                )

    def test_trend(self):
        kpi = self.env["crm.kpi"].with_user(self.boss)
        trend = kpi.with_context(
            tz="Asia/Tokyo", allowed_company_ids=self.boss.company_ids.ids
        ).get_trend({"period": PERIOD})
        self.assertEqual(len(trend["periods"]), 12)
        both = kpi.with_context(
            tz="Asia/Tokyo", allowed_company_ids=self.boss.company_ids.ids
        ).get_figures({"period": PERIOD}, with_trend=True)
        self.assertEqual(both["trend"], trend)
        self.assertEqual(trend["periods"][-1], PERIOD)
        self.assertEqual(trend["values"]["open_count"], [None] * 12)
        for index, days in enumerate(trend["periods"]):
            expected = self._recount(self.deals, days, "Asia/Tokyo")
            for code in ("created_count", "won_amount", "win_rate", "sales_cycle"):
                value = trend["values"][code][index]
                if expected[code] is None:
                    self.assertIsNone(value, code)
                else:
                    self.assertAlmostEqual(value, expected[code], delta=0.011, msg=code)

    def test_new_customers(self):
        """The first won deal of a company, its contacts included."""
        first = {}
        for deal in self.deals.sudo().sorted("date_closed"):
            if deal.won_status == "won" and deal.partner_id:
                first.setdefault(deal.partner_id.commercial_partner_id, deal)
        year = {"start": "2026-01-01", "end": "2026-12-31"}
        for days in (PERIOD, year):
            answer = self._get(
                self.boss, filters={"period": days}, codes=["new_customer_count"]
            )
            self.assertEqual(
                answer["values"]["new_customer_count"][0]["value"],
                sum(
                    self._in(deal.date_closed, days, "Europe/Paris")
                    for deal in first.values()
                ),
            )

    def test_filters(self):
        year = {"start": "2026-01-01", "end": "2026-12-31"}
        for filters, deals in (
            (
                {"team_ids": self.spares_team.ids},
                self.deals.filtered(lambda deal: deal.team_id == self.spares_team),
            ),
            (
                {"user_ids": self.salesman.ids, "pipeline_ids": self.spares.ids},
                self.deals.filtered(
                    lambda deal: (
                        deal.user_id == self.salesman
                        and deal.pipeline_id == self.spares
                    )
                ),
            ),
            (
                {"company_ids": self.other_company.ids},
                self.deals.filtered(lambda deal: deal.company_id == self.other_company),
            ),
            (
                {"category_ids": self.categories[0].ids},
                self.deals.filtered(
                    lambda deal: self.categories[0] in deal.product_line_ids.categ_id
                ),
            ),
        ):
            answer = self._get(self.boss, filters={"period": year, **filters})
            self.assertFigures(
                {code: cells[0] for code, cells in answer["values"].items()},
                self._recount(deals, year, "Europe/Paris"),
                str(filters),
            )

    def test_records_behind(self):
        """Every number opens exactly its records."""
        counts = {kpi.code for kpi in KPIS if kpi.unit == "count"}
        for user in (self.boss, self.salesman):
            kpi = self.env["crm.kpi"].with_user(user)
            kpi = kpi.with_context(
                tz="America/New_York", allowed_company_ids=user.company_ids.ids
            )
            for breakdown in (None, *BREAKDOWNS):
                answer = kpi.get_figures(
                    {"period": PERIOD, "pipeline_ids": self.spares.ids},
                    list(counts),
                    breakdown,
                )
                for code in counts:
                    for key, cell in zip(
                        answer["keys"], answer["values"][code], strict=True
                    ):
                        action = kpi.open_records(
                            code,
                            {"period": PERIOD, "pipeline_ids": self.spares.ids},
                            breakdown,
                            key["id"],
                        )
                        model = kpi.env[action["res_model"]]
                        self.assertEqual(
                            model.with_context(**action["context"]).search_count(
                                action["domain"]
                            ),
                            cell["value"] or 0,
                            f"{code} {breakdown} {key} {action['domain']}",
                        )

    def test_past_pipeline(self):
        """The state of a past period is that of its last snapshot, and opens it."""
        snapshots = self.env["crm.forecast.snapshot"]
        with freeze_time("2026-10-28 10:00:00"):
            snapshots._take_snapshots()
        taken = snapshots.search(
            [("date", "=", "2026-10-26"), ("lead_id", "in", self.deals.ids)]
        )
        self.assertTrue(taken)
        rates = {self.company: 1.0, self.other_company: 0.5}
        answer = self._get(self.boss, filters={"period": PERIOD})
        values = {code: cells[0] for code, cells in answer["values"].items()}
        self.assertFigures(
            values,
            {
                "open_count": len(taken),
                "pipeline_amount": sum(
                    self._multiply(each.amount, rates[each.company_id])
                    for each in taken
                ),
                "weighted_amount": sum(
                    self._multiply(each.weighted_amount, rates[each.company_id])
                    for each in taken
                ),
                "late_count": 0,
                "no_action_count": None,
            },
            "in October",
        )
        self.assertIsNone(values["open_count"]["comparison"])
        answer = self._get(
            self.boss,
            filters={"period": {"start": "2026-11-01", "end": "2026-11-30"}},
            codes=["open_count"],
        )
        opened = self.deals.filtered(
            lambda deal: deal.won_status == "pending" and deal.active
        )
        self.assertEqual(answer["values"]["open_count"][0]["value"], len(opened))
        self.test_records_behind()

    def test_reliability(self):
        """Four weeks before October against what October brought, by salesperson."""
        snapshots = self.env["crm.forecast.snapshot"]
        self.env.cr.execute("DELETE FROM crm_forecast_snapshot")
        with freeze_time("2026-08-31 10:00:00"):
            snapshots._take_snapshots()
        taken = snapshots.search([("lead_id", "in", self.deals.ids)])
        self.env.cr.execute(
            "UPDATE crm_forecast_snapshot SET date_deadline = '2026-10-15'"
        )
        snapshots.invalidate_model()
        self.env.cr.execute(
            "DELETE FROM crm_forecast_snapshot WHERE NOT lead_id = ANY(%s)",
            [self.deals.ids],
        )
        rate = {self.company: 1.0, self.other_company: 0.5}
        forecast, won = defaultdict(float), defaultdict(float)
        place = {
            deal: (deal.user_id, deal.team_id, deal.pipeline_id, deal.company_id)
            for deal in self.deals.sudo()
        }
        for each in taken:
            forecast[place[each.lead_id]] += (
                each.weighted_amount * rate[each.company_id]
            )
        for deal in self.deals.sudo():
            if deal.won_status == "won" and self._in(
                deal.date_closed, PERIOD, "Europe/Paris"
            ):
                won[place[deal]] += deal.expected_revenue * rate[deal.company_id]
        seen = {each.company_id for each in taken}
        won = {key: amount for key, amount in won.items() if key[3] in seen}
        cells = forecast.keys() | won.keys()
        errors = [forecast.get(key, 0) - won.get(key, 0) for key in cells]
        answer = self._get(
            self.boss,
            filters={"period": PERIOD},
            codes=["forecast_error", "forecast_bias"],
        )
        for code, error in (
            ("forecast_error", sum(map(abs, errors))),
            ("forecast_bias", sum(errors)),
        ):
            self.assertAlmostEqual(
                answer["values"][code][0]["value"],
                100 * error / sum(won.values()),
                delta=0.05,
            )
        answer = self._get(
            self.boss,
            filters={"period": PERIOD, "category_ids": self.categories.ids},
            codes=["forecast_error"],
        )
        self.assertIsNone(answer["values"]["forecast_error"][0]["value"])

    def test_spread(self):
        answer = self._get(
            self.boss, filters={"period": PERIOD}, codes=["salesperson_spread"]
        )
        amounts = []
        for user in (self.salesman, self.colleague, self.foreigner):
            deals = self.deals.filtered(lambda deal, user=user: deal.user_id == user)
            found = self._recount(deals, PERIOD, "Europe/Paris")
            if found["won_count"] or found["lost_count"]:
                amounts.append(found["won_amount"])
        self.assertAlmostEqual(
            answer["values"]["salesperson_spread"][0]["value"],
            arithmetic.spread(amounts),
        )

    def test_no_data(self):
        """Nothing happened: counts are 0, rates and means are unknown."""
        past = {"start": "2019-01-01", "end": "2019-01-31"}
        answer = self._get(self.boss, filters={"period": past})
        values = {code: cells[0]["value"] for code, cells in answer["values"].items()}
        for code in ("created_count", "won_count", "won_amount", "quotation_count"):
            self.assertEqual(values[code], 0, code)
        for code in (
            "win_rate",
            "average_basket",
            "sales_cycle",
            "effort_hours",
            "hours_per_won",
            "forecast_error",
        ):
            self.assertIsNone(values[code], code)

    def test_bad_questions(self):
        for arguments, text in (
            ({"codes": ["luck"]}, "luck"),
            ({"breakdown": "weather"}, "weather"),
            ({"filters": {"planet": 3}}, "planet"),
            ({"filters": {"period": "someday"}}, "someday"),
            ({"filters": {"period": {"start": "x", "end": "y"}}}, "period"),
            ({"filters": {"comparison": "dream"}}, "dream"),
        ):
            with self.assertRefused(UserError, text):
                self._get(self.boss, **arguments)

    def test_query_count(self):
        """However many deals there are, and however many figures are asked for."""
        kpi = self.env["crm.kpi"].with_user(self.boss)
        kpi.get_figures({"period": PERIOD})
        with self.assertQueryCount(18):
            kpi.get_figures({"period": PERIOD})


@tagged("post_install", "-at_install")
class TestKpiEffort(KpiCase):
    """Activities, meetings, quotations and what they cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._new_deal(
            cls.equipment, partner_id=cls.contacts[0].id, name="Effort"
        )
        cls.call = cls.env["mail.activity.type"].create(
            {"name": "Visit", "effort_hours": 1.5}
        )

    def _get_values(self, user):
        figures = self.env["crm.kpi"].with_user(user).get_figures()
        return {code: cells[0]["value"] for code, cells in figures["values"].items()}

    def test_effort(self):
        before = self._get_values(self.salesman)
        for _number in range(2):
            activity = self.deal.with_user(self.salesman).activity_schedule(
                activity_type_id=self.call.id
            )
            activity.with_user(self.salesman).action_feedback("Done")
        meetings = [
            {
                "name": "Meeting",
                "start": start,
                "stop": stop,
                "opportunity_id": self.deal.id,
            }
            for start, stop in (
                ("2026-11-05 08:00:00", "2026-11-05 10:00:00"),
                ("2026-11-25 08:00:00", "2026-11-25 10:00:00"),
            )
        ]
        self.env["calendar.event"].with_user(self.salesman).create(meetings)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.contacts[0].id,
                "opportunity_id": self.deal.id,
                "company_id": self.company.id,
                "user_id": self.salesman.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.products[0].id, "price_unit": 300}
                    )
                ],
            }
        )
        order.action_quotation_sent()
        self.env.flush_all()
        after = self._get_values(self.salesman)
        change = {
            code: after[code] - (before[code] or 0)
            for code in after
            if after[code] is not None
        }
        self.assertEqual(change["activity_count"], 2)
        self.assertEqual(change["meeting_count"], 1, "the coming one is no effort yet")
        self.assertAlmostEqual(change["effort_hours"], 2 * 1.5 + 2)
        self.assertEqual(change["quotation_count"], 1)
        self.assertAlmostEqual(change["quotation_amount"], 300)
        self.assertAlmostEqual(
            after["hours_per_quotation"],
            after["effort_hours"] / after["quotation_count"],
        )
        if after["new_customer_count"]:
            self.assertAlmostEqual(
                after["acquisition_cost"],
                50 * after["effort_hours"] / after["new_customer_count"],
                delta=0.01,
            )
