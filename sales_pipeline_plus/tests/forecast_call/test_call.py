from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PipelineCase

NOW = "2026-06-16 09:00:00"


class CallCase(PipelineCase):
    def _call(self, user, amount=1000, **vals):
        calls = self.env["crm.forecast.call"].with_user(user)
        return calls.create({"amount": amount, **vals})


@tagged("post_install", "-at_install")
class TestForecastCategory(CallCase):
    """Commit, best case or left out: nothing but a person sets it."""

    def test_nothing_resets_it(self):
        deal = self._new_deal(self.equipment, self.qualified)
        self.assertFalse(deal.forecast_category)
        deal.forecast_category = "commit"
        deal.stage_id = self.offer
        deal.probability = 5
        deal.date_deadline = "2026-12-31"
        deal.pipeline_id = self.spares
        deal.stage_id = self.negotiation
        deal.action_set_lost()
        deal.action_unarchive()
        deal.stage_id = self.won
        self.assertEqual(deal.forecast_category, "commit")
        self.assertFalse(deal.copy().forecast_category)

    def test_many_at_once(self):
        deals = self._new_deal(self.equipment, self.offer)
        deals += self._new_deal(self.equipment, self.offer)
        deals.write({"forecast_category": "left_out"})
        self.assertEqual(set(deals.mapped("forecast_category")), {"left_out"})
        found = deals._read_group(
            [("id", "in", deals.ids)], ["forecast_category"], ["__count"]
        )
        self.assertEqual(found, [("left_out", 2)])

    def test_merge(self):
        """The survivor keeps its own, or gets the other's."""
        one = self._new_deal(self.equipment, self.negotiation, user=self.manager)
        two = self._new_deal(
            self.equipment,
            self.qualified,
            user=self.manager,
            forecast_category="best_case",
        )
        merged = (one + two).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.forecast_category, "best_case")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestForecastCall(CallCase):
    """One call a week holds, and none is ever changed."""

    def test_defaults(self):
        call = self._call(self.salesman)
        self.assertRecordValues(
            call,
            [
                {
                    "user_id": self.salesman.id,
                    "team_id": self.equipment_team.id,
                    "scope": "own",
                    "company_id": self.company.id,
                    "period_type": "month",
                    "date_start": date(2026, 6, 1),
                    "date_end": date(2026, 6, 30),
                    "week": date(2026, 6, 15),
                    "currency_id": self.company.currency_id.id,
                    "is_replaced": False,
                }
            ],
        )
        self.assertIn(self.salesman.name, call.display_name)
        quarter = self._call(self.salesman, period_type="quarter")
        self.assertEqual(quarter.date_start, date(2026, 4, 1))
        self.assertEqual(quarter.date_end, date(2026, 6, 30))
        self.assertFalse(call.is_replaced)

    def test_without_an_amount(self):
        """Nothing stated is not 0, and takes no good call's place."""
        good = self._call(self.salesman)
        calls = self.env["crm.forecast.call"].with_user(self.salesman)
        for amount in ([], {}, [1]):
            with (
                self.subTest(amount),
                self.assertRaisesRegex(ValidationError, "no number"),
            ):
                calls.create({"amount": amount})
        for vals in ({}, {"amount": False}, {"amount": None}, {"amount": ""}):
            with (
                self.subTest(vals),
                self.assertRaisesRegex(ValidationError, "Amount Called"),
            ):
                calls.create({"note": "Two signatures", **vals})
        result = calls.load(["amount", "note"], [["", "Two signatures"]])
        self.assertIn("Amount Called", result["messages"][0]["message"])
        self.assertFalse(good.is_replaced)
        self.assertEqual(self._call(self.salesman, 0).amount, 0)
        self.assertTrue(good.is_replaced)

    def test_empty_columns(self):
        """What a call has by itself may be left empty in an import."""
        calls = self.env["crm.forecast.call"].with_user(self.salesman)
        names = ["amount", "week", "date_start", "scope", "period_type", "team_id"]
        result = calls.load(names, [["500", "", "", "", "", ""]])
        self.assertFalse(result["messages"])
        call = calls.browse(result["ids"])
        self.assertEqual((call.scope, call.date_start), ("own", date(2026, 6, 1)))

    def test_form(self):
        calls = self.env["crm.forecast.call"].with_user(self.salesman)
        with Form(calls) as form:
            form.period_type = "quarter"
            form.date_start = "2026-08-20"
            form.amount = 500
        call = form.record
        self.assertEqual(call.date_start, date(2026, 7, 1))
        self.assertEqual(call.week, date(2026, 6, 15))

    def test_replace(self):
        """The same week: a new one replaces; another week: both hold."""
        first = self._call(self.salesman, 1000, note="As I hope")
        second = self._call(self.salesman, 800)
        self._call(self.colleague, 500)
        self.assertTrue(first.is_replaced)
        self.assertEqual((first.amount, first.note), (1000, "As I hope"))
        self.assertFalse(second.is_replaced)
        with freeze_time("2026-06-22 09:00:00"):
            third = self._call(self.salesman, 700)
        self.assertFalse(second.is_replaced)
        self.assertEqual(third.week, date(2026, 6, 22))
        calls = self.env["crm.forecast.call"].with_user(self.salesman)
        with self.assertRefused(UserError, "there twice"):
            calls.create([{"amount": 1}, {"amount": 2}])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            first.sudo().is_replaced = False
            self.env.flush_all()

    def test_never_changed(self):
        call = self._call(self.salesman)
        for user in (self.salesman, self.manager):
            for vals in ({"amount": 5}, {"note": "x"}, {"is_replaced": True}):
                with self.assertRefused(UserError, "never changed"):
                    call.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                call.with_user(user).unlink()
        with self.assertRefused(UserError, "week in which it is stated"):
            self._call(self.salesman, week="2026-06-08")
        with self.assertRefused(UserError, "whoever makes it"):
            self._call(self.manager, user_id=self.salesman.id)
        call = self._call(self.salesman, is_replaced=True)
        self.assertFalse(call.is_replaced)

    def test_nothing_from_the_context(self):
        """A default is what somebody gives, too."""
        calls = self.env["crm.forecast.call"].with_user(self.salesman)
        for context, words in (
            ({"default_week": "2026-06-08"}, "week in which it is stated"),
            ({"default_user_id": self.manager.id}, "whoever makes it"),
        ):
            with self.subTest(context=context), self.assertRefused(UserError, words):
                calls.with_context(**context).create({"amount": 1})

    def test_nothing_that_is_computed(self):
        """Neither the end of the period nor the currency can be told."""
        currency = self.env["res.currency"].create({"name": "TCC", "symbol": "C"})
        told = {"date_end": "2199-12-31", "currency_id": currency.id}
        with self.assertRefused(ValidationError, "is over"):
            self._call(self.salesman, date_start="2026-05-01", **told)
        call = self._call(self.salesman, **told)
        self.assertEqual(call.date_end, date(2026, 6, 30))
        self.assertEqual(call.currency_id, self.company.currency_id)

    def test_team_of_an_own_call(self):
        """The one that its author is in, whatever is told."""
        with self.assertRefused(ValidationError, "is not in the team"):
            self._call(self.salesman, team_id=self.spares_team.id)
        for scope in ({}, {"scope": "own"}):
            call = self._call(self.salesman, team_id=False, **scope)
            self.assertEqual(call.team_id, self.equipment_team)
        calls = self.env["crm.forecast.call"].with_user(self.all_documents)
        with Form(calls) as form:
            form.amount = 5
            form.scope = "team"
            form.team_id = self.equipment_team
            form.scope = "own"
            self.assertEqual(form.team_id, self.spares_team)
        self.assertEqual(form.record.team_id, self.spares_team)

    def test_checks(self):
        for vals, error, words in (
            ({"date_start": "2026-06-02"}, ValidationError, "first day"),
            ({"date_start": "2026-05-01"}, ValidationError, "is over"),
            (
                {"period_type": "quarter", "date_start": "2026-05-01"},
                ValidationError,
                "first day",
            ),
            ({"amount": float("nan")}, ValidationError, "is no number"),
            ({"amount": 1e15}, ValidationError, "must be a number"),
            ({"amount": "nan"}, ValidationError, "is no number"),
            ({"amount": "much"}, ValidationError, "is no number"),
            ({"amount": [5]}, ValidationError, "is no number"),
            ({"week": "x"}, ValidationError, "is no date"),
            ({"company_id": "x"}, UserError, "number of a record"),
            ({"team_id": self.foreign_team.id}, AccessError, "."),
            ({"date_start": "0001-01-01"}, ValidationError, "first day"),
        ):
            with self.subTest(vals=vals), self.assertRefused(error, words):
                self._call(self.salesman, **vals)

    def test_period_that_ended_this_week(self):
        with freeze_time("2026-07-01 09:00:00"):
            calls = self.env["crm.forecast.call"].with_user(self.salesman)
            with self.assertRefused(ValidationError, "is over"):
                calls.create({"amount": 1, "date_start": "2026-06-01"})

    def test_team(self):
        """The leader speaks for the team, as does who sees all."""
        vals = {"scope": "team", "team_id": self.equipment_team.id}
        with self.assertRefused(ValidationError, "stated by its leader"):
            self._call(self.salesman, **vals)
        self._call(self.all_documents, **vals)
        self.equipment_team.user_id = self.salesman
        call = self._call(self.salesman, **vals)
        own = self._call(self.salesman)
        self.assertFalse((call + own).filtered("is_replaced"))
        again = self._call(self.salesman, 7, **vals)
        self.assertTrue(call.is_replaced)
        self.assertFalse((again + own).filtered("is_replaced"))

    def test_roles(self):
        own = self._call(self.salesman)
        other = self._call(self.colleague)
        foreign = self._call(self.foreigner)
        mine = self._call(self.manager)
        all_calls = own + other + foreign + mine

        def get_seen(user):
            calls = self.env["crm.forecast.call"].with_user(user)
            return calls.search([("id", "in", all_calls.ids)])

        self.assertEqual(get_seen(self.salesman), own)
        self.assertEqual(get_seen(self.manager), own + other + mine)
        self.assertEqual(get_seen(self.all_documents), own + other + mine)
        self.assertEqual(get_seen(self.foreigner), foreign)
        self.equipment_team.user_id = self.colleague
        self.assertEqual(get_seen(self.colleague), own + other + mine)
        with self.assertRaises(AccessError):
            get_seen(self.env.ref("base.public_user"))

    def test_weeks_far_away(self):
        """Monday is the company's: in Kiritimati it begins a day before Pago Pago's."""
        for zone, week in (
            ("Pacific/Kiritimati", date(2026, 6, 22)),
            ("Pacific/Pago_Pago", date(2026, 6, 15)),
        ):
            self.company.partner_id.tz = zone
            with freeze_time("2026-06-21 12:00:00"):
                self.assertEqual(self._call(self.salesman).week, week)
            with freeze_time("2026-06-30 12:00:00"):
                # It is July in Kiritimati.
                month = self._call(self.salesman).date_start.month
            self.assertEqual(month, 7 if "Kiritimati" in zone else 6)
            self.env["crm.forecast.call"].sudo().search([]).unlink()

    def test_currency(self):
        currency = self.env["res.currency"].create({"name": "TCC", "symbol": "C"})
        self.other_company.currency_id = currency
        self.assertEqual(self._call(self.foreigner).currency_id, currency)

    def test_queries(self):
        """As many for many calls as for few."""
        calls = self.env["crm.forecast.call"].with_user(self.salesman)
        counts = []
        months = [f"2027-{number:02}-01" for number in range(1, 13)]
        for some in (months[:3], months[3:]):
            self.env.invalidate_all()
            count = self.env.cr.sql_log_count
            calls.create([{"amount": 1, "date_start": month} for month in some])
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - count)
        self.assertLessEqual(counts[1], counts[0])
