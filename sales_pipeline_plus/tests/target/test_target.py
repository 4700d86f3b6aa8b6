import math
from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...kpi.catalogue import KPIS
from ...kpi.catalogue.targets import can_have_target
from ..common import PipelineCase

NOVEMBER, QUARTER, YEAR = date(2026, 11, 1), date(2026, 10, 1), date(2026, 1, 1)


class TargetCase(PipelineCase):
    """Targets of Tartempion in November 2026; today is Friday, the 20th."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-11-20 10:00:00"))
        (cls.company | cls.other_company).resource_calendar_id = cls.env[
            "resource.calendar"
        ].create({"name": "Monday to Friday", "company_id": False, "tz": "UTC"})
        cls.targets = cls.env["crm.target"].with_user(cls.manager)

    @classmethod
    def _set(cls, value, user=None, team=None, **vals):
        return cls.targets.create(
            {
                "figure": "won_amount",
                "company_id": cls.company.id,
                "user_id": user and user.id,
                **({"team_id": team.id} if team else {}),
                "period_type": "month",
                "date_start": NOVEMBER,
                "value": value,
                **vals,
            }
        )

    @classmethod
    def _win(cls, amount, pipeline=None, day=10, **vals):
        vals.setdefault("user", cls.manager)
        deal = cls._new_deal(
            pipeline or cls.equipment, expected_revenue=amount, **vals
        ).sudo()
        deal.action_set_won()
        deal.date_closed = datetime(2026, 11, day, 12)
        return deal

    def _ask(self, user=None, breakdown=None, codes=("won_amount",), **filters):
        engine = self.env["crm.kpi"].with_user(user or self.manager)
        engine = engine.with_company(self.company)
        return engine.get_figures(
            {"period": "this_month", **filters},
            list(codes),
            breakdown,
            with_targets=True,
        )

    def _get_target(self, *args, **kwargs):
        answer = self._ask(*args, **kwargs)
        return answer["values"]["won_amount"][0]["target"]


@tagged("post_install", "-at_install")
class TestTarget(TargetCase):
    def test_kept_when_people_change_team(self):
        target = self._set(100, self.salesman)
        self.assertEqual(target.team_id, self.equipment_team)
        self.equipment_team.member_ids -= self.salesman
        self.spares_team.member_ids += self.salesman
        self.env.flush_all()
        self.assertEqual(target.team_id, self.equipment_team)
        self.assertEqual(
            self._get_target(team_ids=self.equipment_team.ids)["target"], 100
        )
        self.assertIsNone(self._get_target(team_ids=self.spares_team.ids))
        self.assertEqual(self._get_target(user_ids=self.salesman.ids)["target"], 100)
        self.assertEqual(
            self._set(50, self.salesman, date_start=QUARTER).team_id, self.spares_team
        )

    def test_given_to_another_salesperson(self):
        target = self._set(1, self.salesman)
        target.user_id = self.colleague
        self.assertEqual(target.team_id, self.spares_team)
        target.write({"user_id": self.salesman.id, "team_id": self.spares_team.id})
        self.assertEqual(target.team_id, self.spares_team)

    def test_fiscal_year_changes(self):
        year = self._set(1, period_type="year", date_start=YEAR)
        self._set(1, period_type="quarter", date_start=QUARTER)
        with self.assertRefused(ValidationError, "Tartempion cannot change", "1"):
            self.company.fiscalyear_last_month = "3"
        year.active = False
        self.company.fiscalyear_last_month = "3"

    def test_copy(self):
        copy = self._set(7, self.salesman).copy()
        self.assertEqual((copy.date_start, copy.value), (date(2026, 12, 1), 7))

    def test_what_is_no_target(self):
        with self.assertRefused(ValidationError, "zzz", "is no (choice|figure)"):
            self._set(1, figure="zzz")
        for value in (math.nan, math.inf, 1e300):
            with self.assertRefused(ValidationError, "(must be a|is no) number"):
                self._set(value, figure="won_count")
        for day in (date(9999, 12, 1), date(1012, 11, 1)):
            with self.assertRefused(ValidationError, "must lie between"):
                self._set(1, date_start=day)
        with Form(self.targets.with_company(self.company)) as form:
            form.date_start = date(9999, 12, 20)
            form.date_start = NOVEMBER
            form.value = 5

    def test_first_day(self):
        with self.assertRefused(
            ValidationError, "Amount Won", "10/01/2026", "11/01/2026"
        ):
            self._set(1, period_type="quarter")
        self.company.fiscalyear_last_month = "1"
        target = self._set(1, period_type="quarter")
        self.assertEqual(target.date_end, date(2027, 1, 31))
        self.assertEqual(target.period_name, "Q4 FY 2027")
        with Form(self.targets.with_company(self.company)) as form:
            form.period_type = "year"
            form.date_start = date(2026, 11, 20)
            self.assertEqual(form.date_start, date(2026, 2, 1))
            form.value = 5

    def test_one_of_a_kind(self):
        first = self._set(70, self.salesman)
        values = first.copy_data()[0]
        with mute_logger("odoo.sql_db"):
            with self.assertRefused(
                ValidationError, "pipeline_salesman", "Nov 2026", "already", "70"
            ):
                self._set(80, self.salesman)
            with self.assertRefused(ValidationError, "Dec 2026", "twice"):
                self.targets.create([{**values, "date_start": "2026-12-01"}] * 2)
            first.active = False
            other = self._set(80, self.salesman)
            with self.assertRefused(ValidationError, "already", "80"):
                first.active = True
            other.date_start = QUARTER
            first.active = True
            with self.assertRefused(ValidationError, "already", "70"):
                other.date_start = NOVEMBER
            with self.assertRefused(Exception, "crm_target_value_positive"):
                self._set(-1)

    def test_owner(self):
        with self.assertRefused(ValidationError, "Abroad", "Tartempion"):
            self._set(1).sudo().team_id = self.foreign_team
        with self.assertRefused(ValidationError, "pipeline_foreigner"):
            self._set(1, self.foreigner)

    def test_currency_of_amounts_only(self):
        self.assertEqual(self._set(1).currency_id, self.company.currency_id)
        rate = self._set(33.333, figure="win_rate")
        self.assertFalse(rate.currency_id)
        self.assertEqual(rate.unit, "%")
        self.assertAlmostEqual(rate.value, 33.333)

    def test_any_figure(self):
        for kpi in filter(can_have_target, KPIS):
            self._set(1, figure=kpi.code)
        answer = self._ask(codes=[kpi.code for kpi in KPIS])
        for kpi in KPIS:
            [cell] = answer["values"][kpi.code]
            self.assertEqual(bool(cell["target"]), can_have_target(kpi), kpi.code)

    def test_rights(self):
        company = self._set(900)
        team = self._set(500, team=self.equipment_team)
        own = self._set(100, self.salesman)
        others = self._set(200, self.colleague)
        for user, expected in (
            (self.salesman, own | team),
            (self.colleague, others),
            (self.all_documents, company | team | own | others),
            (self.manager, company | team | own | others),
            (self.foreigner, self.targets),
        ):
            found = self.targets.with_user(user).search(
                [("id", "in", (company | team | own | others).ids)]
            )
            self.assertEqual(found, expected, user.login)
        for user in (self.salesman, self.all_documents):
            with self.assertRaises(AccessError):
                own.with_user(user).value = 1
            with self.assertRaises(AccessError):
                self.targets.with_user(user).create({"value": 1})
        with self.assertRaises(AccessError):
            others.with_user(self.salesman).read(["value"])


@tagged("post_install", "-at_install")
class TestTargetFigures(TargetCase):
    """Made, expected by today, gap and state, beside the figures."""

    def test_expected_by_today(self):
        # November has 21 working days; the 20th is the 15th of them.
        self._set(21000)
        self._win(14000)
        target = self._get_target()
        self.assertEqual(
            {
                name: target[name]
                for name in ("target", "made", "expected", "gap", "state")
            },
            {
                "target": 21000,
                "made": 14000,
                "expected": 15000,
                "gap": -7000,
                "state": "behind",
            },
        )
        self._win(1500)
        self.assertEqual(self._get_target()["state"], "on_track")
        self._win(3000)
        self.assertEqual(self._get_target()["state"], "ahead")
        self._win(3000)
        target = self._get_target()
        self.assertEqual(
            (target["state"], target["state_label"]), ("reached", "Reached")
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Works holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 11, 23),
                "date_to": datetime(2026, 11, 28),
            }
        )
        self.assertAlmostEqual(self._get_target()["expected"], 21000 * 15 / 16, 2)

    def test_past_and_to_come(self):
        self._set(100, date_start=QUARTER)
        self._set(100, date_start=date(2026, 12, 1))
        past = {"start": "2026-10-01", "end": "2026-10-31"}
        self.assertEqual(self._get_target(period=past)["state"], "missed")
        coming = {"start": "2026-12-01", "end": "2026-12-31"}
        target = self._get_target(period=coming)
        self.assertEqual((target["state"], target["expected"]), ("upcoming", 0))

    def test_roll_up(self):
        self._set(100, self.salesman)
        self._set(50, self.manager)
        self._set(30, self.colleague, date_start=QUARTER)
        self._set(70, self.colleague)
        equipment = self._get_target(team_ids=self.equipment_team.ids)
        self.assertEqual((equipment["target"], equipment["source"]), (150, "members"))
        quarter = self._get_target(period="this_quarter")
        self.assertEqual(quarter["target"], 250)
        self.assertTrue(quarter["is_partial"], "December has none")
        # October's is due as a whole.
        self.assertAlmostEqual(quarter["expected"], 30 + 220 * 15 / 21, 2)
        self._set(400, team=self.equipment_team)
        equipment = self._get_target(team_ids=self.equipment_team.ids)
        self.assertEqual((equipment["target"], equipment["source"]), (400, "own"))
        self.assertEqual(self._get_target()["target"], 470)
        self._set(1000)
        self.assertEqual(self._get_target()["target"], 1000)

    def test_breakdowns(self):
        self._set(100, self.salesman)
        self._set(70, self.colleague)
        self._win(40)
        answer = self._ask(breakdown="salesperson")
        found = {
            key["id"]: cell["target"]
            and (cell["target"]["target"], cell["target"]["made"])
            for key, cell in zip(
                answer["keys"], answer["values"]["won_amount"], strict=True
            )
        }
        self.assertEqual(found[self.salesman.id], (100, 40))
        self.assertEqual(
            found[self.colleague.id], (70, 0), "nothing made is a row as well"
        )
        answer = self._ask(breakdown="team")
        self.assertEqual(
            [cell["target"]["target"] for cell in answer["values"]["won_amount"]],
            [100, 70],
        )
        answer = self._ask(breakdown="month", period="this_quarter")
        self.assertEqual(
            [key["id"] for key in answer["keys"]],
            ["2026-10-01", "2026-11-01", "2026-12-01"],
        )
        self.assertEqual(
            [
                cell["target"] and cell["target"]["target"]
                for cell in answer["values"]["won_amount"]
            ],
            [None, 170, None],
        )

    def test_no_target_says_why(self):
        self._set(100)
        self.assertIn("whole months", self._ask(period="this_week")["target_note"])
        answer = self._ask(pipeline_ids=self.equipment.ids)
        self.assertIn("companies, teams and salespeople", answer["target_note"])
        self.assertIsNone(answer["values"]["won_amount"][0]["target"])
        self.assertTrue(self._ask(breakdown="stage")["target_note"])
        self.assertFalse(self._ask()["target_note"])

    def test_own_documents(self):
        self._set(1000)
        self._set(500, team=self.equipment_team)
        self._set(100, self.salesman)
        self._set(70, self.colleague)
        self._win(40)
        self._win(7, user_id=False, user=self.manager)
        cell = self._ask(self.salesman)["values"]["won_amount"][0]
        self.assertEqual(cell["value"], 47, "opportunities of nobody are everybody's")
        self.assertEqual((cell["target"]["target"], cell["target"]["made"]), (100, 40))
        self.assertIsNone(self._get_target(self.salesman, user_ids=self.colleague.ids))
        self.assertEqual(
            self._get_target(self.salesman, team_ids=self.equipment_team.ids)["target"],
            100,
        )
        answer = self._ask(self.salesman, breakdown="salesperson")
        targets = {
            key["id"]: cell["target"]
            for key, cell in zip(
                answer["keys"], answer["values"]["won_amount"], strict=True
            )
        }
        self.assertNotIn(self.colleague.id, targets)
        self.assertEqual(targets[self.salesman.id]["made"], 40)

    def test_companies_and_currencies(self):
        currency = self.env["res.currency"].create({"name": "TTQ", "symbol": "Q"})
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "currency_id": currency.id,
                    "rate": rate,
                    "company_id": self.company.id,
                }
                for day, rate in (
                    ("2026-01-01", 2),
                    ("2026-11-01", 4),
                    ("2026-11-15", 5),
                )
            ]
        )
        self.other_company.currency_id = currency
        self.manager.company_ids += self.other_company
        self._set(100)
        self.targets.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        ).create(
            {
                "figure": "won_amount",
                "company_id": self.other_company.id,
                "date_start": NOVEMBER,
                "value": 1000,
            }
        )
        self.assertEqual(self._get_target()["target"], 100)
        engine = (
            self.env["crm.kpi"]
            .with_user(self.manager)
            .with_context(allowed_company_ids=(self.company | self.other_company).ids)
        )
        rate = self.company.currency_id._get_rates(self.company, date(2026, 11, 1)).get(
            self.company.currency_id.id, 1
        )
        [cell] = engine.get_figures({}, ["won_amount"], with_targets=True)["values"][
            "won_amount"
        ]
        self.assertAlmostEqual(cell["target"]["target"], 100 + 1000 / 4 * rate, 2)
        self.assertEqual(cell["target"]["source"], "several")

    def test_odoos_target_is_read_not_doubled(self):
        self.equipment_team.invoiced_target = 300
        self.spares_team.invoiced_target = 200
        codes = ["invoiced_amount"]

        def get(**filters):
            [cell] = self._ask(codes=codes, **filters)["values"]["invoiced_amount"]
            return cell["target"]

        self.assertEqual(get()["target"], 500)
        team = get(team_ids=self.equipment_team.ids)
        self.assertEqual((team["target"], team["source"]), (300, "odoo"))
        self.assertEqual(get(period="this_quarter")["target"], 1500)
        self._set(340, team=self.equipment_team, figure="invoiced_amount")
        self.assertEqual(get()["target"], 540)
        self.assertEqual(get(period="this_quarter")["target"], 1540)
        self.assertIsNone(self._get_target(), "it is no target of the amount won")

    def test_query_count(self):
        """As many queries for many targets as for few."""

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            for breakdown in (None, "salesperson", "month"):
                self._ask(breakdown=breakdown, period="this_year")
            return self.env.cr.sql_log_count - before

        self._set(100, self.salesman)
        count()
        few = count()
        for month in range(1, 11):
            for user in (self.salesman, self.manager, self.colleague):
                self._set(100, user, date_start=date(2026, month, 1))
        self.assertEqual(count(), few)
        self.assertLess(few, 50)

    def test_decision_view(self):
        leads = self.env["crm.lead"].with_user(self.manager).with_company(self.company)
        self.equipment_team.invoiced_target = 26000
        self.env["crm.lead"].create(
            [
                self._prepare_deal(pipeline, date_deadline=date(2026, 12, 1))
                for pipeline in (self.equipment, self.spares)
            ]
        )
        domain = [("type", "=", "opportunity"), ("active", "=", True)]

        def get(*more, granularity="month", start="2026-11-01"):
            return leads.get_decision_targets([*domain, *more], granularity, [start])

        self.assertEqual(get(), [26000])
        self._set(900, team=self.equipment_team)
        self._set(100, self.colleague)
        self.assertEqual(get(), [1000], "not added to Odoo's")
        self.assertEqual(get(("team_id", "=", self.equipment_team.id)), [900])
        self.assertEqual(get(("user_id", "=", self.colleague.id)), [100])
        both = (self.salesman | self.colleague).ids
        self.assertEqual(get(("user_id", "in", both)), [100])
        nobody = [
            ("user_id", "=", self.colleague.id),
            ("user_id", "=", self.salesman.id),
        ]
        for part in (
            [("partner_id", "=", 1)],
            [("tag_ids", "in", [1])],
            [("country_id", "=", 1)],
            [("user_id", "=", False)],
            ["|", ("user_id", "=", self.colleague.id), ("tag_ids", "in", [1])],
            nobody,
        ):
            with self.subTest(part):
                self.assertEqual(get(*part), [])
                search = [*domain, *part]
                self.assertIsNone(leads.get_decision_made(search, "month")["target"])
        [week] = get(granularity="week", start="2026-11-16")
        self.assertAlmostEqual(week, 1000 * 5 / 21, 2)
        made = leads.get_decision_made(domain, "month")["target"]
        self.assertEqual(
            (made["target"], made["made"], made["state"]), (1000, 0, "behind")
        )
        self.assertIsNone(leads.get_decision_made(domain, "week")["target"])

    def test_arguments(self):
        for filters in ("x", [1], {"period": 5}, {"user_ids": "x"}):
            with self.assertRaises(UserError):
                self.env["crm.kpi"].with_user(self.manager).get_figures(
                    filters, ["won_amount"], with_targets=True
                )
