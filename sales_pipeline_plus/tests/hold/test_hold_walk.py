import contextlib
import unittest
from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo.tests import tagged

from ..common_random import examples
from .test_hold_figures import HoldFiguresCase

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

COUNT = 3
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ("hold", "hold", "wake", "wait", "move", "win", "lose", "archive", "back")
        ),
        st.integers(0, COUNT - 1),
    ),
    min_size=2,
    max_size=6,
)


class Rollback(Exception):
    """Ends an example."""


@dataclass
class Deal:
    """What becomes of a deal, in plain Python: nothing here comes from the product."""

    amount: float
    active: bool = True
    status: str = "pending"
    wakes: datetime | None = None
    held: int = 0
    woken: int = 0
    has_slept: bool = False

    def get_status(self):
        if self.status != "pending":
            return self.status
        if not self.active:
            return False
        return "hold" if self.wakes else "open"

    def hold(self, now):
        if not self.active or self.status != "pending":
            return False
        self.held += not self.wakes
        self.wakes = now + timedelta(days=30)
        return True

    def wake(self, _now):
        if self.get_status() != "hold":
            return False
        self.woken += 1
        self._end()
        return True

    def move(self, _now):
        if not self.active or self.status != "pending":
            return False
        if self.wakes:
            self.wake(_now)
        return True

    def win(self, _now):
        if self.status != "pending":
            return False
        self._end()
        self.active, self.status = True, "won"
        return True

    def lose(self, _now):
        if self.status != "pending" or not self.active:
            return False
        self._end()
        self.active, self.status = False, "lost"
        return True

    def archive(self, _now):
        is_possible = self.active and self.status == "pending"
        self.active = self.active and not is_possible
        return is_possible

    def back(self, _now):
        if self.active:
            return False
        self.active, self.status = True, "pending"
        return True

    def wait(self, now):
        """The job of the night."""
        if self.get_status() == "hold" and self.wakes <= now:
            self.wake(now)

    def _end(self):
        self.has_slept = self.has_slept or bool(self.wakes)
        self.wakes = None


@tagged("post_install", "-at_install")
class TestHoldWalk(HoldFiguresCase):
    """Whatever is done to deals in whatever order, status, figures, stays and what
    changed agree with the model."""

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples(10, 100),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS, STEPS)
    def test_walk(self, before, after):
        try:
            with contextlib.suppress(Rollback), self.env.cr.savepoint():
                self._walk(before, after)
                raise Rollback
        finally:
            self.env.cr.precommit.data.clear()
            self.env.invalidate_all()

    def _walk(self, before, after):
        self.now = datetime(2026, 5, 4, 8)
        self._on(self.now)
        self.deals = self.env["crm.lead"].with_user(self.salesman)
        # The last one stays as it is: a week without any opportunity is not recorded.
        for number in range(COUNT + 1):
            self.deals += self._new_deal(
                self.equipment, self.qualified, expected_revenue=10**number
            )
        self.models = [Deal(10**number) for number in range(COUNT + 1)]
        self._take_steps(before)
        # The next Monday
        self.now += timedelta(days=7 - self.now.weekday())
        self._on(self.now)
        self.snapshots._take_snapshots()
        opening = [model.get_status() for model in self.models]
        self._take_steps(after)
        self._check_changes(opening)

    def _take_steps(self, steps):
        for step, number in steps:
            self.now += timedelta(days=1)
            if step == "wait":
                self.now += timedelta(days=30)
            self._on(self.now)
            if step == "wait":
                self._wake_up_job()
                for model in self.models:
                    model.wait(self.now)
            elif getattr(self.models[number], step)(self.now):
                getattr(self, f"_step_{step}")(self.deals[number])
            self._check()

    def _step_hold(self, deal):
        self._hold(deal, (self.now + timedelta(days=30)).date())

    def _step_wake(self, deal):
        deal.action_wake_up()

    def _step_move(self, deal):
        stages = self.qualified + self.offer + self.negotiation
        deal.stage_id = stages[(stages.ids.index(deal.stage_id.id) + 1) % 3]

    def _step_win(self, deal):
        deal.action_set_won()

    def _step_lose(self, deal):
        deal.action_set_lost()

    def _step_archive(self, deal):
        deal.action_archive()

    def _step_back(self, deal):
        deal.action_restore()

    def _check(self):
        self.env.flush_all()
        self.env.invalidate_all()
        statuses = [model.get_status() for model in self.models]
        self.assertEqual(self.deals.mapped("deal_status"), statuses)
        for status in ("open", "hold", "won", "lost", False):
            found = self.deals.search(
                [
                    ("id", "in", self.deals.ids),
                    ("active", "in", [True, False]),
                    ("deal_status", "=", status),
                ]
            )
            self.assertEqual(len(found), statuses.count(status), status)
        values = self._get_values(self.salesman)
        asleep = [m.amount for m in self.models if m.get_status() == "hold"]
        is_open = [m.amount for m in self.models if m.get_status() == "open"]
        self.assertEqual(
            values,
            {
                "hold_count": sum(model.held for model in self.models),
                "woken_count": sum(model.woken for model in self.models),
                "on_hold_count": len(asleep),
                "on_hold_amount": sum(asleep),
                "open_count": len(is_open),
                "pipeline_amount": sum(is_open),
                "won_count": statuses.count("won"),
                "won_after_hold_count": sum(
                    model.status == "won" and model.has_slept for model in self.models
                ),
            },
        )
        for stay in self._get_passages(self.deals).filtered("date_out"):
            elapsed = (stay.date_out - stay.date_in).total_seconds() / 86400
            self.assertAlmostEqual(stay.days + stay.hold_days, elapsed, 5)
        running = self._get_holds(self.deals).filtered(lambda hold: not hold.date_end)
        self.assertEqual(
            running.lead_id,
            self.deals.filtered(lambda deal: deal.sudo().date_hold).with_env(self.env),
        )

    def _check_changes(self, opening):
        bars = self._get_changes(self.salesman, self.now)
        came, left = 0, 0
        for model, status in zip(self.models, opening, strict=True):
            now = model.get_status()
            came += status == "hold" and now in ("open", "won", "lost")
            left += status == "open" and now in ("hold", False) and bool(model.wakes)
        self.assertEqual(bars.get("woken", {}).get("deals", 0), came)
        self.assertEqual(bars.get("on_hold", {}).get("deals", 0), left)
        self.assertEqual(bars["opening"]["deals"], opening.count("open"))
