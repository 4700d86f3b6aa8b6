from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields

from ..forecast.test_forecast_snapshot import SnapshotCase


class ChangesCase(SnapshotCase):
    """Two weeks of June 2026, each with its snapshot, and the present after them."""

    BEFORE = "2026-05-20 08:00:00"
    OPENING = "2026-06-01 06:00:00"
    BETWEEN = "2026-06-03 09:00:00"
    CLOSING = "2026-06-08 06:00:00"
    NOW = "2026-06-10 09:00:00"

    @contextmanager
    def _at(self, moment):
        """Let the database's time be a moment, too."""
        now = fields.Datetime.to_datetime(moment)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: now):
            yield
            self.env.flush_all()
            self.env["crm.lead.passage"].flush_model()

    def _take_week(self, moment):
        with self._at(moment):
            return self.snapshots._take_snapshots()

    def _get_kpi(self, user, tz="Europe/Paris"):
        kpi = self.env["crm.kpi"].with_user(user)
        return kpi.with_context(tz=tz, allowed_company_ids=user.company_ids.ids)

    def _get_changes(self, user, moment=None, **filters):
        """Return the bars by their codes; check that they add up, and the lists."""
        kpi = self._get_kpi(user)
        with freeze_time(moment or self.NOW):
            answer = kpi.get_changes(filters)
            bars = {bar["code"]: bar for bar in answer["bars"]}
            self.assertCloses(bars)
            self._check_lists(kpi, bars, filters)
        return bars

    def assertCloses(self, bars):
        for measure in ("count", "amount", "weighted"):
            total = sum(
                round(100 * bar[measure])
                for code, bar in bars.items()
                if code != "closing"
            )
            self.assertEqual(total, round(100 * bars["closing"][measure]), bars)

    def _check_lists(self, kpi, bars, filters):
        """Each bar is the list that it opens."""
        action = kpi.open_changes("won", filters)
        changes = kpi.env[action["res_model"]].with_context(**action["context"])
        found = changes.search([]).grouped("kind")
        for code, bar in bars.items():
            some = found.get(code, changes)
            self.assertEqual(len(some), bar["deals"], code)
            for measure in ("count", "amount", "weighted"):
                total = sum(some.mapped(f"{measure}_change"))
                self.assertAlmostEqual(total, bar[measure], places=2, msg=code)
        self.assertLessEqual(found.keys(), bars.keys())
