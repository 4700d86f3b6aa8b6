from datetime import date, datetime, timedelta
from random import Random

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...models.decision import decision_period as periods
from ..common import PipelineCase

CONTEXT = {"decision_periods": True}
COLUMNS = {**CONTEXT, "decision_columns": 0, "fill_temporal": {}}


@tagged("post_install", "-at_install")
class TestDecisionPeriod(PipelineCase):
    def _new_deals(self, *deadlines, **vals):
        return self.env["crm.lead"].create(
            [
                self._prepare_deal(
                    self.equipment,
                    self.qualified,
                    user_id=self.salesman.id,
                    date_deadline=deadline,
                    **vals,
                )
                for deadline in deadlines
            ]
        )

    def _read(self, deals, granularity, context, domain=()):
        """Return the groups as the web client gets them, and check their domains."""
        leads = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .with_context(tz="UTC", **context)
        )
        domain = [("id", "in", deals.ids), *domain]
        groups = leads.web_read_group(
            domain,
            [f"date_deadline:{granularity}"],
            ["expected_revenue:sum", "prorated_revenue:sum"],
        )["groups"]
        found = leads.browse()
        for group in groups:
            inside = leads.search([*domain, *group["__extra_domain"]])
            self.assertEqual(len(inside), group["__count"])
            self.assertEqual(
                round(group["expected_revenue:sum"] or 0, 2),
                round(sum(inside.mapped("expected_revenue")), 2),
            )
            self.assertFalse(found & inside)
            found |= inside
        self.assertEqual(found, leads.search(domain) & found)
        self.assertEqual(len(found), leads.search_count(domain))
        return [
            (group[f"date_deadline:{granularity}"] or (False, "No date"))
            + (group["__count"],)
            for group in groups
        ]

    @freeze_time("2026-11-21 12:00:00")
    def test_columns(self):
        deals = self._new_deals(
            date(2026, 10, 3),
            date(2026, 11, 20),
            date(2026, 11, 21),
            date(2026, 11, 30),
            date(2027, 1, 1),
            date(2027, 4, 30),
            date(2027, 5, 1),
            False,
        )
        self.assertEqual(
            self._read(deals, "month", COLUMNS),
            [
                ("0001-01-01", "Late", 2),
                ("2026-11-01", "November 2026", 2),
                ("2026-12-01", "December 2026", 0),
                ("2027-01-01", "January 2027", 1),
                ("2027-02-01", "February 2027", 0),
                ("2027-03-01", "March 2027", 0),
                ("2027-04-01", "April 2027", 1),
                ("9999-12-31", "Later", 1),
                (False, "No date", 1),
            ],
        )
        # One more column; no "Later" where there is none.
        columns = self._read(deals, "month", {**COLUMNS, "decision_columns": 1})
        self.assertEqual(columns[-2], ("2027-05-01", "May 2027", 1))
        # In a list there are only the groups with something in them.
        self.assertEqual(
            [label for _value, label, _count in self._read(deals, "quarter", CONTEXT)],
            ["Late", "Q4 2026", "Q1 2027", "Q2 2027", "No date"],
        )

    @freeze_time("2026-11-21 12:00:00")
    def test_no_opportunity(self):
        columns = self._read(self.env["crm.lead"], "month", COLUMNS)
        self.assertFalse(any(count for _value, _label, count in columns))
        deals = self._new_deals(date(2026, 12, 1))
        self.assertEqual(len(self._read(deals, "week", COLUMNS)), 8)
        self.assertEqual(len(self._read(deals, "quarter", COLUMNS)), 6)

    @freeze_time("2026-11-21 12:00:00")
    def test_won_is_not_late(self):
        deals = self._new_deals(date(2026, 11, 3), date(2026, 9, 3), date(2026, 11, 3))
        deals[:2].action_set_won()
        self.assertEqual(
            self._read(deals, "month", CONTEXT),
            [
                ("0001-01-01", "Late", 1),
                ("2026-09-01", "September 2026", 1),
                ("2026-11-01", "November 2026", 1),
            ],
        )

    @freeze_time("2026-11-21 12:00:00")
    def test_archived(self):
        """The running period shows archived ones only to who asks for them."""
        deals = self._new_deals(
            date(2026, 11, 3), date(2026, 11, 25), date(2026, 11, 4), date(2026, 12, 4)
        )
        deals[2:].active = False
        late = ("0001-01-01", "Late", 1)
        self.assertEqual(
            self._read(deals, "month", CONTEXT),
            [late, ("2026-11-01", "November 2026", 1)],
        )
        self.assertEqual(
            self._read(deals, "month", {**CONTEXT, "active_test": False}),
            [
                late,
                ("2026-11-01", "November 2026", 2),
                ("2026-12-01", "December 2026", 1),
            ],
        )

    def test_without_the_context_it_is_odoos(self):
        deals = self._new_deals(date(2026, 10, 3), date(2026, 11, 20))
        with freeze_time("2026-11-21 12:00:00"):
            self.assertEqual(
                [value for value, _label, _count in self._read(deals, "month", {})],
                ["2026-10-01", "2026-11-01"],
            )

    def test_weeks_that_span_years(self):
        deals = self._new_deals(date(2026, 12, 31), date(2027, 1, 2), date(2027, 1, 3))
        english = self.env["res.lang"]._lang_get("en_US")
        for week_start, expected in (
            ("1", [("2026-12-28", 3)]),
            ("7", [("2026-12-27", 2), ("2027-01-03", 1)]),
        ):
            english.week_start = week_start
            with freeze_time("2026-12-30 12:00:00"):
                columns = self._read(deals, "week", COLUMNS)
            self.assertEqual(
                [(value, count) for value, _label, count in columns if count], expected
            )

    def test_midnight_in_the_users_time_zone(self):
        deal = self._new_deals(date(2026, 11, 30))
        leads = self.env["crm.lead"].with_context(**COLUMNS)
        with freeze_time(datetime(2026, 11, 30, 23, 30)):
            for tz, first in (
                ("Europe/Paris", "2026-12-01"),
                ("America/New_York", "2026-11-01"),
            ):
                groups = leads.with_context(tz=tz).formatted_read_group(
                    [("id", "=", deal.id)], ["date_deadline:month"], ["__count"]
                )
                self.assertEqual(groups[1]["date_deadline:month"][0], first)

    @freeze_time("2026-11-21 12:00:00")
    def test_fiscal_quarters(self):
        self.company.fiscalyear_last_month = "1"
        deals = self._new_deals(
            date(2026, 11, 25), date(2027, 1, 31), date(2027, 2, 1), date(2026, 11, 1)
        )
        self.assertEqual(
            self._read(deals, "quarter", COLUMNS)[:3],
            [
                ("0001-01-01", "Late", 1),
                ("2026-11-01", "Nov – Jan 2027", 2),
                ("2027-02-01", "Feb – Apr 2027", 1),
            ],
        )

    def test_any_calendar(self):
        random = Random(42)
        first = date(2026, 1, 1)
        deals = self._new_deals(
            *(first + timedelta(days=random.randint(0, 700)) for _turn in range(60)),
            False,
        )
        deals[:5].action_set_won()
        english = self.env["res.lang"]._lang_get("en_US")
        for _turn in range(10):
            english.week_start = random.choice("1 6 7".split())
            self.company.fiscalyear_last_day = 28
            self.company.fiscalyear_last_month = str(random.randint(1, 12))
            day = datetime(2026, 6, 1, 12) + timedelta(days=random.randint(0, 300))
            calendar = {
                "week_start": int(english.week_start),
                "shift": int(self.company.fiscalyear_last_month) % 3,
            }
            for granularity in periods.GRANULARITIES:
                with freeze_time(day), self.subTest(day=day, granularity=granularity):
                    groups = self._read(deals, granularity, CONTEXT)
                    expected = {
                        periods.LATE
                        if deal.won_status == "pending"
                        and deal.date_deadline < day.date()
                        else periods.get_start(
                            deal.date_deadline, granularity, **calendar
                        )
                        for deal in deals
                        if deal.date_deadline
                    }
                    self.assertEqual(
                        [value for value, _label, _count in groups if value],
                        [start.isoformat() for start in sorted(expected)],
                    )

    @freeze_time("2026-01-10 12:00:00")
    def test_drop(self):
        deal = self._new_deals(date(2026, 1, 31)).with_user(self.salesman)
        for granularity, start, expected in (
            ("month", "2026-02-01", date(2026, 2, 28)),
            ("month", "2026-03-01", date(2026, 3, 31)),
            ("month", "9999-12-31", date(2026, 7, 31)),
            ("week", "2026-02-02", date(2026, 2, 7)),
            ("quarter", "2026-04-01", date(2026, 4, 30)),
        ):
            deal = deal.with_context(**COLUMNS, tz="UTC")
            self.env["res.lang"]._lang_get("en_US").week_start = "1"
            self.assertEqual(deal.get_decision_date_in(granularity, start), expected)
        with self.assertRefused(UserError, "Deal", "Late"):
            deal.get_decision_date_in("month", "0001-01-01")

    @freeze_time("2026-01-10 12:00:00")
    def test_roles(self):
        """The columns hold, and a drop moves, what the user may see."""
        deal = self._new_deals(date(2026, 1, 31))
        domain = [("id", "in", deal.ids)]
        for user, count in (
            (self.salesman, 1),
            (self.colleague, 0),
            (self.all_documents, 1),
            (self.manager, 1),
            (self.foreigner, 0),
        ):
            leads = self.env["crm.lead"].with_user(user).with_context(**COLUMNS)
            groups = leads.formatted_read_group(
                domain, ["date_deadline:month"], ["__count"]
            )
            self.assertEqual(sum(group["__count"] for group in groups), count)
            own = deal.with_user(user)
            self.env.invalidate_all()
            if count:
                self.assertTrue(own.get_decision_date_in("month", "2026-02-01"))
            else:
                with self.assertRaises(AccessError):
                    own.get_decision_date_in("month", "2026-02-01")

    def test_made(self):
        with freeze_time("2026-11-10 12:00:00"):
            deals = self._new_deals(False, False, date(2026, 12, 1))
        with freeze_time("2026-10-31 22:30:00"):
            deals[0].action_set_won()
        with freeze_time("2026-11-15 12:00:00"):
            deals[1].action_set_won()
        domain = [("id", "in", deals.ids), ("won_status", "=", "pending")]
        for tz, count in (("UTC", 1), ("Europe/Moscow", 2)):
            leads = self.env["crm.lead"].with_user(self.manager).with_context(tz=tz)
            with freeze_time("2026-11-21 12:00:00"):
                made = leads.get_decision_made(domain, "month")
            self.assertEqual((made["start"], made["count"]), ("2026-11-01", count))
            self.assertAlmostEqual(made["amount"], count * 1234.56)
            self.assertEqual(made["currency_id"], self.company.currency_id.id)
        with freeze_time("2026-11-21 12:00:00"):
            made = leads.with_user(self.colleague).get_decision_made(domain, "month")
        self.assertEqual((made["count"], made["amount"]), (0, 0))

    @freeze_time("2026-11-21 12:00:00")
    def test_header_is_one_query(self):
        deals = self._new_deals(date(2026, 12, 1), date(2026, 11, 3))
        leads = self.env["crm.lead"].with_context(**COLUMNS)
        self.env.flush_all()

        def read():
            leads.formatted_read_group(
                [("id", "in", deals.ids)],
                ["date_deadline:month"],
                ["__count", "expected_revenue:sum", "prorated_revenue:sum"],
            )

        read()
        with self.assertQueryCount(1):
            read()
