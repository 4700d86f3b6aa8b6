from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from ..common import PipelineCase


class HoldCase(PipelineCase):
    """A time of its own: it is 1 June 2026, 10 o'clock, in Paris too late to sleep."""

    START = "2026-06-01 08:00:00"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.company | cls.other_company).partner_id.tz = "Europe/Paris"
        cls.reason, cls.other_reason, cls.foreign_reason = cls.env[
            "crm.hold.reason"
        ].create(
            [
                {"name": "H. Budget"},
                {"name": "H. Contract"},
                {"name": "H. Abroad", "company_id": cls.other_company.id},
            ]
        )

    def setUp(self):
        super().setUp()
        self._on(self.START)

    def _on(self, moment):
        """Let it be a moment from now on, for the database, too."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        now = fields.Datetime.to_datetime(moment)
        for patcher in (
            freeze_time(now),
            patch.object(self.env.cr, "now", lambda: now),
        ):
            patcher.start()
            self.addCleanup(patcher.stop)

    def _hold(self, deals, day="2026-09-01", reason=None, user=None):
        """Put deals on hold as a person does, by the dialog."""
        if user:
            deals = deals.with_user(user)
        dialog = (
            deals.env["crm.lead.put.on.hold"]
            .with_context(active_model="crm.lead", active_ids=deals.ids)
            .create({"date_wake_up": day, "reason_id": (reason or self.reason).id})
        )
        return dialog.action_put_on_hold()

    def _wake_up_job(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kw: 1000
        ):
            self.env["crm.lead"]._cron_wake_up()
        self.env.flush_all()
        self.env.invalidate_all()

    def _get_holds(self, deals):
        self.env.flush_all()
        return self.env["crm.lead.hold"].search(
            [("lead_id", "in", deals.ids)], order="date_start, id"
        )

    def _get_passages(self, deals):
        self.env.flush_all()
        self.env["crm.lead.passage"].flush_model()
        self.env.invalidate_all()
        return self.env["crm.lead.passage"].search(
            [("lead_id", "in", deals.ids)], order="date_in, id"
        )


def day(number):
    """Return a day of June 2026."""
    return date(2026, 6, number)


def moment(number, hour=8):
    return datetime(2026, 6, number, hour)
