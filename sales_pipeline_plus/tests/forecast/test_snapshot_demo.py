from datetime import date, timedelta
from random import Random
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestSnapshotDemo(PipelineCase):
    """The weekly snapshots of the demo data tell of its deals as they are."""

    def test_overdue_deals_were_late(self):
        today = date(2026, 11, 26)
        deals = {
            days: self._new_deal(
                self.equipment, self.offer, date_deadline=today - timedelta(days=days)
            )
            for days in (-20, 4, 9, 40)
        }
        for deal in deals.values():
            deal.sudo().passage_ids.date_in = "2026-07-01 10:00:00"
        snapshots = self.env["crm.forecast.snapshot"]
        nobody = self.env["res.users"]
        with (
            freeze_time("2026-11-26 10:00:00"),
            patch.object(
                type(snapshots), "_get_demo_record", lambda _self, _name: nobody
            ),
        ):
            for days, deal in deals.items():
                deadline = today - timedelta(days=days)
                weeks = snapshots._prepare_demo_snapshots(deal, Random(1))
                self.assertTrue(weeks)
                for week in weeks:
                    is_late = week["date_deadline"] < week["date"]
                    self.assertEqual(is_late, deadline < week["date"], week)
                    if is_late:
                        self.assertEqual(week["date_deadline"], deadline)
