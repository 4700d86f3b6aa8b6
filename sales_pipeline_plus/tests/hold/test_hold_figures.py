from datetime import date

from odoo.tests import tagged

from ..waterfall.common import ChangesCase
from .common import HoldCase

YEAR = {"start": "2026-01-01", "end": "2026-12-31"}
CODES = {
    "hold_count": "hold_count",
    "woken_count": "woken_count",
    "on_hold_count": "on_hold_count",
    "won_after_hold_count": "won_after_hold_count",
}


class HoldFiguresCase(HoldCase, ChangesCase):
    START = ChangesCase.BEFORE

    def _get_values(self, user, period=None, breakdown=None):
        """Return {code: value}; check that each is the list that it opens."""
        kpi = self._get_kpi(user)
        filters = {"period": period or YEAR}
        codes = [*CODES, "on_hold_amount", "open_count", "pipeline_amount", "won_count"]
        answer = kpi.get_figures(filters, codes, breakdown)
        values = {code: cells[0]["value"] for code, cells in answer["values"].items()}
        for number, key in enumerate(answer["keys"]):
            for code in codes:
                action = kpi.open_records(code, filters, breakdown, key["id"])
                records = kpi.env[action["res_model"]]
                records = records.with_context(**action["context"])
                found = records.search(action["domain"])
                value = answer["values"][code][number]["value"]
                if code.endswith("count"):
                    self.assertEqual(value or 0, len(found), (code, key))
                elif found._name == "crm.lead":
                    total = sum(found.mapped("expected_revenue"))
                    self.assertAlmostEqual(value or 0, total, 2, (code, key))
        return values


@tagged("post_install", "-at_install")
class TestHoldFigures(HoldFiguresCase):
    """Figures, snapshots and what changed between two weeks."""

    def test_figures(self):
        first = self._new_deal(self.equipment, self.offer, expected_revenue=100)
        second = self._new_deal(self.equipment, self.offer, expected_revenue=20)
        third = self._new_deal(self.equipment, self.offer, expected_revenue=3)
        self._hold(first + second + third)
        self.assertEqual(
            self._get_values(self.salesman),
            {
                "hold_count": 3,
                "woken_count": 0,
                "on_hold_count": 3,
                "won_after_hold_count": 0,
                "on_hold_amount": 123,
                "open_count": 0,
                "pipeline_amount": 0,
                "won_count": 0,
            },
        )
        self._on("2026-06-03 08:00:00")
        first.action_wake_up()
        second.action_set_won()
        self._on("2026-07-03 08:00:00")
        self._hold(first)
        first.action_wake_up()
        self._on("2026-07-04 08:00:00")
        first.action_set_won()
        self._new_deal(self.equipment, self.won)
        self.assertEqual(
            self._get_values(self.salesman),
            {
                "hold_count": 4,
                "woken_count": 2,
                "on_hold_count": 1,
                "won_after_hold_count": 2,
                "on_hold_amount": 3,
                "open_count": 0,
                "pipeline_amount": 0,
                "won_count": 3,
            },
        )
        june = self._get_values(
            self.salesman, {"start": "2026-06-01", "end": "2026-06-30"}
        )
        self.assertEqual((june["hold_count"], june["woken_count"]), (0, 1))
        self.assertEqual(june["won_after_hold_count"], 1)
        self.assertIsNone(june["on_hold_count"])
        for user in (self.colleague, self.foreigner):
            values = self._get_values(user)
            self.assertFalse(any(values.values()), user.login)
        for breakdown in ("salesperson", "stage", "month", "customer"):
            self._get_values(self.manager, breakdown=breakdown)

    def test_snapshot(self):
        """As the week began: what fell asleep since is in it, what woke up is not."""
        awake, before, after, woken, won = (
            self._new_deal(self.equipment, self.offer, name=str(number))
            for number in range(5)
        )
        self._hold(before + woken + won)
        # On Monday, after midnight in Paris and before the job runs
        self._on("2026-06-01 04:00:00")
        self._hold(after)
        woken.action_wake_up()
        won.action_set_won()
        self._on("2026-06-01 06:00:00")
        self.snapshots._take_snapshots()
        found = self._get_snapshots(awake + before + after + woken + won)
        self.assertEqual(found.lead_id, awake + after)

    def test_changes(self):
        asleep, woken, won, stays = (
            self._new_deal(self.equipment, self.offer, expected_revenue=amount)
            for amount in (1000, 200, 30, 4)
        )
        archived = self._new_deal(self.equipment, self.offer)
        self._hold(woken + won)
        self._on(self.OPENING)
        self.snapshots._take_snapshots()
        self._on(self.BETWEEN)
        self._hold(asleep + archived)
        archived.active = False
        woken.action_wake_up()
        won.action_set_won()
        expected = {
            "opening": (3, 1000 + 4 + 1234.56),
            "woken": (2, 230),
            "won": (-1, -30),
            "on_hold": (-2, -1000 - 1234.56),
            "closing": (2, 204),
        }
        for moment in (self.BETWEEN, self.CLOSING):
            self._on(moment)
            bars = self._get_changes(self.salesman, moment)
            self.assertEqual(
                {code: (bar["count"], bar["amount"]) for code, bar in bars.items()},
                expected,
            )
        self.snapshots._take_snapshots()
        self._on(self.NOW)
        # What happens later changes nothing of a week that is over.
        asleep.action_wake_up()
        archived.sudo().unlink()
        self._hold(stays)
        bars = self._get_changes(self.salesman, start="2026-06-01", end="2026-06-08")
        self.assertEqual(
            {code: (bar["count"], bar["amount"]) for code, bar in bars.items()},
            expected,
        )
        bars = self._get_changes(self.salesman, start="2026-06-08")
        self.assertEqual(
            {code: bar["count"] for code, bar in bars.items()},
            {"opening": 2, "woken": 1, "on_hold": -1, "closing": 2},
        )

    def test_coverage_and_decision(self):
        deal = self._new_deal(self.equipment, self.offer, date_deadline="2026-06-20")
        period = [("date_deadline", "=", date(2026, 6, 20))]
        self._hold(deal)
        self.assertFalse(
            self.env["crm.lead"].search(
                [*period, ("decision_bucket", "!=", False), ("id", "=", deal.id)]
            )
        )
        coverage = self._get_kpi(self.salesman).get_coverage(
            {"period": {"start": "2026-06-01", "end": "2026-06-30"}}
        )
        self.assertNotIn("1234.56", str(coverage))
