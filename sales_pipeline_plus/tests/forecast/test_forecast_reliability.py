import doctest
import random
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...kpi import forecast_arithmetic
from .test_forecast_snapshot import SnapshotCase

TODAY = "2026-07-15 12:00"
HORIZONS = {"00": 0, "01": 1, "02": 2, "04": 4, "08": 8, "12": 12}


@tagged("post_install", "-at_install")
class TestForecastReliability(SnapshotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reliability = cls.env["crm.forecast.reliability"].with_user(cls.manager)
        cls.calibration = cls.env["crm.forecast.calibration"].with_user(cls.manager)

    def _snapshot(self, deal, week, **vals):
        return self.snapshots.sudo().create(
            {
                "lead_id": deal.id,
                "date": week,
                "amount": deal.expected_revenue,
                "weighted_amount": deal.prorated_revenue,
                "probability": deal.probability,
                "date_deadline": deal.date_deadline,
                "stage_id": deal.stage_id.id,
                "pipeline_id": deal.pipeline_id.id,
                "user_id": deal.user_id.id,
                "team_id": deal.team_id.id,
                "company_id": deal.company_id.id,
                **vals,
            }
        )

    def _new_closed(self, won=True, closed=None, **vals):
        if won:
            vals["stage_id"] = self.won.id
        else:
            vals.update(active=False, probability=0, stage_id=self.offer.id)
        return self._new_deal(
            vals.pop("pipeline", self.equipment),
            user=self.env.user,
            date_closed=closed or datetime(2026, 6, 15),
            **vals,
        )

    def _read(self, report, domain=(), groupby=(), user=None):
        measures = [
            "forecast:sum",
            "weighted_forecast:sum",
            "actual:sum",
            "wape:avg",
            "bias:avg",
            "weighted_wape:avg",
            "weighted_bias:avg",
        ]
        with freeze_time(TODAY):
            return report.with_user(user or self.manager)._read_group(
                list(domain), list(groupby), measures
            )

    def test_arithmetic(self):
        failed, attempted = doctest.testmod(forecast_arithmetic)
        self.assertFalse(failed)
        self.assertTrue(attempted)

    def test_one_month(self):
        """Two salespeople, at the start of June and a week before."""
        deal = self._new_closed(expected_revenue=100)
        other = self._new_closed(
            expected_revenue=100, pipeline=self.spares, user_id=self.colleague.id
        )
        lost = self._new_closed(False, expected_revenue=70)
        june = {"date_deadline": date(2026, 6, 30)}
        self._snapshot(deal, "2026-06-01", **june, amount=150, weighted_amount=75)
        self._snapshot(lost, "2026-06-01", **june, amount=50, weighted_amount=10)
        # This one was to close in July.
        self._snapshot(other, "2026-06-01", date_deadline="2026-07-01")
        self._snapshot(other, "2026-05-25", **june, amount=80, weighted_amount=40)
        start = [("horizon", "=", "00"), ("period", "=", "2026-06-01")]
        self.assertEqual(
            self._read(self.reliability, start), [(200, 85, 200, 100, 0, 57.5, -57.5)]
        )
        self.assertEqual(
            self._read(self.reliability, start, ["user_id"]),
            [
                (self.salesman, 200, 85, 100, 100, 100, 15, -15),
                (self.colleague, 0, 0, 100, 100, -100, 100, -100),
            ],
        )
        week_before = [("horizon", "=", "01"), ("period", "=", "2026-06-01")]
        [values] = self._read(self.reliability, week_before)
        self.assertEqual(values, (80, 40, 200, 60, -60, 80, -80))
        # The month counts once: two horizons have no total.
        [values] = self._read(self.reliability, [("period", "=", "2026-06-01")])
        self.assertFalse(any(values))
        # No snapshot saw the month from two weeks before: that is no 0.
        self.assertFalse(
            self._read(self.reliability, [("horizon", "=", "02")], ["period:month"])
        )
        self.assertFalse(
            self._read(
                self.reliability, [("period", "=", "2026-07-01")], ["period:month"]
            )
        )

    def test_nothing_won_is_no_error_of_0(self):
        deal = self._new_closed(False)
        self._snapshot(deal, "2026-06-01", date_deadline="2026-06-20")
        [values] = self._read(self.reliability, [("horizon", "=", "00")])
        self.assertEqual(values[2], 0)
        for ratio in values[3:]:
            self.assertIn(ratio, (None, False))
            self.assertNotEqual(repr(ratio), "0.0")

    def test_month_of_the_reader(self):
        """Won at 23:00 UTC on 31 May: in June for who is in Paris."""
        deal = self._new_closed(closed=datetime(2026, 5, 31, 23), expected_revenue=100)
        self._snapshot(deal, "2026-06-01", date_deadline="2026-06-20")
        domain = [("period", "=", "2026-06-01"), ("horizon", "=", "00")]
        for zone, won in (("Europe/Paris", 100), ("UTC", 0)):
            report = self.reliability.with_context(tz=zone)
            [values] = self._read(report, domain)
            self.assertEqual(values[2], won, zone)

    def test_year_end(self):
        """January 2027 began on a Friday of the last week of 2026."""
        deal = self._new_closed(closed=datetime(2027, 1, 2), expected_revenue=100)
        self._snapshot(deal, "2026-12-28", date_deadline="2027-01-20")
        self._snapshot(deal, "2026-11-30", date_deadline="2027-01-20")
        with freeze_time("2027-02-03"):
            found = self.reliability._read_group(
                [("period", "=", "2027-01-01")], ["horizon", "week:day"], ["actual:sum"]
            )
        self.assertEqual(
            found,
            [("00", date(2026, 12, 28), 100), ("04", date(2026, 11, 30), 100)],
        )

    def test_rules(self):
        own = self._new_closed(expected_revenue=100)
        other = self._new_closed(
            expected_revenue=40, pipeline=self.spares, user_id=self.colleague.id
        )
        for deal in own + other:
            self._snapshot(deal, "2026-06-01", date_deadline="2026-06-20")
        for user, won in (
            (self.salesman, 100),
            (self.colleague, 40),
            (self.all_documents, 140),
            (self.manager, 140),
        ):
            [values] = self._read(self.reliability, [("horizon", "=", "00")], user=user)
            self.assertEqual(values[2], won, user.login)
            calibration = self.calibration.with_user(user).get_calibration([])
            self.assertEqual(calibration["count"], 2 if won == 140 else 1, user.login)
        own.collaborator_ids = self.colleague
        [values] = self._read(
            self.reliability, [("horizon", "=", "00")], user=self.colleague
        )
        self.assertEqual(values[2], 140)
        self.assertFalse(self._read(self.reliability, [], ["user_id"], self.foreigner))
        self.assertFalse(
            self.calibration.with_user(self.foreigner).get_calibration([])["count"]
        )

    def test_companies_and_currencies(self):
        """Forecast and result alike at the rate of the last day of the month."""
        dollar = self.env["res.currency"].create({"name": "TST", "symbol": "T"})
        self.other_company.currency_id = dollar
        for day, rate in (("2026-01-01", 2), ("2026-06-30", 4), ("2026-07-01", 8)):
            self.env["res.currency.rate"].create(
                {
                    "currency_id": dollar.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
            )
        deal = self._new_closed(expected_revenue=100)
        abroad = self._new_deal(
            user=self.env.user,
            stage_id=self.won.id,
            company_id=self.other_company.id,
            team_id=self.foreign_team.id,
            user_id=self.foreigner.id,
            date_closed=datetime(2026, 6, 15),
            expected_revenue=400,
        )
        for lead in deal + abroad:
            self._snapshot(lead, "2026-06-01", date_deadline="2026-06-20")
        self.manager.company_ids += self.other_company
        report = self.reliability.with_context(
            allowed_company_ids=(self.company + self.other_company).ids
        )
        found = self._read(report, [("horizon", "=", "00")], ["company_id"])
        self.assertEqual(
            [(company, values[0], values[2]) for company, *values in found],
            [(self.company, 100, 100), (self.other_company, 100, 100)],
        )

    def test_deleted_team_and_salesperson(self):
        """What was forecast too much by one does not make up for the others' lack."""
        team = self.env["crm.team"].create({"name": "Gone", "company_id": False})
        gone = self._new_user("gone", "sales_team.group_sale_salesman")
        june = {"date_deadline": date(2026, 6, 30)}
        for number, (amount, seen) in enumerate(((100, 300), (100, 20), (100, 50))):
            deal = self._new_closed(
                expected_revenue=amount,
                user_id=(False, gone.id, False)[number],
                team_id=(False, False, team.id)[number],
            )
            self._snapshot(deal, "2026-06-01", **june, amount=seen, weighted_amount=9)
        domain = [("horizon", "=", "00"), ("period", "=", "2026-06-01")]
        [before] = self._read(self.reliability, domain)
        self.assertEqual(before[3], 100 * (200 + 80 + 50) / 300)
        self.env.flush_all()
        team.sudo().unlink()
        gone.sudo().unlink()
        self.env.invalidate_all()
        self.assertEqual(self._read(self.reliability, domain), [before])
        with freeze_time(TODAY):
            rows = self.reliability.search(domain)
            self.assertEqual(
                sorted(rows.mapped(lambda row: (row.forecast, row.actual))),
                [(20, 100), (50, 100), (300, 100)],
            )
            for row in rows:
                behind = self.snapshots.search(row.action_open_forecast()["domain"])
                self.assertEqual(sum(behind.mapped("amount")), row.forecast)

    def test_company_without_snapshots(self):
        """A forecast of one company does not pass for that of two."""
        self.env.cr.execute("DELETE FROM crm_forecast_snapshot")
        deal = self._new_closed(expected_revenue=100)
        self._snapshot(deal, "2026-05-04", date_deadline="2026-06-20")
        self._new_deal(
            user=self.env.user,
            stage_id=self.won.id,
            company_id=self.other_company.id,
            team_id=self.foreign_team.id,
            user_id=self.foreigner.id,
            date_closed=datetime(2026, 6, 15),
            expected_revenue=400,
        )
        self.manager.company_ids += self.other_company
        companies = self.company + self.other_company

        def read(**filters):
            figures = self.env["crm.kpi"].with_user(self.manager)
            figures = figures.with_context(allowed_company_ids=companies.ids)
            period = {"start": "2026-06-01", "end": "2026-06-30"}
            with freeze_time(TODAY):
                answer = figures.get_figures(
                    {"period": period, **filters}, ["forecast_bias"]
                )
            return answer["values"]["forecast_bias"][0]["value"]

        known = read(company_ids=self.company.ids)
        self.assertIsNotNone(known)
        self.assertIsNone(read())
        # The job was there before: in that week nothing was open.
        early = self._new_closed(
            False,
            datetime(2026, 4, 15),
            company_id=self.other_company.id,
            pipeline=self.equipment,
            team_id=self.foreign_team.id,
            user_id=self.foreigner.id,
        )
        self._snapshot(early, "2026-04-06", date_deadline="2026-04-20")
        self.assertIsNotNone(read())
        found = self._read(
            self.reliability.with_context(allowed_company_ids=companies.ids),
            [("horizon", "=", "04"), ("company_id", "=", self.other_company.id)],
            ["period:month"],
        )
        self.assertEqual(
            [values[:4] for values in found], [(date(2026, 6, 1), 0, 0, 400)]
        )

    def test_recount(self):
        """The page and the plain functions agree on random histories."""
        chance = random.Random(2007)
        weeks = [date(2026, 2, 2) + timedelta(weeks=number) for number in range(21)]
        rows, deals = [], []
        for _number in range(24):
            won = chance.random() < 0.5
            spares = chance.random() < 0.5
            closed = datetime(2026, chance.randint(4, 6), chance.randint(2, 28), 12)
            deal = self._new_closed(
                won,
                closed,
                pipeline=self.spares if spares else self.equipment,
                expected_revenue=chance.randint(1, 900),
            )
            deals.append((deal, won, closed))
            for week in weeks:
                if week < closed.date() and chance.random() < 0.8:
                    probability = chance.randint(0, 100)
                    amount = chance.randint(1, 900)
                    month = chance.choice((4, 5, 6))
                    rows.append((deal, week, amount, probability, month))
                    self._snapshot(
                        deal,
                        week,
                        amount=amount,
                        weighted_amount=amount * probability / 100,
                        probability=probability,
                        date_deadline=date(2026, month, 20),
                    )
        for key, horizon in HORIZONS.items():
            cells, weighted = {}, {}
            for month in (4, 5, 6):
                week = forecast_arithmetic.get_forecast_week(
                    date(2026, month, 1), horizon
                )
                if week not in weeks:
                    continue
                for deal, seen, amount, probability, to_close in rows:
                    if seen == week and to_close == month:
                        cell = (month, deal.pipeline_id, deal.user_id)
                        cells.setdefault(cell, [0, 0])[0] += amount
                        weighted.setdefault(cell, [0, 0])[0] += (
                            amount * probability / 100
                        )
                for deal, won, closed in deals:
                    if won and closed.month == month:
                        cell = (month, deal.pipeline_id, deal.user_id)
                        for values in (cells, weighted):
                            values.setdefault(cell, [0, 0])[1] += deal.expected_revenue
            [found] = self._read(
                self.reliability,
                [("horizon", "=", key), ("period", ">=", "2026-04-01")],
            )
            expected = (
                sum(values[0] for values in cells.values()),
                sum(values[0] for values in weighted.values()),
                sum(values[1] for values in cells.values()),
                forecast_arithmetic.get_wape(cells.values()),
                forecast_arithmetic.get_bias(cells.values()),
                forecast_arithmetic.get_wape(weighted.values()),
                forecast_arithmetic.get_bias(weighted.values()),
            )
            for value, wanted in zip(found, expected, strict=True):
                self.assertAlmostEqual(value, wanted, places=4, msg=key)
        self._check_parts()
        self._check_calibration(deals, rows)

    def _check_parts(self):
        """Some months that are asked for alone are what they are among all."""

        def read(report, domain):
            return [
                [round(v, 6) if isinstance(v, float) else v for v in values]
                for values in self._read(report, domain, ["period:month", "user_id"])
            ]

        for first, end in ((4, 5), (4, 7), (5, 6), (6, 7)):
            first, end = date(2026, first, 1), date(2026, end, 1)
            domain = [("period", ">=", first), ("period", "<", end)]
            for key, horizon in HORIZONS.items():
                domain = [*domain[:2], ("horizon", "=", key)]
                part = self.reliability._of_part(first, end, [horizon])
                self.assertEqual(read(part, domain), read(self.reliability, domain))
        # What a client sends in the context is no part.
        sent = self.reliability.with_context(
            reliability_part=["2026-04-01", "2026-05-01", [0]]
        )
        self.assertEqual(read(sent, ()), read(self.reliability, ()))

    def _check_calibration(self, deals, rows):
        announced = {}
        for deal, _week, _amount, probability, _month in rows:
            key = (deal, forecast_arithmetic.get_bin(probability))
            announced.setdefault(key, []).append(probability)
        is_won = {deal: won for deal, won, _closed in deals}
        observations = [
            (sum(values) / len(values), is_won[deal])
            for (deal, _bin), values in announced.items()
        ]
        found = self.calibration.get_calibration([])
        expected = forecast_arithmetic.get_calibration(observations)
        for values, wanted in zip(found["bins"], expected, strict=True):
            self.assertAlmostEqual(values["announced"], wanted[0], places=6)
            self.assertAlmostEqual(values["obtained"], wanted[1], places=6)
            self.assertEqual(values["count"], wanted[2])
        self.assertAlmostEqual(
            found["brier_score"],
            forecast_arithmetic.get_brier_score(observations),
            places=6,
        )
        self.assertEqual(found["count"], len({deal for deal, _bin in announced}))

    def test_calibration_without_data(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._snapshot(deal, "2026-06-01")
        found = self.calibration.get_calibration([])
        self.assertEqual(found["count"], 0)
        self.assertIsNone(found["brier_score"])
        self.assertEqual(len(found["bins"]), 10)
        for values in found["bins"]:
            self.assertIsNone(values["obtained"])

    def test_suggestion_beside_an_import(self):
        """Losses that are imported, or deals that are deleted, change nothing."""
        lines = self.equipment.pipeline_stage_ids.with_user(self.manager)
        deals = self.env["crm.lead"]
        for _number in range(6):
            deals += self._new_deal(self.equipment, self.qualified)
        deals.stage_id = self.offer
        deals[:4].stage_id = self.won
        deals[4:].action_set_lost()

        def read():
            self.env.flush_all()
            self.env.invalidate_all()
            return lines.mapped(
                lambda line: (line.closed_deal_count, line.suggested_probability)
            )

        before = read()
        self.assertEqual(before[:2], [(6, 63), (6, 63)])
        vals = {"active": False, "probability": 0}
        for _number in range(30):
            self._new_deal(self.equipment, self.offer, self.manager, **vals)
        self.assertEqual(read(), before)
        deals[3:].with_user(self.manager).unlink()
        self.assertEqual(read(), before)

    def test_suggestions(self):
        """7 of 20 were won of those that came into the first stage."""
        line = self._line(self.equipment, self.qualified)
        follower = self._new_deal(self.equipment, self.qualified)
        deals = self.env["crm.lead"]
        for _number in range(20):
            deals += self._new_deal(self.equipment, self.qualified)
        deals[:19].stage_id = self.offer
        deals[:7].stage_id = self.won
        deals[7:19].action_set_lost()
        self.env.flush_all()
        self.env.invalidate_all()
        as_manager = line.with_user(self.manager)
        self.assertEqual(as_manager.closed_deal_count, 19)
        self.assertEqual(as_manager.suggested_probability, 37)
        deals[19].action_set_lost()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(as_manager.closed_deal_count, 20)
        # (7 + 20 * (7 + 1) / (20 + 2)) / 40
        self.assertEqual(as_manager.suggested_probability, 36)
        self.assertTrue(self.equipment.with_user(self.manager).has_suggestion)
        with self.assertRaises(AccessError):
            line.with_user(self.salesman).action_adopt_suggestion()
        line.with_user(self.salesman).read()
        clerk = self._new_user("clerk", "base.group_user")
        line.with_user(clerk).read()
        as_manager = self.equipment.with_user(self.manager)
        wizard = self._open_suggestion(as_manager.action_adopt_suggestions())
        self.assertEqual(wizard.line_ids.mapped("is_chosen"), [True, False])
        first = wizard.line_ids[0]
        self.assertEqual(
            (first.probability, first.suggested_probability, first.closed_deal_count),
            (10, 36, 20),
        )
        self.assertEqual((first.lead_count, first.amount), (1, 1234.56))
        self.assertEqual(first.change, 320.99)
        self.assertAlmostEqual(wizard.change, first.change)
        self.assertEqual(line.probability, 10)
        wizard.action_adopt()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(line.probability, 36)
        self.assertEqual(follower.probability, 36)
        self.assertFalse(line.with_user(self.manager).has_suggestion)
        self.assertEqual(self._line(self.equipment, self.offer).probability, 30)
        self.assertTrue(as_manager.can_undo_adoption)
        as_manager.action_undo_adoptions()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((line.probability, follower.probability), (10, 10))
        self.assertFalse(as_manager.can_undo_adoption)
        with self.assertRefused(UserError, "no adopted suggestion"):
            as_manager.action_undo_adoptions()

    def _open_suggestion(self, action):
        wizards = self.env[action["res_model"]].with_user(self.manager)
        return wizards.browse(action["res_id"])

    def test_undo_of_what_was_changed(self):
        """Who gives another probability after the adoption keeps it."""
        line = self._line(self.equipment, self.qualified).with_user(self.manager)
        self._new_deal(self.equipment, self.qualified).action_set_lost()
        self.env.flush_all()
        wizard = self._open_suggestion(line.action_adopt_suggestion())
        wizard.action_adopt()
        self.assertTrue(line.can_undo_adoption)
        line.probability = 12
        self.assertFalse(line.can_undo_adoption)
        with self.assertRefused(UserError, "changed since"):
            line.action_undo_adoption()

    def test_suggestion_after_an_import(self):
        """Deals imported as closed are no facts about the stages before their end."""
        vals = {"active": False, "probability": 0}
        for _number in range(30):
            self._new_deal(self.equipment, self.offer, self.manager, **vals)
            self._new_deal(self.equipment, self.won, self.manager)
        self.env.flush_all()
        self.env.invalidate_all()
        line = self._line(self.equipment, self.offer).with_user(self.manager)
        self.assertEqual(line.closed_deal_count, 0)
        self.assertFalse(line.has_suggestion)
        with self.assertRefused(UserError, "suggests nothing else"):
            line.action_adopt_suggestion()
        found = (
            self.env["crm.lead.passage"]
            .with_user(self.manager)
            ._read_group(
                [("stage_id", "=", self.offer.id)],
                [],
                ["conversion_rate:avg", "loss_rate:avg", "__count"],
            )
        )
        self.assertEqual(found, [(False, False, 30)])
        self._new_deal(self.equipment, self.offer).action_set_lost()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(line.closed_deal_count, 1)
        # (0 + 20 * (0 + 1) / (1 + 2)) / 21: those of unknown ways count nowhere.
        self.assertEqual(line.suggested_probability, 32)
