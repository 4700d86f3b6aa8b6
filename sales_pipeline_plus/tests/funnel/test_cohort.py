import itertools
import random
from datetime import date, datetime, timedelta

import pytz
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..common_random import examples
from .common import NOW, FunnelCase

ZONES = ("Europe/Paris", "Pacific/Niue", "Pacific/Kiritimati")


@tagged("post_install", "-at_install")
class TestCohort(FunnelCase):
    """Of the deals created in a month, those won after some months."""

    def _new_cohort(self, *deals):
        """Create deals: (began, closed or None, is won, more values)."""
        created = self.env["crm.lead"]
        for began, closed, is_won, vals in deals:
            deal = self.env["crm.lead"].create(
                self._prepare_deal(self.equipment, self.qualified, **vals)
            )
            if closed:
                (deal.action_set_won if is_won else deal.action_set_lost)()
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    "UPDATE crm_lead SET date_start = %s, date_closed = %s "
                    "WHERE id = %s",
                    began,
                    closed,
                    deal.id,
                )
            )
            created |= deal
        self.env.invalidate_all()
        return created

    def _get(self, user=None, tz="Europe/Paris", period="this_month", **filters):
        with freeze_time(NOW):
            kpi = self._get_kpi(user or self.manager, tz)
            answer = kpi.get_cohorts({"period": period, **filters})
        self.assertEqual(len(answer["rows"]), 12)
        return {row["month"]: row for row in answer["rows"]}

    def test_shares(self):
        self._new_cohort(
            ("2026-01-10 09:00:00", "2026-01-20 09:00:00", True, {}),
            ("2026-01-10 09:00:00", "2026-03-20 09:00:00", True, {}),
            ("2026-01-10 09:00:00", "2026-02-20 09:00:00", False, {}),
            ("2026-01-10 09:00:00", None, False, {"expected_revenue": 0}),
        )
        rows = self._get()
        row = rows["2026-01-01"]
        self.assertEqual((row["count"], row["amount"]), (4, 3 * 1234.56))
        shares = [cell and cell["count_share"] for cell in row["cells"]]
        # May is not over.
        self.assertEqual(shares, [25, 25, 50, 50, *[None] * 8])
        self.assertAlmostEqual(row["cells"][3]["amount_share"], 100 * 2 / 3)
        # A month without deals has no share; one that runs has no cell.
        self.assertIsNone(rows["2026-02-01"]["cells"][0]["count_share"])
        self.assertIsNone(rows["2026-05-01"]["cells"][0])
        self.assertEqual(list(rows)[0], "2025-06-01")
        past = self._get(period={"start": "2025-01-01", "end": "2025-12-31"})
        self.assertEqual(list(past)[-1], "2025-12-01")

    def test_property_as_recounted(self):
        rng = random.Random(3)
        deals = []
        for _number in range(50):
            began = datetime(2025, 5, 25) + timedelta(hours=rng.randint(0, 8600))
            closed = began + timedelta(hours=rng.randint(0, 5000))
            is_closed = closed < datetime.fromisoformat(NOW) and rng.random() < 0.8
            company = rng.choice([self.company, self.company, self.other_company])
            is_foreign = company == self.other_company
            user = (
                self.foreigner
                if is_foreign
                else rng.choice([self.salesman, self.colleague])
            )
            deals.append(
                (
                    began,
                    closed if is_closed else None,
                    rng.random() < 0.6,
                    {
                        "user_id": user.id,
                        "company_id": company.id,
                        "team_id": self.foreign_team.id
                        if is_foreign
                        else self.equipment_team.id,
                        "expected_revenue": rng.choice([0, 10, 99.99]),
                    },
                )
            )
        created = self._new_cohort(*deals)
        users = (self.boss, self.manager, self.salesman, self.foreigner)
        readers = list(itertools.product(users, ZONES))
        for user, tz in rng.sample(readers, examples(4, len(readers))):
            self._compare(created, user, tz)

    def _compare(self, created, user, tz):
        zone = pytz.timezone(tz)
        rows = self._get(user, tz)

        def to_day(moment):
            return pytz.utc.localize(moment).astimezone(zone).date()

        seen = created.sudo().filtered(
            lambda deal: (
                deal.company_id in user.company_ids
                and (user != self.salesman or deal.user_id == user)
            )
        )
        today = to_day(datetime.fromisoformat(NOW))
        for month, row in rows.items():
            first = date.fromisoformat(month)
            of_month = [
                deal for deal in seen if to_day(deal.date_start).replace(day=1) == first
            ]
            self.assertEqual(row["count"], len(of_month))
            self.assertOpens(user, tz, len(of_month), month)
            number = 12 * first.year + first.month - 1
            for after, cell in enumerate(row["cells"]):
                last = number + after
                is_over = (last // 12, last % 12 + 1) < (today.year, today.month)
                self.assertEqual(cell is not None, is_over)
                if not cell:
                    continue
                won = [
                    deal
                    for deal in of_month
                    if deal.won_status == "won"
                    and 12 * to_day(deal.date_closed).year
                    + to_day(deal.date_closed).month
                    - 1
                    <= last
                ]
                self.assertEqual(cell["count"], len(won))
                self.assertOpens(user, tz, len(won), month, after)
                amount = sum(self._convert(deal, user) for deal in won)
                self.assertAlmostEqual(cell["amount"], amount, places=2)

    def _convert(self, deal, user):
        """Return a won deal's amount in the user's currency, at its closing."""
        amount = deal.expected_revenue
        if deal.company_id == user.company_id:
            return amount
        day = user.company_id._get_day(deal.date_closed)
        rate = 2 if day < date(2026, 4, 1) else 4 if day < date(2026, 5, 1) else 8
        return round(amount / rate + 1e-9, 2)

    def assertOpens(self, user, tz, count, month, after=None):
        kpi = self._get_kpi(user, tz)
        with freeze_time(NOW):
            action = kpi.open_cohort(month, after, {"period": "this_month"})
            records = kpi.env[action["res_model"]].with_context(**action["context"])
            self.assertEqual(records.search_count(action["domain"]), count)

    def test_deals_that_are_gone(self):
        """Deleted and merged deals were created all the same, and a deleted one that
        was won stays won, in the currency and at the day that it had."""
        with self._at("2026-01-10 09:00:00"):
            won, lost, merged, survivor = (
                self._new_deal(self.equipment, self.qualified) for _number in range(4)
            )
            foreign = self._new_deal(
                self.equipment,
                self.qualified,
                user=self.foreigner,
                user_id=self.foreigner.id,
                team_id=self.foreign_team.id,
                company_id=self.other_company.id,
            )
        with self._at("2026-01-20 09:00:00"):
            survivor.stage_id = self.offer
        with self._at("2026-02-10 09:00:00"):
            (won.sudo() + foreign.sudo()).action_set_won()
            lost.action_set_lost()
        before = self._get(self.boss)["2026-01-01"]
        with self._at("2026-03-10 09:00:00"):
            (won.sudo() + lost.sudo() + foreign.sudo()).unlink()
            both = (merged + survivor).with_user(self.manager)
            self.assertEqual(both.merge_opportunity(), survivor)
        after = self._get(self.boss)["2026-01-01"]
        self.assertEqual(before, after)
        self.assertEqual((after["count"], after["cells"][1]["count"]), (5, 2))
        for user, created, closed in (
            (self.boss, 5, 2),
            (self.manager, 4, 1),
            (self.salesman, 4, 1),
            (self.colleague, 0, 0),
        ):
            self.assertOpens(user, "Europe/Paris", created, "2026-01-01")
            self.assertOpens(user, "Europe/Paris", closed, "2026-01-01", 1)
            self.assertEqual(self._get(user)["2026-01-01"]["count"], created)
        with self._at("2026-04-10 09:00:00"):
            survivor.sudo().unlink()
        self.assertEqual(self._get(self.boss)["2026-01-01"], before)
        user_ids = self.salesman.ids
        row = self._get(self.boss, user_ids=user_ids)["2026-01-01"]
        self.assertEqual((row["count"], row["cells"][1]["count"]), (4, 1))
        row = self._get(self.boss, user_ids=self.colleague.ids)["2026-01-01"]
        self.assertEqual(row["count"], 0)

    def test_arguments(self):
        kpi = self._get_kpi(self.salesman)
        for month, after in (
            ("2026-01-02", None),
            ("soon", None),
            (None, None),
            (7, None),
            ("2026-01-01", 12),
            ("2026-01-01", -1),
            ("2026-01-01", True),
            ("2026-01-01", "1"),
            ("2026-01-01", [1]),
        ):
            with self.assertRaises(UserError):
                kpi.open_cohort(month, after)
