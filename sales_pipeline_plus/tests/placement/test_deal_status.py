from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PipelineCase

STATUSES = ("open", "late", "won", "lost")


@tagged("post_install", "-at_install")
class TestDealStatus(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        common = {"pipeline": cls.equipment, "stage": cls.qualified}
        cls.no_date = cls._new_deal(**common, date_deadline=False)
        cls.yesterday = cls._new_deal(**common, date_deadline=date(2026, 3, 9))
        cls.today = cls._new_deal(**common, date_deadline=date(2026, 3, 10))
        cls.won_late = cls._new_deal(**common, date_deadline=date(2026, 3, 1))
        cls.won_late.action_set_won()
        cls.lost_late = cls._new_deal(**common, date_deadline=date(2026, 3, 1))
        cls.lost_late.action_set_lost()
        # Put away without being lost: nobody's pipeline.
        cls.archived = cls._new_deal(**common, date_deadline=date(2026, 3, 1))
        cls.archived.active = False
        cls.deals = (
            cls.no_date
            | cls.yesterday
            | cls.today
            | cls.won_late
            | cls.lost_late
            | cls.archived
        )

    def _get_env(self, tz):
        return self.deals.with_user(self.manager).with_context(tz=tz, active_test=False)

    def _check(self, deals, expected):
        """Display, every search operator and the grouping in SQL agree."""
        self.env.invalidate_all()
        shown = {deal.id: deal.deal_status for deal in deals}
        self.assertEqual([shown[deal.id] for deal in self.deals], expected)
        domain = [("id", "in", deals.ids)]
        for status in STATUSES:
            ids = {deal_id for deal_id in shown if shown[deal_id] == status}
            for operator, value, found in (
                ("=", status, ids),
                ("in", [status], ids),
                ("!=", status, set(shown) - ids),
                ("not in", [status], set(shown) - ids),
                ("ilike", status, ids),
                ("not ilike", status, set(shown) - ids),
            ):
                self.assertEqual(
                    set(deals.search([*domain, ("deal_status", operator, value)]).ids),
                    found,
                    f"{operator} {value}",
                )
        for operator, found in (
            ("=", self.archived),
            ("!=", self.deals - self.archived),
        ):
            self.assertEqual(
                deals.search([*domain, ("deal_status", operator, False)]).ids,
                deals.search([*domain, ("id", "in", found.ids)]).ids,
            )
        groups = deals._read_group(domain, ["deal_status"], ["id:recordset"])
        self.assertEqual(
            {status: set(found.ids) for status, found in groups},
            {
                status: {i for i in shown if shown[i] == status}
                for status in set(shown.values())
            },
        )

    @freeze_time("2026-03-10 12:00:00")
    def test_status(self):
        self._check(
            self._get_env("UTC"), ["open", "late", "open", "won", "lost", False]
        )

    def test_midnight_in_the_users_time_zone(self):
        # 23:30 UTC on the 10th: already the 11th in Paris, still the 10th in New York.
        with freeze_time(datetime(2026, 3, 10, 23, 30)):
            expected = ["open", "late", "late", "won", "lost", False]
            self._check(self._get_env("Europe/Paris"), expected)
            expected = ["open", "late", "open", "won", "lost", False]
            self._check(self._get_env("America/New_York"), expected)

    @freeze_time("2026-03-10 12:00:00")
    def test_grouped_in_the_web_client(self):
        deals = self._get_env("UTC")
        self.assertTrue(deals.fields_get(["deal_status"])["deal_status"]["groupable"])
        groups = deals.web_read_group(
            [("id", "in", deals.ids)], ["deal_status"], ["expected_revenue:sum"]
        )["groups"]
        for group in groups:
            found = deals.search([("id", "in", deals.ids), *group["__extra_domain"]])
            self.assertEqual(len(found), group["__count"])

    @freeze_time("2026-03-10 12:00:00")
    def test_sorted(self):
        deals = self._get_env("UTC")
        ordered = deals.search([("id", "in", deals.ids)], order="deal_status, id")
        statuses = ordered.mapped("deal_status")
        self.assertEqual(statuses[:-1], sorted(statuses[:-1]))
        self.assertEqual(statuses[-1], False)
