import doctest
from datetime import date, datetime, timedelta
from random import Random

from freezegun import freeze_time

from odoo.tests import tagged

from ...models.decision import decision_period as periods
from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestDecisionBucket(PipelineCase):
    """What is shown, found and grouped are one, whatever the day and the calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        random = Random(6)
        day = date(2026, 3, 10)
        cls.deals = cls.env["crm.lead"].create(
            [
                cls._prepare_deal(
                    cls.equipment,
                    cls.qualified,
                    name=str(number),
                    date_deadline=day + timedelta(days=random.randint(-60, 240)),
                )
                for number in range(60)
            ]
            + [
                cls._prepare_deal(cls.equipment, cls.qualified, date_deadline=deadline)
                for deadline in (False, date(2026, 3, 9), day, date(2027, 1, 3))
            ]
        )
        cls.deals[3:5].action_set_won()
        cls.deals[5:7].action_set_lost()
        cls.deals |= cls.env["crm.lead"].create(
            {"name": "Lead", "type": "lead", "date_deadline": day}
        )

    def _as_user(self, tz="UTC", lang="en_US"):
        return (
            self.deals.with_user(self.manager)
            .with_company(self.company)
            .with_context(tz=tz, lang=lang, active_test=False)
            .sudo()
        )

    def _check(self, deals):
        self.env.invalidate_all()
        shown = {deal.id: deal.decision_bucket for deal in deals}
        self.assertLessEqual(set(shown.values()), {*periods.BUCKETS, False})
        domain = [("id", "in", deals.ids)]
        for bucket in (*periods.BUCKETS, False):
            ids = {deal_id for deal_id in shown if shown[deal_id] == bucket}
            for operator, value, found in (
                ("=", bucket, ids),
                ("in", [bucket], ids),
                ("!=", bucket, set(shown) - ids),
                ("not in", [bucket], set(shown) - ids),
            ):
                self.assertEqual(
                    set(
                        deals.search(
                            [*domain, ("decision_bucket", operator, value)]
                        ).ids
                    ),
                    found,
                    f"{operator} {value}",
                )
        groups = deals._read_group(domain, ["decision_bucket"], ["id:recordset"])
        self.assertEqual(
            {bucket or False: set(found.ids) for bucket, found in groups},
            {
                bucket: {i for i in shown if shown[i] == bucket}
                for bucket in set(shown.values())
            },
        )
        names = [bucket for bucket, _found in groups if bucket]
        self.assertEqual(names, sorted(names, key=periods.BUCKETS.index))

    def test_doctests(self):
        self.assertFalse(doctest.testmod(periods).failed)

    def test_any_day(self):
        random = Random(19)
        english = self.env["res.lang"]._lang_get("en_US")
        for _turn in range(12):
            day = datetime(2026, 1, 1, 12) + timedelta(days=random.randint(0, 400))
            english.week_start = random.choice("1 6 7".split())
            self.company.fiscalyear_last_day = 28
            self.company.fiscalyear_last_month = str(random.randint(1, 12))
            with freeze_time(day), self.subTest(day=day):
                self._check(self._as_user())

    @freeze_time("2026-03-10 12:00:00")
    def test_by_label(self):
        deals = self._as_user()
        domain = [("id", "in", deals.ids)]
        found = deals.search([*domain, ("decision_bucket", "ilike", "month")])
        wanted = ("this_month", "next_month")
        self.assertEqual(
            found.sorted("id"),
            deals.filtered(lambda deal: deal.decision_bucket in wanted).sorted("id"),
        )

    def test_midnight_in_the_users_time_zone(self):
        # 23:30 UTC on the 10th: already the 11th in Paris, still the 10th in New York.
        with freeze_time(datetime(2026, 3, 10, 23, 30)):
            for tz, bucket in (
                ("Europe/Paris", "late"),
                ("America/New_York", "this_week"),
            ):
                deals = self._as_user(tz)
                self._check(deals)
                self.assertEqual(deals[62].decision_bucket, bucket)

    def test_weeks_that_span_years(self):
        # 2026 has a week 53, from Monday 28 December to Sunday 3 January.
        with freeze_time("2026-12-30 12:00:00"):
            deals = self._as_user()
            self.env["res.lang"]._lang_get("en_US").week_start = "1"
            self._check(deals)
            self.assertEqual(deals[63].decision_bucket, "this_week")
            self.env["res.lang"]._lang_get("en_US").week_start = "7"
            self._check(deals)
            self.assertEqual(deals[63].decision_bucket, "next_month")

    @freeze_time("2026-11-15 12:00:00")
    def test_fiscal_quarter(self):
        deal = self._as_user()[63]
        self.assertEqual(deal.date_deadline, date(2027, 1, 3))
        self.assertEqual(deal.decision_bucket, "later")
        self.company.fiscalyear_last_month = "1"
        self.env.invalidate_all()
        self.assertEqual(deal.decision_bucket, "this_quarter")

    @freeze_time("2026-03-10 12:00:00")
    def test_sorted(self):
        deals = self._as_user()
        ordered = deals.search([("id", "in", deals.ids)], order="decision_bucket, id")
        buckets = [bucket for bucket in ordered.mapped("decision_bucket") if bucket]
        self.assertEqual(buckets, sorted(buckets, key=periods.BUCKETS.index))

    @freeze_time("2026-03-10 12:00:00")
    def test_labels_in_the_web_client(self):
        deals = self._as_user()
        field = deals.fields_get(["decision_bucket"])["decision_bucket"]
        self.assertTrue(field["groupable"] and field["searchable"])
        groups = deals.web_read_group(
            [("id", "in", deals.ids)], ["decision_bucket"], ["expected_revenue:sum"]
        )["groups"]
        for group in groups:
            found = deals.search([("id", "in", deals.ids), *group["__extra_domain"]])
            self.assertEqual(len(found), group["__count"])
