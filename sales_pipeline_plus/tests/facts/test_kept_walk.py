import contextlib
import unittest

from freezegun import freeze_time

from odoo.tests import tagged

from ..common_random import examples
from .test_kept_facts import KeptFactsCase

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

DEALS = st.sets(st.integers(0, 5), min_size=1, max_size=3)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["delete", "archive", "restore", "win", "lose"]), DEALS),
    st.tuples(st.just("merge"), DEALS),
    st.tuples(st.just("leave"), st.integers(0, 1)),
)


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestKeptWalk(KeptFactsCase):
    """Whatever becomes of deals, what was recorded of them stays what it was."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        deals = cls.env["crm.lead"]
        with freeze_time("2026-05-04 08:00"):
            for number in range(6):
                deals |= cls._new_deal(
                    cls.spares if number % 2 else cls.equipment,
                    cls.qualified,
                    name=f"Deal {number}",
                    expected_revenue=10**number,
                    date_deadline=f"2026-0{5 + number % 3}-20",
                )
            cls.env.flush_all()
            cls.env["crm.lead.passage"].flush_model()
        for moment, stage, some in (
            ("2026-05-12 08:00", cls.offer, deals[:3]),
            ("2026-06-09 08:00", cls.negotiation, deals[2:5]),
            ("2026-06-16 08:00", cls.qualified, deals[4:]),
        ):
            with freeze_time(moment):
                some.sudo().write({"stage_id": stage.id})
                cls.env.flush_all()
                cls.env["crm.lead.passage"].flush_model()
                cls.snapshots._take_snapshots()
        cls.deals = deals.sudo()
        # Stays are of the time of the transaction, which is not frozen.
        cls.env.cr.execute(
            """UPDATE crm_lead_passage
                  SET date_in = '2020-05-04',
                      date_out = CASE WHEN date_out IS NOT NULL
                                      THEN timestamp '2020-06-11' END
                WHERE lead_id = ANY(%s)""",
            [deals.ids],
        )
        cls.env.invalidate_all()

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples(10, 100),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=3, max_size=8))
    def test_walk(self, steps):
        try:
            with (
                contextlib.suppress(Rollback),
                freeze_time("2026-07-10 08:00"),
                self.env.cr.savepoint(),
            ):
                before = self._get_facts()
                self.assertTrue(all(before.values()))
                for step, *arguments in steps:
                    getattr(self, f"_step_{step}")(*arguments)
                    self.env.flush_all()
                    self.passages.flush_model()
                    self.env.invalidate_all()
                    self.assertEqual(self._get_facts(), before, steps)
                raise Rollback
        finally:
            self.env.cr.precommit.data.clear()
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def _get_facts(self):
        """Return what was known of the months that are over."""
        rows = {
            "snapshots": """
                SELECT fact.date, date_deadline, pipeline_id, stage_id,
                       COALESCE(user_name, partner.name), sum(amount),
                       sum(weighted_amount), count(*)
                  FROM crm_forecast_snapshot AS fact
             LEFT JOIN res_users AS owner ON owner.id = fact.user_id
             LEFT JOIN res_partner AS partner ON partner.id = owner.partner_id
              GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
            "stays": """
                SELECT date_trunc('month', date_out), pipeline_id, stage_id, outcome,
                       COALESCE(user_name, partner.name), sum(amount), sum(days),
                       sum(conversion_rate), count(*)
                  FROM crm_lead_passage AS fact
             LEFT JOIN res_users AS owner ON owner.id = fact.user_id
             LEFT JOIN res_partner AS partner ON partner.id = owner.partner_id
                 WHERE date_out < '2020-07-01'
              GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
            "entered": """
                SELECT date_trunc('month', date_in), pipeline_id, stage_id, sum(amount),
                       count(*)
                  FROM crm_lead_passage
                 WHERE date_in < '2020-07-01'
              GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
        }
        result = {}
        for name, query in rows.items():
            self.env.cr.execute(query)
            result[name] = self.env.cr.fetchall()
        return result

    def _pick(self, numbers):
        return self.deals.browse(
            [self.deals.ids[number] for number in sorted(numbers)]
        ).exists()

    def _step_delete(self, numbers):
        self._pick(numbers).unlink()

    def _step_archive(self, numbers):
        self._pick(numbers).action_archive()

    def _step_restore(self, numbers):
        deals = self._pick(numbers)
        deals.filtered(lambda deal: deal.won_status == "lost").action_restore()

    def _step_win(self, numbers):
        self._pick(numbers).filtered("active").action_set_won()

    def _step_lose(self, numbers):
        deals = self._pick(numbers)
        deals.filtered(lambda deal: deal.won_status == "pending").action_set_lost()

    def _step_merge(self, numbers):
        deals = self._pick(numbers)
        if len(deals) > 1:
            deals.merge_opportunity()

    def _step_leave(self, number):
        user = (self.salesman, self.colleague)[number].exists()
        if user:
            self.deals.exists().filtered(lambda d: d.user_id == user).user_id = False
            user.unlink()
