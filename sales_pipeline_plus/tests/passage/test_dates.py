import doctest
from datetime import date, datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...models.company import conversion
from ...models.passage import crm_lead_bare_date
from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestDates(PipelineCase):
    """Start and closing dates of an imported history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.start = fields.Datetime.to_datetime("2023-01-10 08:00:00")
        cls.closed = fields.Datetime.to_datetime("2023-03-01 17:00:00")
        cls.reason = cls.env["crm.lost.reason"].create({"name": "P. Too expensive"})

    def _load(self, user, header, *rows):
        result = (
            self.env["crm.lead"]
            .with_user(user)
            .with_context(default_type="opportunity", tz="UTC", import_file=True)
            .load(header.split(","), [row.split(",") for row in rows])
        )
        leads = self.env["crm.lead"].browse(result["ids"] or [])
        return leads, " ".join(m["message"] for m in result["messages"])

    def assertClosed(self, deal, status, days=50):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(
            (deal.won_status, deal.date_start, deal.date_closed, deal.day_close),
            (status, self.start, self.closed, days),
        )

    def test_import_of_past_years(self):
        deals, messages = self._load(
            self.manager,
            "name,pipeline_id,stage_id,team_id,expected_revenue,active,probability,"
            "lost_reason_id,date_start,date_closed",
            "Won,Equipment,P. Won,Machines,5000,1,,,2023-01-10 08:00:00,"
            "2023-03-01 17:00:00",
            "Lost,Equipment,P. Offer,Machines,7000,0,0,P. Too expensive,"
            "2023-01-10 08:00:00,2023-03-01 17:00:00",
            "Open,Equipment,P. Offer,Machines,9000,1,,,2023-01-10 08:00:00,",
            "As in Odoo,Equipment,P. Won,Machines,9000,1,,,,",
        )
        self.assertFalse(messages)
        won, lost, opened, plain = deals
        self.assertClosed(won, "won")
        self.assertClosed(lost, "lost")
        self.assertEqual(lost.lost_reason_id, self.reason)
        self.assertEqual((won + lost).mapped("expected_revenue"), [5000, 7000])
        self.assertEqual((won + lost).mapped("probability"), [100, 0])
        self.assertEqual(opened.date_start, self.start)
        self.assertFalse(opened.date_closed)
        self.assertEqual(plain.date_start, plain.create_date)
        self.assertEqual(plain.day_close, 0)
        self.assertLess(abs(plain.date_closed - plain.create_date).seconds, 600)
        passages = self.env["crm.lead.passage"].search([("lead_id", "in", deals.ids)])
        by_lead = {passage.lead_id: passage for passage in passages}
        self.assertEqual(by_lead[won].date_in, self.closed)
        self.assertEqual(
            (by_lead[lost].date_out, by_lead[lost].outcome), (self.closed, "lost")
        )

    def test_import_on_existing_deals(self):
        """Winning and losing with a given date, which Odoo would overwrite."""
        won, lost = (self._new_deal(self.equipment, self.offer) for _i in range(2))
        dates = {"date_start": self.start, "date_closed": self.closed}
        won.with_user(self.manager).write({"stage_id": self.won.id, **dates})
        lost.with_user(self.manager).write({"active": False, "probability": 0, **dates})
        self.assertClosed(won, "won")
        self.assertClosed(lost, "lost")

    def test_without_dates(self):
        deal = self._new_deal(self.equipment, self.offer)
        self.assertEqual(deal.date_start, deal.create_date)
        deal.action_set_won()
        self.assertLess(abs(deal.date_closed - fields.Datetime.now()).seconds, 600)
        self.assertEqual(deal.date_start, deal.create_date)
        copy = deal.copy()
        self.assertEqual(copy.date_start, copy.create_date)

    def test_correction(self):
        """A manager corrects the dates later; emptied, the start is the creation."""
        deal = self._new_deal(self.equipment, self.won).with_user(self.manager)
        deal.write({"date_start": self.start, "date_closed": self.closed})
        self.assertClosed(deal, "won")
        deal.date_start = self.start - timedelta(days=10)
        self.assertEqual(deal.day_close, 60)
        deal.date_closed = fields.Datetime.now()
        deal.date_start = False
        self.assertEqual(deal.date_start, deal.create_date)

    def test_salesperson_may_not(self):
        deal = self._new_deal(self.equipment, self.offer)
        for vals in ({"date_start": self.start}, {"date_closed": self.closed}):
            with self.assertRefused(AccessError, "Only a sales manager"):
                deal.write(vals)
            with self.assertRefused(AccessError, "Only a sales manager"):
                self._new_deal(self.equipment, self.won, **vals)
        _deals, messages = self._load(
            self.salesman, "name,date_start", "Deal,2023-01-10 08:00:00"
        )
        self.assertIn("Only a sales manager", messages)
        # Empty cells are no dates.
        deals, messages = self._load(
            self.salesman, "name,date_start,date_closed", "Deal,,"
        )
        self.assertEqual((len(deals), messages), (1, ""))

    def test_impossible_dates(self):
        deal = self._new_deal(self.equipment, self.offer, name="Lathe")
        deal = deal.with_user(self.manager)
        now = fields.Datetime.now()
        for vals, part in (
            ({"date_start": now + timedelta(days=2)}, "cannot start on"),
            ({"date_closed": self.closed}, "neither won nor lost"),
            ({"stage_id": self.won.id, "date_closed": self.closed}, "before its start"),
            (
                {"stage_id": self.won.id, "date_closed": now + timedelta(days=2)},
                "in the future",
            ),
        ):
            with self.assertRefused(ValidationError, "“Lathe”", part):
                deal.write(vals)

    def test_not_requirable(self):
        names = self.env["crm.lead"]._get_requirable_field_names()
        self.assertFalse({"date_start", "date_closed"} & set(names))

    def test_bare_dates(self):
        """A day without a time is noon of the company's day, for every reader."""
        self.company.partner_id.tz = "America/New_York"
        manager = self.manager
        manager.tz = "Europe/Paris"
        for value in ("2026-03-01", "2026-03-01 00:00:00", date(2026, 3, 1)):
            result = (
                self.env["crm.lead"]
                .with_user(manager)
                .with_context(
                    default_type="opportunity", tz="Europe/Paris", import_file=True
                )
                .load(
                    ["name", "stage_id", "pipeline_id", "date_start", "date_closed"],
                    [["Deal", "P. Won", "Equipment", "2026-02-01", value]],
                )
            )
            self.assertFalse(result["messages"])
            deal = self.env["crm.lead"].browse(result["ids"])
            self.assertEqual(deal.date_closed, datetime(2026, 3, 1, 17))
            self.assertEqual(deal.date_start, datetime(2026, 2, 1, 17))
            self.assertEqual(deal.day_close, 28)
        # A time that is given is the importer's, as in Odoo.
        converter = self.env["ir.fields.converter"].with_context(tz="Europe/Paris")
        value, _warnings = converter._str_to_datetime(
            self.env["crm.lead"],
            self.env["crm.lead"]._fields["date_closed"],
            "2026-03-01 09:30:00",
            savepoint=None,
        )
        self.assertEqual(value, "2026-03-01 08:30:00")

    def test_read_bare_dates(self):
        """What other programs send; for create and write to call."""
        self.company.partner_id.tz = "Asia/Tokyo"
        leads = self.env["crm.lead"].with_company(self.company)
        self.assertEqual(
            leads._read_bare_dates({"name": "A", "date_closed": "2026-03-01"}),
            {"name": "A", "date_closed": datetime(2026, 3, 1, 3)},
        )
        vals = {"date_closed": False, "date_start": "2026-03-01 10:00:00"}
        self.assertEqual(leads._read_bare_dates(vals), vals)

    def test_days_as_odoo_counts_them(self):
        """Whole days, not nights: 16 days and 22 hours are 16."""
        self.company.partner_id.tz = "Europe/Paris"
        deal = self._new_deal(self.equipment, self.won).with_user(self.manager)
        deal.write(
            {"date_start": "2026-01-15 12:00:00", "date_closed": "2026-02-01 10:00:00"}
        )
        self.assertEqual(deal.day_close, 16)

    def test_won_as_it_is_created(self):
        """Within a second that has begun: Odoo leaves its parts out of the end only."""
        deal = self._new_deal(self.equipment, self.won)
        self.env.flush_all()
        start = self.start.replace(microsecond=500_000)
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, date_start = %s, date_closed = %s"
            " WHERE id = %s",
            [start, start, self.start, deal.id],
        )
        self.env.invalidate_all()
        deal._compute_day_close()
        self.assertEqual(deal.day_close, 0)

    def test_days_across_daylight_saving(self):
        self.company.partner_id.tz = "Europe/Paris"
        deal = self._new_deal(self.equipment, self.won).with_user(self.manager)
        deal.write(
            {
                # Midnights in Paris: 31 days of which one has 23 hours.
                "date_start": "2026-02-28 23:00:00",
                "date_closed": "2026-03-31 22:00:00",
            }
        )
        self.assertEqual(deal.day_close, 31)

    def test_doctests(self):
        for module in (conversion, crm_lead_bare_date):
            self.assertEqual(doctest.testmod(module).failed, 0, module.__name__)
