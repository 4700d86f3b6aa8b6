from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common import PipelineCase


class SnapshotCase(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.snapshots = cls.env["crm.forecast.snapshot"]
        # Nothing but what a test makes: the opportunities that were there stay out.
        cls.env["crm.lead"].search([("type", "=", "opportunity")]).active = False
        cls.snapshots.search([]).sudo().unlink()
        (cls.company + cls.other_company).partner_id.tz = "Europe/Paris"

    def _take(self, moment):
        with freeze_time(moment):
            return self.snapshots._take_snapshots()

    def _get_snapshots(self, deals):
        return self.snapshots.search([("lead_id", "in", deals.ids)], order="date, id")


@tagged("post_install", "-at_install")
class TestForecastSnapshot(SnapshotCase):
    def test_facts(self):
        deal = self._new_deal(
            self.equipment, self.offer, date_deadline="2026-09-30", probability=42
        )
        won = self._new_deal(self.equipment, self.won)
        lost = self._new_deal(self.equipment, self.offer)
        lost.action_set_lost()
        lead = self.env["crm.lead"].create({"name": "Lead", "type": "lead"})
        self.assertEqual(self._take("2026-06-03 10:00"), 1)
        snapshot = self._get_snapshots(deal + won + lost + lead)
        self.assertRecordValues(
            snapshot,
            [
                {
                    "date": date(2026, 6, 1),
                    "lead_id": deal.id,
                    "amount": 1234.56,
                    "weighted_amount": 518.52,
                    "probability": 42,
                    "date_deadline": date(2026, 9, 30),
                    "stage_id": self.offer.id,
                    "pipeline_id": self.equipment.id,
                    "user_id": self.salesman.id,
                    "team_id": self.equipment_team.id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                }
            ],
        )

    def test_weighted_as_on_the_deal(self):
        """In a currency without cents, too."""
        self.other_company.currency_id = self.env["res.currency"].create(
            {"name": "SNY", "symbol": "Y", "rounding": 1}
        )
        deal = self._new_deal(
            self.equipment,
            self.offer,
            company_id=self.other_company.id,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            expected_revenue=1001,
            probability=33,
        )
        self.assertEqual(deal.prorated_revenue, 330)
        self._take("2026-06-03 10:00")
        self.env.cr.execute(
            "SELECT weighted_amount FROM crm_forecast_snapshot WHERE lead_id = %s",
            [deal.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(330,)])

    def test_once_a_week(self):
        """A second run adds nothing and changes nothing; the next week does."""
        deal = self._new_deal(self.equipment, self.offer)
        self.assertEqual(self._take("2026-06-02 01:00"), 1)
        deal.expected_revenue = 5
        self.assertEqual(self._take("2026-06-02 01:00"), 0)
        self.assertEqual(self._take("2026-06-07 20:00"), 0)
        self.assertEqual(self._take("2026-06-09 01:00"), 1)
        self.assertEqual(
            [(s.date, s.amount) for s in self._get_snapshots(deal)],
            [(date(2026, 6, 1), 1234.56), (date(2026, 6, 8), 5)],
        )

    def test_history_of_this_week(self):
        """A history that came in before does not stand for the week of a company."""
        known, other = (
            self._new_deal(
                self.equipment,
                self.offer,
                user=self.manager,
                date_start="2026-05-04 08:00",
            )
            for _number in range(2)
        )
        values = {"amount": 7, "company_id": self.company.id, "is_from_history": True}
        history = self.snapshots.sudo().create(
            [
                {"lead_id": known.id, "date": day, **values}
                for day in ("2026-05-25", "2026-06-01")
            ]
        )
        self.assertEqual(self._take("2026-06-03 10:00"), 2)
        self.assertEqual(
            [
                (s.lead_id, s.date, s.amount, s.probability, s.is_from_history)
                for s in self._get_snapshots(known + other)
            ],
            [
                (known, date(2026, 5, 25), 7, 0, True),
                (known, date(2026, 6, 1), 1234.56, 30, False),
                (other, date(2026, 6, 1), 1234.56, 30, False),
            ],
        )
        self.assertTrue(history[1].exists())
        self.assertEqual(self._take("2026-06-04 10:00"), 0)

    def test_as_of_the_start_of_the_week(self):
        """What was won on a Monday was open when the month began on it; what came on
        that Monday was not there; what was closed before was not open."""
        values = {"date_start": "2026-05-04 08:00:00", "user": self.manager}
        won, lost, kept, earlier = (
            self._new_deal(self.equipment, self.offer, **values) for _number in range(4)
        )
        new = self._new_deal(
            self.equipment,
            self.offer,
            user=self.manager,
            date_start="2026-06-01 07:00:00",
        )
        # The stays begin in a transaction of their own.
        self.env["crm.lead.passage"].flush_model()
        for deal, moment in ((earlier, "2026-05-31 21:00"), (won, "2026-06-01 08:00")):
            with freeze_time(moment):
                deal.action_set_won()
                self.env.flush_all()
        with freeze_time("2026-06-01 08:30"):
            lost.action_set_lost()
            self.env["crm.lead.passage"].flush_model()
        for deal in earlier + won + lost:
            self.env.cr.execute(
                """UPDATE crm_lead_passage
                      SET date_in = '2026-05-04 08:00', date_out = %s
                    WHERE lead_id = %s AND stage_id = %s""",
                [deal.date_closed, deal.id, self.offer.id],
            )
        self.assertEqual(self._take("2026-06-01 09:00"), 3)
        snapshots = self._get_snapshots(won + lost + kept + new + earlier)
        self.assertEqual(snapshots.lead_id, won + lost + kept)
        for snapshot in snapshots:
            self.assertEqual(
                (snapshot.stage_id, snapshot.probability, snapshot.weighted_amount),
                (self.offer, 30, 370.37),
            )

    def test_one_run_per_week_and_company(self):
        """Runs come every hour; the week is written down once."""
        self._new_deal(self.equipment, self.offer)
        self.assertEqual(self._take("2026-06-01 01:00"), 1)
        self._new_deal(self.equipment, self.offer)
        self.assertEqual(self._take("2026-06-03 01:00"), 0)
        self.assertEqual(self._take("2026-06-08 01:00"), 2)

    def test_archived(self):
        self._new_deal(self.equipment, self.offer).active = False
        self.assertEqual(self._take("2026-06-01 01:00"), 0)

    def test_weeks_that_span_years(self):
        """2026 ends with a week 53, of which 1 January 2027 is a part."""
        deal = self._new_deal(self.equipment, self.offer)
        for moment in ("2026-12-31 12:00", "2027-01-01 12:00", "2027-01-03 12:00"):
            self._take(moment)
        self._take("2027-01-04 12:00")
        self.assertEqual(
            self._get_snapshots(deal).mapped("date"),
            [date(2026, 12, 28), date(2027, 1, 4)],
        )
        self.assertEqual(date(2026, 12, 28).isocalendar()[1], 53)

    def test_time_zone_of_the_company(self):
        """Late on Sunday in UTC it is Monday in Auckland, and Sunday in New York."""
        self.company.partner_id.tz = "Pacific/Auckland"
        self.other_company.partner_id.tz = "America/New_York"
        here = self._new_deal(self.equipment, self.offer)
        abroad = self._new_deal(
            user=self.foreigner,
            company_id=self.other_company.id,
            team_id=self.foreign_team.id,
            user_id=self.foreigner.id,
        )
        self._take("2026-06-07 22:00")
        self.assertEqual(self._get_snapshots(here).date, date(2026, 6, 8))
        self.assertEqual(self._get_snapshots(abroad).date, date(2026, 6, 1))

    def test_who_sees_what(self):
        own = self._new_deal(self.equipment, self.offer)
        other = self._new_deal(self.spares, self.offer)
        abroad = self._new_deal(
            user=self.foreigner,
            company_id=self.other_company.id,
            team_id=self.foreign_team.id,
            user_id=self.foreigner.id,
        )
        self._take("2026-06-02 01:00")
        for user, deals in (
            (self.salesman, own),
            (self.colleague, other),
            (self.all_documents, own + other),
            (self.manager, own + other),
            (self.foreigner, abroad),
        ):
            seen = self.snapshots.with_user(user).search([])
            self.assertEqual(seen.lead_id.sudo(), deals, user.login)
        own.collaborator_ids = self.colleague
        seen = self.snapshots.with_user(self.colleague).search([])
        self.assertEqual(seen.lead_id.sudo(), own + other)
        for user in (self.salesman, self.manager):
            snapshot = self._get_snapshots(own).with_user(user)
            with self.assertRaises(AccessError):
                snapshot.amount = 1
            with self.assertRaises(AccessError):
                snapshot.unlink()
        with self.assertRaises(AccessError):
            self.snapshots.with_user(self.env.ref("base.public_user")).search([])

    def test_deletions(self):
        deal = self._new_deal(self.equipment, self.qualified)
        kept = self._new_deal(self.equipment, self.offer)
        self._take("2026-06-02 01:00")
        kept.stage_id = self.negotiation
        kept.sudo().team_id = False
        deal.sudo().unlink()
        self.assertEqual(self.snapshots.search([]).lead_id, kept)
        self.assertEqual(self.snapshots.search_count([]), 2)
        self.equipment.pipeline_stage_ids.filtered(
            lambda line: line.stage_id == self.offer
        ).unlink()
        self.spares.pipeline_stage_ids.filtered(
            lambda line: line.stage_id == self.offer
        ).unlink()
        with self.assertRefused(UserError, "P. Offer", "“Deal”"):
            self.offer.unlink()
        self.equipment_team.unlink()
        snapshot = self._get_snapshots(kept)
        self.assertEqual(snapshot.stage_id, self.offer)
        self.assertFalse(snapshot.team_id)
        self.assertEqual(snapshot.team_name, "Machines")
        self.assertEqual(snapshot.pipeline_id, self.equipment)

    def test_retention(self):
        deal = self._new_deal(self.equipment, self.offer)
        for moment in ("2025-01-08", "2025-12-03", "2026-06-03"):
            self._take(moment)
        settings = self.env["res.config.settings"]
        with self.assertRefused(ValidationError, "negative"):
            settings.create({"forecast_snapshot_months": -1})
        settings.create({"forecast_snapshot_months": 0}).execute()
        self.assertEqual(settings.create({}).forecast_snapshot_months, 0)
        with freeze_time("2036-06-03"):
            self.assertEqual(self.snapshots._purge(), 0)
        settings.create({"forecast_snapshot_months": 12}).execute()
        with (
            freeze_time("2026-06-03"),
            patch.object(self.registry["ir.cron"], "_commit_progress"),
        ):
            self.snapshots._cron_take_snapshots()
        self.assertEqual(
            self._get_snapshots(deal).mapped("date"),
            [date(2025, 12, 1), date(2026, 6, 1)],
        )
