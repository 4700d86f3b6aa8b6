import json

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..outlook.test_outlook import OutlookCase
from ..share.common import ShareMixin


class CallOutlookCase(ShareMixin, OutlookCase):
    """Months before June 2026, with calls and what came of them."""

    def _call(self, user, amount, at, **vals):
        with freeze_time(f"{at} 09:00:00"):
            calls = self.env["crm.forecast.call"].with_user(user)
            return calls.create({"amount": amount, **vals})

    def _won(self, amount, day, user=None):
        team = self.spares_team if user == self.colleague else self.equipment_team
        deal = self._new(
            amount,
            user_id=(user or self.salesman).id,
            team_id=team.id,
        )
        self._win(deal, day)
        return deal


@tagged("post_install", "-at_install")
class TestCallOutlook(CallOutlookCase):
    """The call among the methods of What Will Come, and on what it rests."""

    def _check_lists(self, kpi, answer, filters):
        result = super()._check_lists(kpi, answer, filters)
        for code in ("commit", "best_case"):
            found = self._open(kpi, code, filters)
            self.assertEqual(len(found), answer[code]["count"])
            self.assertAlmostEqual(
                sum(found.mapped("expected_revenue")), answer[code]["amount"], 2
            )
        if answer["call"]:
            found = self._open(kpi, "calls", filters)
            self.assertEqual(len(found), answer["call"]["count"])
            self.assertAlmostEqual(
                sum(found.mapped("amount")), answer["call"]["amount"] or 0, 2
            )
        return result

    def test_now(self):
        """What is called, less what is won; commit and best case beside it."""
        self._won(1000, "2026-06-03")
        for category, amount, due in (
            ("commit", 500, "2026-06-30"),
            ("commit", 250, "2026-06-01"),
            ("commit", 125, "2026-07-01"),
            ("commit", 60, False),
            ("best_case", 2000, "2026-06-20"),
            ("left_out", 3000, "2026-06-20"),
        ):
            self._new(amount, date_deadline=due, forecast_category=category)
        self._call(self.salesman, 9000, "2026-06-02")
        self._call(self.salesman, 4000, "2026-06-15")
        self._call(self.salesman, 8000, "2026-06-15", period_type="quarter")
        answer = self._get_outlook(self.manager)
        self.assertEqual(answer["call"]["amount"], 4000)
        self.assertEqual(answer["commit"], {"count": 2, "amount": 750})
        self.assertEqual(answer["best_case"], {"count": 1, "amount": 2000})
        method = self._get_methods(answer)["call"]
        self.assertEqual(method["value"], 3000)
        self.assertEqual((method["windows"], method["error"]), (0, None))
        self.assertIsNone(method["low"])
        answer = self._get_outlook(self.manager, window="this_quarter")
        self.assertEqual(answer["call"]["amount"], 8000)
        answer = self._get_outlook(self.manager, window="next_13_weeks")
        self.assertIsNone(answer["call"])
        answer = self._get_outlook(self.manager, pipeline_ids=self.equipment.ids)
        self.assertIsNone(answer["call"])
        self.assertIsNone(self._get_methods(answer)["call"]["value"])

    def test_backtest(self):
        """As it was called with as many days left: 15, so from the 17th of May on."""
        for month, days in ((1, 31), (2, 28), (3, 31), (4, 30), (5, 31)):
            late = days - 15
            start = f"2026-{month:02}"
            self._call(self.salesman, 700, f"{start}-02")
            self._call(self.salesman, 300, f"{start}-{days - 1}")
            self._won(100, f"{start}-{late:02}")
            self._won(400, f"{start}-{late + 5:02}")
        self._call(self.salesman, 1000, "2026-06-16")
        method = self._get_methods(self._get_outlook(self.manager))["call"]
        self.assertEqual(method["windows"], 5)
        self.assertAlmostEqual(method["error"], 50)
        self.assertAlmostEqual(method["bias"], 50)
        self.assertEqual((method["held"], method["ranges"]), (1, 1))
        self.assertTrue(method["is_by_errors"])
        self.assertFalse(method["is_best"])
        self.assertEqual(method["value"], 1000)
        self.assertAlmostEqual(method["high"] - method["low"], 2000 * 2 / 7, delta=0.02)

    def test_some_call_only(self):
        """What others sell is in no call: neither what they won is taken off it, nor is
        it held against that."""
        for month in range(1, 6):
            self._call(self.salesman, 300, f"2026-{month:02}-02")
            self._won(100, f"2026-{month:02}-05")
            self._won(200, f"2026-{month:02}-27")
            self._won(5000, f"2026-{month:02}-10", self.colleague)
            self._won(7000, f"2026-{month:02}-27", self.colleague)
        self._won(100, "2026-06-03")
        self._won(9000, "2026-06-03", self.colleague)
        self._call(self.salesman, 400, "2026-06-15")
        answer = self._get_outlook(self.manager)
        self.assertEqual(answer["call"], {"count": 1, "amount": 400, "won": 100})
        method = self._get_methods(answer)["call"]
        self.assertEqual(method["value"], 300)
        self.assertEqual((method["windows"], method["error"]), (5, 0))
        kpi = self._get_kpi(self.manager)
        with freeze_time(self.NOW):
            filters = {"window": "this_month"}
            tried = self._open(kpi, "past_calls", filters)
            months = self._count_groups(kpi, "past_calls", filters)
        self.assertEqual(tried.mapped("amount"), [300] * 5)
        self.assertEqual(months, 5)
        # A team's call is for what its people sell.
        team = {"scope": "team", "team_id": self.spares_team.id}
        self._call(self.manager, 9500, "2026-06-16", **team)
        method = self._get_methods(self._get_outlook(self.manager))["call"]
        self.assertEqual(method["value"], 800)

    def test_team(self):
        """A team's own call counts instead of those of its people."""
        self._call(self.salesman, 100, "2026-06-15")
        self._call(self.colleague, 40, "2026-06-15")
        self._call(
            self.manager,
            150,
            "2026-06-15",
            scope="team",
            team_id=self.equipment_team.id,
        )
        for filters, amount, count in (
            ({}, 190, 2),
            ({"team_ids": self.equipment_team.ids}, 150, 1),
            ({"team_ids": self.spares_team.ids}, 40, 1),
            ({"user_ids": self.salesman.ids}, 100, 1),
            ({"user_ids": self.all_documents.ids}, None, 0),
        ):
            answer = self._get_outlook(self.manager, **filters)
            found = answer["call"]
            self.assertEqual((found["count"], found["amount"]), (count, amount))
        answer = self._get_outlook(self.salesman)
        self.assertEqual(answer["call"]["amount"], 100)

    def test_leader_with_own_documents(self):
        """Sees the calls of the team, and is held against own ones only."""
        self.equipment_team.user_id = self.salesman
        self._call(self.manager, 50, "2026-06-15")
        self._call(self.salesman, 100, "2026-06-15")
        self._call(
            self.salesman,
            900,
            "2026-06-15",
            scope="team",
            team_id=self.equipment_team.id,
        )
        answer = self._get_outlook(self.salesman)
        self.assertEqual(answer["call"]["amount"], 100)
        rows = self.env["crm.forecast.call.reliability"].with_user(self.salesman)
        with freeze_time("2026-07-05 09:00:00"):
            self.assertEqual(rows.search([]).mapped("amount"), [100])

    def test_reliability(self):
        """The median of the errors and the bias, from four periods on."""
        won = {1: 100, 2: 100, 3: 200, 4: 100}
        for month, amount in won.items():
            self._won(amount, f"2026-{month:02}-10")
            self._call(self.salesman, 120, f"2026-{month:02}-05")
            rows = self.env["crm.forecast.call.reliability"].with_user(self.manager)
            with freeze_time(f"2026-{month + 1:02}-03 09:00:00"):
                [found] = rows.formatted_read_group(
                    [("user_id", "=", self.salesman.id)],
                    ["user_id"],
                    ["error:avg", "bias:avg", "__count"],
                )
            self.assertEqual(found["__count"], month)
            if month < 4:
                self.assertFalse(found["error:avg"])
                self.assertFalse(found["bias:avg"])
        self.assertAlmostEqual(found["error:avg"], 20)
        self.assertAlmostEqual(found["bias:avg"], 100 * (480 - 500) / 500)
        with freeze_time("2026-05-03 09:00:00"):
            row = rows.search([("period", "=", "2026-03-01")])
            self.assertEqual((row.amount, row.actual), (120, 200))
            self.assertAlmostEqual(row.bias, -40)
            self.assertEqual(row.weeks_left, 4)
            action = row.action_open_won()
        leads = self.env["crm.lead"].with_user(self.manager)
        found = leads.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(sum(found.mapped("expected_revenue")), row.actual)
        self.assertFalse(rows.with_user(self.colleague).search([]))

    def test_reliability_of_credits(self):
        """Of less than nothing there is no percentage, and none that looks good."""
        for month in range(1, 6):
            self._won(-100, f"2026-{month:02}-10")
            self._call(self.salesman, 120, f"2026-{month:02}-05")
        rows = self.env["crm.forecast.call.reliability"].with_user(self.manager)
        with freeze_time(self.NOW):
            self.assertEqual(
                [(row.actual, row.error, row.bias) for row in rows.search([])],
                [(-100, 0, 0)] * 5,
            )
            [found] = rows.formatted_read_group([], [], ["error:avg", "bias:avg"])
        self.assertFalse(found["error:avg"] or found["bias:avg"])
        method = self._get_methods(self._get_outlook(self.manager))["call"]
        self.assertIsNone(method["error"])

    def test_reliability_of_shares(self):
        """Of a shared opportunity each won his part; its team all of it, once."""
        self._turn_on()
        deal = self._won(100.01, "2026-05-10")
        self._share(deal, {self.colleague: 33.33})
        for user in (self.salesman, self.colleague):
            self._call(user, 120, "2026-05-05")
        self._call(self.manager, 120, "2026-05-05", scope="team")
        rows = self.env["crm.forecast.call.reliability"].with_user(self.manager)
        with freeze_time("2026-06-05 09:00:00"):
            won = {row.user_id: row.actual for row in rows.search([])}
            self.assertEqual(
                won,
                {self.salesman: 66.68, self.colleague: 33.33, self.manager: 100.01},
            )
            for row in rows.search([]):
                domain = row.action_open_won()["domain"]
                leads = self.env["crm.lead"].with_user(self.manager)
                self.assertEqual(leads.search(domain), deal)

    def test_share_of_a_call(self):
        """The call, too, is held against each one's share, as in hindsight."""
        self._turn_on()
        parts = {self.salesman: 66.68, self.colleague: 33.33}
        for month in (*range(1, 6), 6):
            for user, amount in parts.items():
                self._call(user, 2 * amount, f"2026-{month:02}-02")
            for day in ("05", "27") if month < 6 else ("03",):
                deal = self._won(100.01, f"2026-{month:02}-{day}")
                self._share(deal, {self.colleague: 33.33})
        for filters, value in (
            ({}, 100.01),
            ({"user_ids": self.salesman.ids}, 66.68),
            ({"user_ids": self.colleague.ids}, 33.33),
            ({"team_ids": self.spares_team.ids}, 33.33),
        ):
            answer = self._get_outlook(self.manager, **filters)
            method = self._get_methods(answer)["call"]
            self.assertEqual((method["windows"], method["error"]), (5, 0), filters)
            self.assertEqual(method["value"], value)
            self.assertFalse(method["is_compared"])
        rows = self.env["crm.forecast.call.reliability"].with_user(self.manager)
        with freeze_time(self.NOW):
            for row in rows.search([]):
                self.assertEqual((row.bias, row.actual), (0, row.amount))
                deals = self._open_won(row)
                self.assertEqual(deals.mapped("expected_revenue"), [100.01] * 2)

    def test_share_of_what_is_open(self):
        """What is open, and what was won a year ago, is by shares as is what is won:
        all numbers of a salesperson are of one kind."""
        self._turn_on()
        deals = self.env["crm.lead"]
        with self._at("2025-05-05 09:00:00"):
            deals |= self._new_deal(
                self.equipment, self.offer, user=self.salesman, expected_revenue=100.01
            )
        self._win(deals, "2025-06-20")
        deals |= self._new(100.01, user_id=self.salesman.id, date_deadline="2026-06-20")
        deals[1].with_user(self.manager).forecast_category = "commit"
        for deal in deals:
            self._share(deal, {self.colleague: 33.33})
        for whose, amount in (
            (self.env["res.users"], 100.01),
            (self.salesman, 66.68),
            (self.colleague, 33.33),
            (self.salesman + self.colleague, 100.01),
        ):
            filters = {"user_ids": whose.ids} if whose else {}
            # A list has whole opportunities, so their number alone is compared.
            kpi = self._get_kpi(self.manager)
            with freeze_time(self.NOW):
                answer = kpi.get_outlook({**filters, "window": "this_month"})
            for number in (answer["open"], answer["commit"]):
                self.assertEqual(number, {"count": 1, "amount": amount})
            self.assertEqual(self._get_methods(answer)["last_year"]["value"], amount)
            with freeze_time(self.NOW):
                for code in ("open", "commit", "last_year"):
                    found = self._open(kpi, code, {**filters, "window": "this_month"})
                    self.assertEqual(len(found), 1, code)

    def _open_won(self, row):
        action = row.action_open_won()
        records = row.env[action["res_model"]].with_context(**action["context"])
        return records.search(action["domain"])

    def test_deleted(self):
        """What was won stays won, with what its last stay knows."""
        for month in range(1, 6):
            start = f"2026-{month:02}"
            self._call(self.salesman, 300, f"{start}-02")
            kept, gone = (self._won(amount, f"{start}-27") for amount in (100, 200))
            with self._at(f"{start}-28 09:00:00"):
                gone.sudo().unlink()
            self.assertTrue(kept.exists())
        self._won(50, "2026-06-03").sudo().unlink()
        self._call(self.salesman, 400, "2026-06-15")
        for user in (self.manager, self.salesman):
            method = self._get_methods(self._get_outlook(user))["call"]
            self.assertEqual((method["windows"], method["error"]), (5, 0))
            self.assertEqual(method["value"], 350)
            rows = self.env["crm.forecast.call.reliability"].with_user(user)
            with freeze_time(self.NOW):
                for row in rows.search([]):
                    self.assertEqual(row.actual, 300)
                    stays = self._open_won(row)
                    self.assertEqual(stays._name, "crm.lead.passage")
                    self.assertEqual(sorted(stays.mapped("amount")), [100, 200])
        self.assertFalse(rows.with_user(self.colleague).search([]))

    def test_won_behind_a_call(self):
        """Nobody opens what is behind a call that is none of theirs, or of no period
        that is over."""
        self._won(100, "2026-05-10")
        call = self._call(self.salesman, 120, "2026-05-05")
        running = self._call(self.salesman, 120, "2026-06-05")
        for user, number in (
            (self.colleague, call.id),
            (self.manager, running.id),
            (self.manager, 0),
            (self.manager, "x"),
        ):
            leads = self.env["crm.lead"].with_user(user)
            value = json.dumps(["call", number])
            with freeze_time(self.NOW), self.assertRaises(UserError):
                leads.search([("funnel_number", "=", value)])

    def test_reliability_far_away(self):
        """The month is the reader's own, as in all figures."""
        self._won(100, "2026-05-31")
        deal = self._won(50, "2026-05-31")
        deal.sudo().date_closed = fields.Datetime.to_datetime("2026-05-31 12:00:00")
        self._call(self.salesman, 120, "2026-05-20")
        rows = self.env["crm.forecast.call.reliability"].with_user(self.manager)
        for zone, actual in (
            ("Pacific/Pago_Pago", 150),
            ("Europe/Paris", 150),
            ("Pacific/Kiritimati", 100),
        ):
            with freeze_time("2026-06-05 09:00:00"):
                row = rows.with_context(tz=zone).search([])
                self.assertEqual(row.actual, actual, zone)
                found = self._open_won(row)
            self.assertEqual(sum(found.mapped("expected_revenue")), actual)
            self.env.invalidate_all()
