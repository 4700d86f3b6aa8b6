from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_passages import PassageCase

FIRST = datetime(2026, 1, 20, 10, 0)
LATER = datetime(2026, 3, 1, 10, 0)


@tagged("post_install", "-at_install")
class TestClosingDate(PassageCase):
    """A deal has a closing date while it is won or lost, and keeps it."""

    def _at(self, moment):
        """Let it be that moment, for Python and for the transaction."""
        self.env.flush_all()
        self.env.cr.flush()
        for patcher in (
            freeze_time(moment),
            patch.object(self.env.cr, "now", lambda: moment),
        ):
            patcher.start()
            self.addCleanup(patcher.stop)

    def _new_closed(self):
        won, lost = (self._new_deal(self.equipment) for _rank in range(2))
        self._at(FIRST)
        won.action_set_won()
        lost.action_set_lost()
        self._at(LATER)
        return won, lost

    def assertDates(self, deals, date):
        self.env.flush_all()
        self.env.invalidate_all()
        for deal in deals:
            self.assertEqual(deal.date_closed or None, date)

    def test_what_is_true_already(self):
        won, lost = self._new_closed()
        won.probability = 100
        won.write({"stage_id": self.won.id})
        won.write({"stage_id": self.won.id, "active": True, "probability": 100})
        won.action_set_won()
        lost.active = False
        lost.write({"active": False, "probability": 0})
        lost.action_set_lost()
        lost.action_archive()
        self.assertDates(won + lost, FIRST)

    def test_archived_before(self):
        """Who archived it, did not lose it: it is closed when it is lost."""
        deal, other = (self._new_deal(self.equipment) for _rank in range(2))
        self._at(FIRST)
        (deal + other).action_archive()
        self.env.flush_all()
        # As Odoo alone leaves it.
        self.env.cr.execute(
            "UPDATE crm_lead SET date_closed = %s WHERE id = %s", [FIRST, other.id]
        )
        self.env.invalidate_all()
        self._at(LATER)
        (deal + other).action_set_lost()
        self.assertDates(deal + other, LATER)

    def test_together(self):
        won, lost = self._new_closed()
        opened = self._new_deal(self.equipment)
        (won + opened).write({"stage_id": self.won.id})
        (won + opened).write({"probability": 100})
        self.assertDates(won, FIRST)
        self.assertDates(opened, LATER)

    def test_export_imported_again(self):
        won, lost = self._new_closed()
        deals = (won + lost).with_user(self.all_documents)
        names = ["name", "active", "probability", "stage_id", "date_closed"]
        fields = [".id", *names]
        rows = [
            [str(deal.id), *row]
            for deal, row in zip(
                deals,
                [
                    [
                        deal.name,
                        "1" if deal.active else "0",
                        str(deal.probability),
                        deal.stage_id.name,
                        "2026-01-20 10:00:00",
                    ]
                    for deal in deals
                ],
                strict=True,
            )
        ]
        result = deals.with_context(tz="UTC", active_test=False).load(fields, rows)
        self.assertFalse(result["messages"])
        self.assertDates(won + lost, FIRST)
        with self.assertRaises(AccessError):
            won.date_closed = LATER

    def test_certain_but_open(self):
        deal = self._new_deal(self.equipment)
        deal.probability = 100
        self.assertEqual(deal.won_status, "pending")
        self.assertDates(deal, None)

    def test_archived_but_open(self):
        deal = self._new_deal(self.equipment)
        deal.active = False
        self.assertEqual(deal.won_status, "pending")
        self.assertDates(deal, None)

    def test_other_outcome(self):
        won, lost = self._new_closed()
        won.stage_id = self.offer
        self.assertDates(won, None)
        won.action_set_lost()
        lost.action_set_won()
        self.assertDates(won + lost, LATER)

    def test_copy_of_a_lost_deal(self):
        _won, lost = self._new_closed()
        copied = lost.copy()
        self.assertEqual((copied.won_status, copied.active), ("pending", True))
        self.assertFalse(copied.lost_reason_id)
        self.assertDates(copied, None)
        self.assertEqual(self._get_passages(copied).mapped("outcome"), ["open"])
        again = lost.copy({"active": False, "probability": 0})
        self.assertEqual(again.won_status, "lost")
        self.assertDates(again, LATER)

    def test_correction_reaches_the_passages(self):
        won, lost = self._new_closed()
        corrected = datetime(2026, 1, 10, 9, 0)
        (won + lost).with_user(self.manager).write({"date_closed": corrected})
        self.env.flush_all()
        closing, stay = self._get_passages(won)
        self.assertEqual(
            (closing.outcome, closing.date_out, closing.days), ("won", corrected, 5)
        )
        self.assertEqual((stay.stage_id, stay.date_in), (self.won, corrected))
        closing = self._get_passages(lost)
        self.assertEqual(
            (closing.outcome, closing.date_out, closing.days), ("lost", corrected, 5)
        )
        self.assertDates(won + lost, corrected)

    def test_correction_to_before_it_was_entered(self):
        """Whoever enters an old deal gives its closing date afterwards."""
        won, lost = self._new_closed()
        corrected = datetime(2025, 12, 1, 9, 0)
        deals = (won + lost).with_user(self.manager)
        deals.write({"date_start": corrected, "date_closed": corrected})
        self.env.flush_all()
        for passage in self._get_passages(won + lost).filtered("date_out"):
            self.assertEqual((passage.date_in, passage.date_out), (corrected,) * 2)
        self.assertEqual(self._get_passages(won)[-1].date_in, corrected)
        self.assertDates(won + lost, corrected)
