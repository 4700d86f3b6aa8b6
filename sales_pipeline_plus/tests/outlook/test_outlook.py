from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..forecast.test_forecast_snapshot import SnapshotCase

# The codes of the lists, and where their number is in the answer.
STAGE_LISTS = {"open": "count", "past": "past_count", "past_won": "past_won"}


class OutlookCase(SnapshotCase):
    """June 2026: what is left of the month is 15 days long on the 16th."""

    NOW = "2026-06-16 09:00:00"

    @contextmanager
    def _at(self, moment):
        """Let the database's time be a moment, too."""
        now = fields.Datetime.to_datetime(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: now):
            yield
            self.env.flush_all()
            self.env["crm.lead.passage"].flush_model()

    def _new(self, amount=1000, at="2026-01-05 08:00", stage=None, **vals):
        with self._at(at):
            return self._new_deal(
                vals.pop("pipeline", self.equipment),
                stage or self.offer,
                user=self.manager,
                expected_revenue=amount,
                **vals,
            )

    def _win(self, deal, day):
        with self._at(f"{day} 09:00:00"):
            deal.sudo().action_set_won()

    def _get_kpi(self, user, tz="Europe/Paris"):
        kpi = self.env["crm.kpi"].with_user(user)
        return kpi.with_context(tz=tz, allowed_company_ids=user.company_ids.ids)

    def _get_outlook(self, user, tz="Europe/Paris", now=None, **filters):
        """Return the answer; check that each number is the list that it opens."""
        kpi = self._get_kpi(user, tz)
        with freeze_time(now or self.NOW):
            filters.setdefault("window", "this_month")
            answer = kpi.get_outlook(filters)
            self._check_lists(kpi, answer, filters)
        return answer

    def _open(self, kpi, code, filters, **stage):
        action = kpi.open_outlook_records(code, filters, **stage)
        records = kpi.env[action["res_model"]].with_context(**action["context"])
        return records.search(action["domain"])

    def _count_groups(self, kpi, code, filters, **which):
        """Return how many groups the list opens with."""
        action = kpi.open_outlook_records(code, filters, **which)
        records = kpi.env[action["res_model"]].with_context(**action["context"])
        return len(
            records.formatted_read_group(
                action["domain"], [action["context"]["group_by"]]
            )
        )

    def _check_weeks(self, answer, filters):
        """Behind the number of a method's forecasts is a group for each."""
        kpi = self._get_kpi(self.manager)
        for method in answer["methods"]:
            if method["records"] != "calls":
                with freeze_time(self.NOW):
                    found = self._count_groups(
                        kpi, "past", filters, weeks=method["weeks"]
                    )
                self.assertEqual(found, method["windows"], method["code"])

    def _check_lists(self, kpi, answer, filters):
        self.assertEqual(len(self._open(kpi, "open", filters)), answer["open"]["count"])
        self.assertEqual(len(self._open(kpi, "past", filters)), answer["past"]["count"])
        if answer["won"]:
            won = self._open(kpi, "won", filters)
            self.assertEqual(len(won), answer["won"]["count"])
        for stage in answer["stages"]:
            key = {name: stage[name] for name in ("pipeline_id", "stage_id")}
            for code, name in STAGE_LISTS.items():
                found = self._open(kpi, code, filters, **key)
                self.assertEqual(len(found), stage[name], (code, stage))

    def _get_methods(self, answer):
        return {method["code"]: method for method in answer["methods"]}


@tagged("post_install", "-at_install")
class TestOutlook(OutlookCase):
    """What will come, from what became of what was open."""

    def test_share(self):
        """Windows of 15 days that do not overlap: April 20, May 11 and June 1."""
        deals = [self._new(at="2026-04-14 08:00") for _number in range(10)]
        for day in ("2026-04-20", "2026-05-11", "2026-06-01"):
            self._take(f"{day} 06:00")
            # The last day of the window, and the first after it
            if day == "2026-04-20":
                self._win(deals[0], "2026-05-04")
                self._win(deals[1], "2026-05-05")
        self._win(deals[2], "2026-06-15")
        answer = self._get_outlook(self.manager)
        self.assertEqual(answer["days"], 15)
        self.assertEqual(
            answer["past"], {"count": 26, "windows": 3, "start": "2026-04-20"}
        )
        self._check_weeks(answer, {"window": "this_month"})
        [stage] = answer["stages"]
        chance = 2.5 / 27
        chance = (2 + 8 * chance) / 34
        chance = (2 + 8 * chance) / 34
        self.assertEqual((stage["past_count"], stage["past_won"]), (26, 2))
        self.assertEqual(stage["count"], 7)
        self.assertAlmostEqual(stage["chance"], 100 * chance)
        methods = self._get_methods(answer)
        self.assertAlmostEqual(methods["stage_window"]["value"], 7000 * chance, 2)
        self.assertEqual(stage["value"], methods["stage_window"]["value"])
        self.assertFalse(methods["stage_window"]["is_by_errors"])
        self.assertLess(stage["low"], stage["value"])
        self.assertLess(stage["value"], stage["high"])
        self.assertEqual(answer["best"], "stage_window")
        # Nothing has an expected closing.
        self.assertEqual(methods["own"]["value"], 0)
        self.assertEqual(methods["stage"]["value"], 0)
        self.assertEqual(answer["won"], {"count": 1, "amount": 1000})
        self.assertIn("Of 26 past opportunities at this stage 2 were", stage["words"])
        self.assertIn("within 15 days", stage["words"])
        self.assertIn("Your 7 open ones are worth", stage["words"])
        self.assertTrue(answer["words"][0].startswith("Your 7 open opportunities"))

    def test_credit(self):
        """What is worth less than nothing lowers the sum; no range leaves it out."""
        deals = [self._new(at="2026-04-14 08:00") for _number in range(9)]
        self._take("2026-05-11 06:00")
        self._win(deals[0], "2026-05-20")
        self._new(-30_000)
        answer = self._get_outlook(self.manager)
        [stage] = answer["stages"]
        for found in (stage, *answer["methods"]):
            if found["low"] is not None:
                self.assertLessEqual(found["low"], found["value"])
                self.assertLess(found["value"], found["high"])
        self.assertLess(stage["low"], 0)

    def test_weighted(self):
        """By the expected closing in the period, late ones included."""
        self._new(1000, date_deadline="2026-06-30")
        self._new(2000, date_deadline="2026-06-01", probability=50)
        self._new(4000, date_deadline="2026-07-01")
        methods = self._get_methods(self._get_outlook(self.manager))
        self.assertEqual(methods["own"]["value"], 300 + 1000)
        self.assertEqual(methods["stage"]["value"], 300 + 600)
        kpi = self._get_kpi(self.manager)
        with freeze_time(self.NOW):
            self.assertEqual(len(self._open(kpi, "due", {"window": "this_month"})), 2)

    def test_no_data(self):
        self._new()
        answer = self._get_outlook(self.manager)
        methods = self._get_methods(answer)
        for code in ("stage_window", "recalibrated"):
            self.assertIsNone(methods[code]["value"])
            self.assertIsNone(methods[code]["low"])
        self.assertIn("no data yet", answer["words"][0])
        [stage] = answer["stages"]
        self.assertIsNone(stage["chance"])
        self.env["crm.lead"].search([("type", "=", "opportunity")]).active = False
        answer = self._get_outlook(self.manager)
        self.assertEqual(answer["words"], ["No opportunity is open."])

    def test_backtest(self):
        """Eight windows of 15 days, in each of which one of four is won."""
        mondays = [
            fields.Date.add(fields.Date.to_date("2026-01-05"), weeks=3 * number)
            for number in range(8)
        ]
        for monday in mondays:
            four = [
                self._new(
                    at=f"{fields.Date.subtract(monday, days=3)} 08:00",
                    date_deadline=fields.Date.add(monday, days=5),
                )
                for _number in range(4)
            ]
            self._take(f"{monday} 06:00")
            self._win(four[0], fields.Date.add(monday, days=2))
            with self._at(f"{fields.Date.add(monday, days=10)} 09:00:00"):
                for deal in four[1:]:
                    deal.sudo().action_set_lost()
        self._new(4000)
        answer = self._get_outlook(self.manager)
        methods = self._get_methods(answer)
        found = methods["stage_window"]
        self.assertEqual(answer["past"]["windows"], 8)
        self.assertEqual(found["windows"], 7)
        self.assertTrue(found["is_by_errors"])
        self.assertEqual(answer["best"], "stage_window")
        self.assertTrue(found["is_best"])
        self.assertLess(found["error"], 10)
        self.assertIn(
            "Of 9 past opportunities at this stage one was won",
            self.env["crm.kpi.outlook.words"]._say_stage(
                {**answer["stages"][0], "past_count": 9, "past_won": 1}, 15
            ),
        )
        self.assertLess(found["error"], methods["own"]["error"])
        # The first one is none that all could forecast.
        self.assertEqual(methods["own"]["windows"], 7)
        self.assertTrue(methods["own"]["is_compared"])
        self.assertFalse(methods["last_year"]["is_compared"])
        self.assertEqual([methods[code]["scored"] for code in ("own", "stage")], [7, 7])
        # 30 % of all that was to be decided, of which a quarter was won
        self.assertAlmostEqual(methods["own"]["bias"], 20)
        self.assertIn("erred least", answer["words"][2])
        say = self.env["crm.kpi.outlook.words"]._say_range
        self.assertIn("errors of 7 forecasts", say({**methods["own"], "ranges": 0}))

    def test_last_year(self):
        """Of what was there 52 weeks ago, what was won in as many days."""
        old = "2025-05-05 08:00"
        for day, start in (
            ("2025-06-17", old),
            ("2025-07-01", old),
            ("2025-07-02", old),
            ("2025-06-16", old),
            ("2025-06-20", "2025-06-18 08:00"),
        ):
            self._win(self._new(at=start, date_start=start), day)
        answer = self._get_outlook(self.manager)
        self.assertEqual(self._get_methods(answer)["last_year"]["value"], 2000)
        kpi = self._get_kpi(self.manager)
        with freeze_time(self.NOW):
            found = self._open(kpi, "last_year", {"window": "this_month"})
        self.assertEqual(len(found), 2)
        answer = self._get_outlook(self.manager, now="2026-04-20 09:00:00")
        self.assertIsNone(self._get_methods(answer)["last_year"]["value"])

    def test_own_documents(self):
        """Who sees own opportunities learns from these, and the lists are as long."""
        own = [self._new(at="2026-05-20 08:00") for _number in range(3)]
        others = [
            self._new(at="2026-05-20 08:00", user_id=self.colleague.id)
            for _number in range(5)
        ]
        self._take("2026-06-01 06:00")
        self._win(own[0], "2026-06-03")
        self._win(others[0], "2026-06-03")
        for user, count in (
            (self.salesman, 3),
            (self.manager, 8),
            (self.all_documents, 8),
        ):
            answer = self._get_outlook(user)
            self.assertEqual(answer["past"]["count"], count)
            self.assertEqual(answer["open"]["count"], count - (1 if count == 3 else 2))
        answer = self._get_outlook(self.manager, user_ids=self.salesman.ids)
        self.assertEqual(answer["past"]["count"], 3)
        answer = self._get_outlook(self.manager, pipeline_ids=self.spares.ids)
        self.assertEqual((answer["past"]["count"], answer["stages"]), (0, []))

    def test_gone(self):
        """What was deleted counts with what it was; what was merged is the other's."""
        won, one, two = (self._new(at="2026-05-20 08:00") for _number in range(3))
        self._take("2026-06-01 06:00")
        self._win(won, "2026-06-03")
        with self._at("2026-06-05 09:00"):
            won.sudo().unlink()
            (one + two).sudo().merge_opportunity()
        answer = self._get_outlook(self.manager)
        [stage] = answer["stages"]
        self.assertEqual((stage["past_count"], stage["past_won"]), (2, 1))

    def test_gone_after_a_merge(self):
        """A merged one does not come back when the one that it is now is deleted."""
        one, two = (self._new(at="2026-05-20 08:00") for _number in range(2))
        self._take("2026-06-01 06:00")
        with self._at("2026-06-02 09:00"):
            merged = (one + two).sudo().merge_opportunity()
        self._win(merged, "2026-06-03")
        self._new()
        for _time in range(2):
            [stage] = self._get_outlook(self.manager)["stages"]
            self.assertEqual((stage["past_count"], stage["past_won"]), (1, 1))
            with self._at("2026-06-05 09:00"):
                merged.sudo().unlink()

    def test_arguments(self):
        kpi = self._get_kpi(self.manager)
        for filters in (
            {"x": 1},
            {"window": "x"},
            {"window": 5},
            {"period": "this_month"},
            {"user_ids": "x"},
            {"team_ids": [0]},
            {"lead_ids": {}},
            "x",
            [],
        ):
            with self.subTest(filters=filters), self.assertRaises(UserError):
                kpi.get_outlook(filters)
            with self.subTest(filters=filters), self.assertRaises(UserError):
                kpi.open_outlook_records("open", filters)
        for arguments in (
            ("x",),
            (None,),
            ("open", {}, "x"),
            ("open", {}, 1, []),
            ("past", {}, None, None, 7),
            ("past", {}, None, None, ["then"]),
        ):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                kpi.open_outlook_records(*arguments)
        with self.assertRaises(AccessError):
            self.env["crm.kpi"].with_user(
                self.env.ref("base.public_user")
            ).get_outlook()

    def test_queries(self):
        """As many for a hundred deals as for one."""
        self._new(at="2026-05-20 08:00")
        kpi = self._get_kpi(self.salesman)
        counts = []
        for number in (1, 20):
            for _number in range(number):
                self._new(at="2026-05-20 08:00")
            self._take("2026-06-01 06:00" if number == 1 else "2026-05-25 06:00")
            with freeze_time(self.NOW):
                self.env.invalidate_all()
                kpi.get_outlook()
                self.env.invalidate_all()
                count = self.env.cr.sql_log_count
                kpi.get_outlook()
                counts.append(self.env.cr.sql_log_count - count)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 25)
