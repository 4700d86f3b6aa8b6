import contextlib
import unittest

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PipelineCase
from ..common_random import examples

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

DEALS = st.sets(st.integers(0, 3), min_size=1, max_size=3)
STAGES = st.sampled_from(["qualified", "offer", "negotiation", "won"])
PERCENT = st.sampled_from([0, 10, 20, 30, 42, 60, 75, 80, 99.99])
STEPS = st.one_of(
    st.tuples(st.just("stage"), DEALS, STAGES),
    st.tuples(st.just("stage_and_value"), DEALS, STAGES, PERCENT),
    st.tuples(st.just("pipeline"), DEALS, st.integers(0, 2), STAGES),
    st.tuples(st.just("probability"), DEALS, PERCENT),
    st.tuples(
        st.sampled_from(["win", "lose", "restore", "archive", "unarchive", "reset"]),
        DEALS,
    ),
    st.tuples(st.just("line"), st.integers(0, 2), STAGES, PERCENT),
    st.tuples(st.just("night")),
)


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestRandomWalk(PipelineCase):
    """Whatever is done to deals in whatever order, some things always hold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
        cls.predictive = cls._new_pipeline(
            "Predictive",
            {cls.qualified: 15, cls.offer: 35, cls.negotiation: 55, cls.won: 100},
            probability_method="predictive",
        )
        cls.pipelines = (cls.equipment, cls.spares, cls.predictive)
        for pipeline in cls.pipelines:
            pipeline.reopening_policy = "allowed"
        cls.deals = cls.env["crm.lead"].concat(
            cls._new_deal(cls.equipment),
            cls._new_deal(cls.equipment, cls.offer),
            cls._new_deal(cls.spares, cls.negotiation),
            cls._new_deal(cls.predictive, cls.offer),
        )
        cls.env.flush_all()

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples(8, 80),
        # Each example is slow: the steps of a failure are not made fewer.
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=10, max_size=20))
    def test_walk(self, steps):
        self.own = dict.fromkeys(self.deals.ids)
        try:
            with contextlib.suppress(Rollback), self.env.cr.savepoint():
                for step, *arguments in steps:
                    getattr(self, f"_step_{step}")(*arguments)
                    self._check()
                raise Rollback
        finally:
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def _pick(self, numbers):
        return self.env["crm.lead"].concat(*(self.deals[n] for n in sorted(numbers)))

    def _pick_not_lost(self, numbers):
        """A lost deal stays in the stage where it was lost."""
        return self._pick(numbers).filtered(lambda deal: deal.won_status != "lost")

    def _forget_closed(self):
        for deal in self.deals:
            if deal.won_status != "pending":
                self.own[deal.id] = None

    def _step_stage(self, numbers, stage):
        self._pick_not_lost(numbers).write({"stage_id": self[stage].id})

    def _step_stage_and_value(self, numbers, stage, value):
        deals = self._pick(numbers).filtered("active")
        deals.write({"stage_id": self[stage].id, "probability": value})
        self.env.flush_all()
        for deal in deals:
            is_own = self.own[deal.id] is not None
            if is_own or deal.automated_probability != value:
                self.own[deal.id] = value

    def _step_pipeline(self, numbers, number, stage):
        self._pick_not_lost(numbers).write(
            {"pipeline_id": self.pipelines[number].id, "stage_id": self[stage].id}
        )

    def _step_probability(self, numbers, value):
        for deal in self._pick(numbers):
            if deal.active and deal.won_status == "pending":
                deal.probability = value
                self.own[deal.id] = value

    def _step_win(self, numbers):
        self._pick(numbers).action_set_won()

    def _step_lose(self, numbers):
        deals = self._pick(numbers).filtered(lambda deal: deal.won_status != "won")
        deals.action_set_lost()

    def _step_restore(self, numbers):
        deals = self._pick(numbers).filtered(lambda deal: deal.won_status != "won")
        deals.action_restore()

    def _step_archive(self, numbers):
        self._pick(numbers).action_archive()

    def _step_unarchive(self, numbers):
        self._pick(numbers).action_unarchive()

    def _step_reset(self, numbers):
        deals = self._pick(numbers)
        deals.action_reset_probability()
        self.own.update(dict.fromkeys(deals.ids))

    def _step_line(self, number, stage, value):
        if stage != "won":
            self._line(self.pipelines[number], self[stage]).probability = value

    def _step_night(self):
        with freeze_time("2026-03-01"), mute_logger("odoo.addons.crm.models.crm_lead"):
            self.env["crm.lead"].sudo()._cron_update_automated_probabilities()

    def __getitem__(self, stage):
        return getattr(self, stage)

    def _check(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self._forget_closed()
        for deal in self.deals.sudo():
            line = self._line(deal.pipeline_id, deal.stage_id)
            self.assertTrue(line)
            self.assertEqual(deal.pipeline_stage_id, line)
            own = self.own[deal.id]
            method = deal.pipeline_id.probability_method
            self.assertEqual(
                deal.probability_source, method if own is None else "manual"
            )
            self.assertEqual(deal.won_status == "won", deal.stage_id.is_won)
            self.assertAlmostEqual(
                deal.prorated_revenue,
                round(deal.expected_revenue * deal.probability / 100, 2),
            )
            if deal.won_status == "won":
                self.assertEqual(deal.probability, 100)
                self.assertEqual(deal.automated_probability, 100)
                self.assertTrue(deal.date_closed)
            elif deal.won_status == "lost":
                self.assertEqual(deal.probability, 0)
                self.assertFalse(deal.active)
            elif own is not None:
                self.assertAlmostEqual(deal.probability, own)
            elif method == "stage" and deal.active:
                self.assertAlmostEqual(deal.probability, line.probability)
            if method == "stage" and deal.active:
                self.assertAlmostEqual(deal.automated_probability, line.probability)
