from datetime import date, datetime
from unittest.mock import patch

from odoo.tests import tagged

from .test_history_import import HistoryImportCase

HEADER = "Deal ID,Field,Old value,New value,Time\n"


@tagged("post_install", "-at_install")
class TestHistorySlips(HistoryImportCase):
    """How often the decision date was put off before the deal was in Odoo."""

    def _describe_slip(self, deal):
        return (
            deal.first_decision_date,
            deal.last_decision_date,
            deal.postponement_count,
            deal.advance_count,
            deal.slip_days,
            deal.is_slip_unknown,
        )

    def test_slips(self):
        """Out of the sample: 13 June, put off to 1 July; also a second time."""
        expected = (date(2025, 6, 13), date(2025, 7, 1), 1, 0, 18, False)
        for _time in range(2):
            self._bring_in("history_pipedrive.csv")
            self.assertEqual(self._describe_slip(self.lathe), expected)

    def test_the_way_to_the_present_date(self):
        """The last step is to the date with which it came to Odoo."""
        content = HEADER + (
            "101,Expected close date,2025-05-01,2025-06-01,2025-04-01 10:00:00\n"
            "101,Expected close date,2025-06-01,2025-05-20,2025-04-02 10:00:00\n"
        )
        self._bring_in("dates.csv", content.encode())
        self.assertEqual(
            self._describe_slip(self.lathe),
            (date(2025, 5, 1), date(2025, 7, 1), 2, 1, 61, False),
        )

    def test_silence(self):
        """Without dates in the history nobody knows how often it slipped."""
        before = self._describe_slip(self.lathe)
        self.assertTrue(before[-1])
        content = b"Deal ID,Stage,Date\n101,Contact made,2025-03-03\n"
        self._bring_in("silent.csv", content)
        self.assertEqual(self._describe_slip(self.lathe), before)

    def test_slips_in_odoo_are_kept(self):
        content = HEADER + (
            "105,Expected close date,2026-01-31,2026-03-31,2025-10-01 10:00:00\n"
        )
        self._bring_in("dates.csv", content.encode())
        self.assertEqual(
            self._describe_slip(self.grinder),
            (date(2026, 1, 31), date(2026, 3, 31), 1, 0, 59, False),
        )
        with patch.object(self.env.cr, "now", lambda: datetime(2025, 11, 20, 8)):
            self.grinder.with_user(self.manager).date_deadline = "2026-05-31"
            self.env.flush_all()
        more = HEADER + (
            "105,Expected close date,2026-02-28,2026-03-31,2025-10-01 10:00:00\n"
            "105,Expected close date,2026-01-31,2026-02-28,2025-09-20 10:00:00\n"
        )
        for file, count in ((content, 2), (more, 3), (content, 3)):
            self._bring_in("dates.csv", file.encode())
            self.assertEqual(
                self._describe_slip(self.grinder),
                (date(2026, 1, 31), date(2026, 5, 31), count, 0, 120, False),
            )

    def test_figure(self):
        """The average slip counts only those of which it is known."""
        figures = self.env["crm.kpi"].with_user(self.manager)

        def count():
            action = figures.open_records("slip_days", {"period": "this_month"})
            return self.env["crm.lead"].search(action["domain"]) & self.deals

        self.assertFalse(count())
        self._bring_in("history_salesforce.csv")
        self.assertEqual(count(), self.grinder + self.oil)

    def test_a_start_in_the_past_is_no_slip(self):
        new = self._new_deal(self.equipment, self.offer, date_deadline="2026-01-01")
        self.assertFalse(new.is_slip_unknown)
        self.assertTrue(self.grinder.is_slip_unknown)
        self.grinder.with_user(self.manager).date_deadline = "2026-05-31"
        self.assertFalse(self.grinder.is_slip_unknown)
        self.assertEqual(self.grinder.postponement_count, 1)
