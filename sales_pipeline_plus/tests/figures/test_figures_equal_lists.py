import json
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from ...kpi.catalogue import BREAKDOWNS, KPIS
from .test_kpi import PERIOD, KpiCase

YEAR = {"start": "2026-01-01", "end": "2026-12-31"}
NOVEMBER = {"start": "2026-11-01", "end": "2026-11-30"}
COUNTS = [kpi.code for kpi in KPIS if kpi.unit == "count"]
# {amount: the field that adds up to it in the list behind it}
AMOUNTS = {
    "created_amount": "expected_revenue",
    "won_amount": "expected_revenue",
    "lost_amount": "expected_revenue",
    "pipeline_amount": "expected_revenue",
    "weighted_amount": "prorated_revenue",
    "late_amount": "expected_revenue",
}
# Whose amounts are divided between several keys.
SHARED = {"product", "product_category"}

COMMENT = "Called"


@tagged("post_install", "-at_install")
class TestFiguresEqualLists(KpiCase):
    """Each number is its list: the count how many, the amount their sum."""

    def _get_engine(self, user, tz):
        kpi = self.env["crm.kpi"].with_user(user)
        return kpi.with_context(tz=tz, allowed_company_ids=user.company_ids.ids)

    def _check(self, user, tz, filters, breakdown):
        kpi = self._get_engine(user, tz)
        codes = [*COUNTS, *AMOUNTS]
        answer = kpi.get_figures(filters, codes, breakdown)
        found = {}
        for number, key in enumerate(answer["keys"]):
            for code in codes:
                action = kpi.open_records(code, filters, breakdown, key["id"])
                question = action["res_model"], str(action["domain"])
                if question not in found:
                    records = kpi.env[action["res_model"]]
                    records = records.with_context(**action["context"])
                    found[question] = records.search(action["domain"])
                records = found[question]
                value = answer["values"][code][number]["value"]
                where = f"{code} {user.login} {tz} {filters} {breakdown} {key}"
                if code in COUNTS:
                    self.assertEqual(value or 0, len(records), where)
                elif breakdown not in SHARED and records._name == "crm.lead":
                    total = sum(
                        self._convert(deal, deal[AMOUNTS[code]], user.company_id)
                        for deal in records.sudo()
                    )
                    self.assertAlmostEqual(value, total, places=2, msg=where)

    def test_breakdowns(self):
        for breakdown in (None, *BREAKDOWNS):
            with self.subTest(breakdown=breakdown):
                filters = {"period": NOVEMBER}
                self._check(self.boss, "Pacific/Honolulu", filters, breakdown)

    def test_roles_and_zones(self):
        for user in (self.salesman, self.all_documents, self.manager, self.foreigner):
            for tz in ("Pacific/Honolulu", "Asia/Tokyo"):
                for breakdown in (None, "month", "customer"):
                    with self.subTest(user=user.login, tz=tz, breakdown=breakdown):
                        self._check(user, tz, {"period": NOVEMBER}, breakdown)

    def test_filters(self):
        for filters in (
            {"team_ids": self.spares_team.ids},
            {"user_ids": (self.salesman | self.foreigner).ids},
            {"pipeline_ids": self.equipment.ids},
            {"company_ids": self.other_company.ids},
            {"category_ids": self.categories[0].ids},
            {"lead_ids": self.deals[:20].ids},
        ):
            for period in (PERIOD, YEAR):
                with self.subTest(**filters):
                    question = {**filters, "period": period}
                    self._check(self.boss, "Asia/Tokyo", question, "country")

    def test_year_is_the_sum_of_its_months(self):
        """To the cent, whoever asks, in either currency."""
        for user in (self.boss, self.foreigner):
            user.company_ids = self.company | self.other_company
            kpi = self._get_engine(user, "Asia/Tokyo")
            codes = ["created_amount", "won_amount", "lost_amount", "quotation_amount"]
            year = kpi.get_figures({"period": YEAR}, codes)["values"]
            by_month = kpi.get_figures({"period": YEAR}, codes, "month")["values"]
            trend = kpi.get_trend({"period": YEAR}, codes)["values"]
            for code in codes:
                with self.subTest(user=user.login, code=code):
                    whole = year[code][0]["value"]
                    self.assertTrue(whole or code == "quotation_amount")
                    parts = sum(cell["value"] for cell in by_month[code])
                    self.assertAlmostEqual(whole, parts, places=2)
                    self.assertAlmostEqual(whole, sum(trend[code]), places=2)

    def test_products(self):
        """A deal's amount is divided by its lines; nothing is counted twice."""
        kpi = self._get_engine(self.boss, "Europe/Paris")
        total = kpi.get_figures({"period": YEAR}, ["created_amount"])
        split = kpi.get_figures({"period": YEAR}, ["created_amount"], "product")
        self.assertEqual(
            {key["id"] for key in split["keys"]}, {*self.products.ids, False}
        )
        self.assertAlmostEqual(
            sum(cell["value"] for cell in split["values"]["created_amount"]),
            total["values"]["created_amount"][0]["value"],
            delta=0.02,
        )

    def test_spread_by_month(self):
        kpi = self._get_engine(self.boss, "Asia/Tokyo")
        code = "salesperson_spread"
        answer = kpi.get_figures({"period": YEAR}, [code], "month")
        self.assertTrue(answer["keys"])
        for key, cell in zip(answer["keys"], answer["values"][code], strict=True):
            start = date.fromisoformat(key["id"])
            end = (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
            period = {"start": str(start), "end": str(end)}
            month = kpi.get_figures({"period": period}, [code])["values"][code][0]
            self.assertEqual(cell["value"], month["value"], key["id"])

    def test_state_of_a_company_without_snapshots(self):
        """Snapshots of another company tell nothing of this one: no data, not 0."""
        self.env.cr.execute("DELETE FROM crm_forecast_snapshot")
        with freeze_time("2026-10-28 10:00:00"):
            self.env["crm.forecast.snapshot"]._take_snapshots()
        self.env.cr.execute(
            "DELETE FROM crm_forecast_snapshot WHERE company_id IS DISTINCT FROM %s",
            [self.other_company.id],
        )
        for user, is_known in ((self.manager, False), (self.foreigner, True)):
            kpi = self._get_engine(user, "Europe/Paris")
            answer = kpi.get_figures({"period": PERIOD}, ["late_count"])
            value = answer["values"]["late_count"][0]["value"]
            self.assertEqual(value is not None, is_known, user.login)

    def test_forecast_error_of_the_whole_period(self):
        """With a month whose forecast nobody wrote down there is no error of all."""
        self.env.cr.execute("DELETE FROM crm_forecast_snapshot")
        for moment in ("2026-08-31 10:00:00", "2026-10-05 10:00:00"):
            # Four weeks before September is nothing; before October, the first one.
            with freeze_time(moment):
                self.env["crm.forecast.snapshot"]._take_snapshots()
        kpi = self._get_engine(self.boss, "Europe/Paris")
        for period, is_known in (
            (PERIOD, True),
            ({"start": "2026-09-01", "end": "2026-10-31"}, False),
            ({"start": "2026-10-01", "end": "2026-11-30"}, True),
        ):
            answer = kpi.get_figures({"period": period}, ["forecast_error"])
            value = answer["values"]["forecast_error"][0]["value"]
            self.assertEqual(value is not None, is_known, period)


@tagged("post_install", "-at_install")
class TestFiguresBeside(KpiCase):
    """What is beside a deal counts for those who may read the deal, in the list too."""

    CODES = (
        "activity_count",
        "meeting_count",
        "quotation_count",
        "late_count",
        "stage_conversion",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = cls.salesman | cls.all_documents | cls.manager | cls.foreigner
        sellers = cls.salesman | cls.colleague | cls.foreigner
        pairs = [
            (deal, user)
            for seller in sellers
            for deal in cls.deals.filtered(lambda d, s=seller: d.user_id == s)[:6]
            for user in cls.users | cls.colleague
        ]
        cls.env["calendar.event"].create(
            [
                {
                    "name": f"{deal.name} {user.login}",
                    "opportunity_id": deal.id,
                    "user_id": user.id,
                    "partner_ids": [Command.set(user.partner_id.ids)],
                    "start": datetime(2026, 11, 10, 9),
                    "stop": datetime(2026, 11, 10, 11),
                }
                for deal, user in pairs
            ]
        )
        for deal, user in pairs:
            if user.company_id == deal.company_id:
                cls.env["sale.order"].create(
                    {
                        "partner_id": cls.contacts[0].id,
                        "opportunity_id": deal.id,
                        "company_id": deal.company_id.id,
                        "user_id": user.id,
                        "state": "sent",
                        "date_order": datetime(2026, 11, 10),
                        "order_line": [
                            Command.create(
                                {"product_id": cls.products[0].id, "price_unit": 7}
                            )
                        ],
                    }
                )
            deal.message_post(
                body=COMMENT,
                author_id=user.partner_id.id,
                subtype_xmlid="mail.mt_activities",
            ).mail_activity_type_id = cls.env.ref("mail.mail_activity_data_call")
        with freeze_time("2026-10-28 10:00:00"):
            cls.env["crm.forecast.snapshot"]._take_snapshots()
        cls.env.flush_all()

    def _check(self, user, filters, breakdown):
        kpi = self.env["crm.kpi"].with_user(user)
        kpi = kpi.with_context(
            tz="Europe/Paris", allowed_company_ids=user.company_ids.ids
        )
        answer = kpi.get_figures(filters, list(self.CODES), breakdown)
        leads = kpi.env["crm.lead"].with_context(active_test=False)
        seen = set(leads.search([]).ids)
        totals = dict.fromkeys(self.CODES, 0)
        for number, key in enumerate(answer["keys"]):
            for code in self.CODES:
                action = kpi.open_records(code, filters, breakdown, key["id"])
                records = kpi.env[action["res_model"]]
                records = records.with_context(**action["context"])
                records = records.search(json.loads(json.dumps(action["domain"])))
                value = answer["values"][code][number]["value"] or 0
                where = f"{code} {user.login} {filters} {breakdown} {key}"
                found = len(records)
                if code == "stage_conversion":
                    forward = records.filtered(
                        lambda stay: stay.outcome in ("forward", "won")
                    )
                    found = 100 * len(forward) / found if found else 0
                self.assertAlmostEqual(value, found, places=2, msg=where)
                totals[code] += found
                if "opportunity_id" in records._fields:
                    self.assertLessEqual(set(records.opportunity_id.ids), seen, where)
        return totals

    def test_roles(self):
        for user in self.users:
            for breakdown in (None, "salesperson", "team", "month", "customer_type"):
                for period in (PERIOD, NOVEMBER):
                    with self.subTest(user=user.login, by=breakdown, period=period):
                        totals = self._check(user, {"period": period}, breakdown)
                        if period == NOVEMBER and not breakdown:
                            for code in self.CODES:
                                self.assertTrue(totals[code], code)

    def test_filters(self):
        for user in self.users:
            for filters in (
                {"user_ids": (self.salesman | self.foreigner).ids},
                {"category_ids": self.categories[0].ids},
                {"lead_ids": self.deals.ids},
            ):
                with self.subTest(user=user.login, **filters):
                    self._check(user, {**filters, "period": NOVEMBER}, None)

    def test_others_meetings(self):
        """Of 30 meetings for each salesperson, his own deals' are listed."""
        kpi = self.env["crm.kpi"].with_user(self.salesman)
        action = kpi.open_records("meeting_count", {"period": NOVEMBER})
        events = kpi.env["calendar.event"].search(action["domain"])
        self.assertEqual(events.opportunity_id.user_id, self.salesman)
        self.assertEqual(len(events), 30)


@tagged("post_install", "-at_install")
class TestQuotationDates(KpiCase):
    """A quotation counts when it was sent, else by its order date."""

    def _count(self, period):
        self.env.flush_all()
        kpi = self.env["crm.kpi"].with_user(self.manager)
        kpi = kpi.with_context(tz="Europe/Paris")
        action = kpi.open_records("quotation_count", {"period": period})
        behind = kpi.env["sale.order"].search_count(action["domain"])
        answer = kpi.get_figures({"period": period}, ["quotation_count"])
        self.assertEqual(answer["values"]["quotation_count"][0]["value"], behind)
        return behind

    def _new_order(self, **values):
        deals = self.deals.filtered(lambda deal: deal.company_id == self.company)
        return self.env["sale.order"].create(
            {
                "partner_id": self.contacts[0].id,
                "opportunity_id": deals[0].id,
                "company_id": self.company.id,
                "user_id": self.salesman.id,
                "order_line": [Command.create({"product_id": self.products[0].id})],
                **values,
            }
        )

    def test_dates(self):
        before = self._count(PERIOD), self._count(NOVEMBER)
        self._new_order(state="sent", date_order=datetime(2026, 10, 5))
        self.assertEqual(self._count(PERIOD), before[0] + 1, "imported as sent")
        self._new_order(date_order=datetime(2026, 10, 5)).action_quotation_sent()
        self.assertEqual(self._count(NOVEMBER), before[1] + 1, "sent today")
        with freeze_time("2026-10-20 10:00:00"):
            sent = self._new_order()
            sent.action_quotation_sent()
        sent.action_confirm()
        self.assertEqual(sent.date_order, datetime(2026, 11, 21, 10))
        self.assertEqual(self._count(PERIOD), before[0] + 2, "sent before confirmation")
        copy = sent.copy()
        self.assertFalse(copy.date_sent)
        copy.action_quotation_sent()
        self.assertEqual(self._count(NOVEMBER), before[1] + 2, "a copy")
