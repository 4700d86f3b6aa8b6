import contextlib
import unittest
from datetime import date, datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PipelineCase
from ..common_random import examples
from .deal_model import Deal, Refused

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

STAGE = st.sampled_from(["qualified", "offer", "negotiation", "won"])
OPEN_STAGE = st.sampled_from(["qualified", "offer", "negotiation"])
PIPELINE = st.sampled_from(["equipment", "spares"])
NUMBER = st.integers(0, 1)
STEPS = st.one_of(
    st.tuples(st.just("stage"), NUMBER, STAGE),
    st.tuples(st.just("load"), NUMBER, OPEN_STAGE),
    st.tuples(st.just("move"), NUMBER, PIPELINE, OPEN_STAGE),
    st.tuples(st.just("archive_and_move"), NUMBER, OPEN_STAGE),
    st.tuples(st.just("kind"), NUMBER, st.sampled_from(["lead", "opportunity"])),
    st.tuples(st.just("convert"), NUMBER),
    st.tuples(st.just("active"), NUMBER, st.booleans()),
    st.tuples(st.just("referred"), NUMBER, st.booleans()),
    st.tuples(st.just("action"), NUMBER, st.booleans()),
    st.tuples(st.just("deadline"), NUMBER, st.one_of(st.none(), st.integers(1, 9))),
    st.tuples(st.just("same"), NUMBER),
    st.tuples(st.sampled_from(["win", "lose", "restore"]), NUMBER),
)
START = datetime(2026, 1, 5, 9, 0)


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestChangeWalk(PipelineCase):
    """Whatever is done to deals in whatever order and on whatever way: requirements,
    policy, source, places, stays, slips and closing date are what the model says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.write({"next_action_policy": "block", "team_ids": False})
        cls._line(cls, cls.equipment, cls.offer).requirement_ids = [
            (0, 0, {"field_name": "referred"})
        ]
        cls.spares.next_action_policy = "off"
        cls.leads = cls.env["crm.lead"].with_user(cls.manager)

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples(10, 100),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=12, max_size=24))
    def test_walk(self, steps):
        try:
            with contextlib.suppress(Rollback), self.env.cr.savepoint():
                self._walk(steps)
                raise Rollback
        finally:
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def _walk(self, steps):
        with self._on(0):
            deals = [self._new_deal(self.equipment, user=self.manager) for _ in "12"]
        models = [Deal(), Deal()]
        for today, (step, number, *arguments) in enumerate(steps, start=1):
            with self._on(today):
                deal, model = deals[number], models[number]
                expected = self._foresee(model, today, step, *arguments)
                is_done = self._try(deal, step, *arguments)
                self.assertEqual(
                    is_done, expected is not None, (step, arguments, model)
                )
                models[number] = expected or model
                self._compare(deal, models[number], (step, arguments, model))

    @contextlib.contextmanager
    def _on(self, day):
        moment = START + timedelta(days=day)
        with freeze_time(moment), patch.object(self.env.cr, "now", lambda: moment):
            yield
            self.env.flush_all()
            self.env.cr.flush()

    # ------------------------------------------------------------
    # The same step on both
    # ------------------------------------------------------------

    def _foresee(self, model, today, step, *arguments):
        """Return the model after the step; None if it is refused."""
        try:
            return getattr(self, f"_foresee_{step}")(model, today, *arguments)
        except Refused:
            return None

    def _try(self, deal, step, *arguments):
        try:
            with self.env.cr.savepoint():
                getattr(self, f"_do_{step}")(deal, *arguments)
        except UserError:
            return False
        return True

    def _foresee_stage(self, model, today, stage):
        return model.change(today, stage=stage)

    def _do_stage(self, deal, stage):
        deal.write({"stage_id": self[stage].id})

    def _foresee_load(self, model, today, stage):
        return model.change(today, stage=stage)

    def _do_load(self, deal, stage):
        result = deal.with_context(active_test=False).load(
            [".id", "name", "stage_id/.id", "description"],
            [[str(deal.id), deal.name, str(self[stage].id), ""]],
        )
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def _foresee_move(self, model, today, pipeline, stage):
        if model.kind == "lead":
            return model
        return model.change(today, pipeline=pipeline, stage=stage)

    def _do_move(self, deal, pipeline, stage):
        if deal.type == "opportunity":
            deal.write({"pipeline_id": self[pipeline].id, "stage_id": self[stage].id})

    def _foresee_archive_and_move(self, model, today, stage):
        return model.change(today, active=False, stage=stage)

    def _do_archive_and_move(self, deal, stage):
        deal.write({"active": False, "stage_id": self[stage].id})

    def _foresee_kind(self, model, today, kind):
        # A lead of another team goes along with the team, which is another matter.
        if model.pipeline == "spares":
            return model
        return model.change(today, kind=kind)

    def _do_kind(self, deal, kind):
        if deal.pipeline_id != self.spares:
            deal.write({"type": kind})

    def _foresee_convert(self, model, today):
        if model.pipeline == "spares" or not model.active or model.status == "won":
            return model
        return model.change(today, kind="opportunity")

    def _do_convert(self, deal):
        if deal.pipeline_id != self.spares:
            deal.convert_opportunity(deal.partner_id)

    def _foresee_active(self, model, today, active):
        return model.change(today, active=active)

    def _do_active(self, deal, active):
        deal.active = active

    def _foresee_referred(self, model, today, referred):
        return model.change(today, referred=referred)

    def _do_referred(self, deal, referred):
        deal.referred = "Ann" if referred else "  "

    def _foresee_action(self, model, today, action):
        deal = model.change(today)
        deal.action = action
        return deal

    def _do_action(self, deal, action):
        deal.activity_ids.unlink()
        if action:
            deal.activity_schedule(
                "mail.mail_activity_data_call", user_id=deal.user_id.id
            )

    def _foresee_deadline(self, model, today, deadline):
        return model.change(today, deadline=deadline)

    def _do_deadline(self, deal, deadline):
        deal.date_deadline = deadline and date(2026, 3, deadline)

    def _foresee_same(self, model, today):
        return model

    def _do_same(self, deal):
        """What is written again changes nothing."""
        deal.write(
            {
                "active": deal.active,
                "date_deadline": deal.date_deadline,
                "probability": deal.probability,
                "stage_id": deal.stage_id.id,
                "type": deal.type,
            }
        )
        deal.action_reset_probability()

    def _foresee_win(self, model, today):
        return model.win(today)

    def _do_win(self, deal):
        deal.action_set_won()

    def _foresee_lose(self, model, today):
        return model.lose(today)

    def _do_lose(self, deal):
        deal.action_set_lost()

    def _foresee_restore(self, model, today):
        return model.restore(today)

    def _do_restore(self, deal):
        deal.action_restore()

    # ------------------------------------------------------------
    # Comparing
    # ------------------------------------------------------------

    def __getitem__(self, name):
        return getattr(self, name)

    def _compare(self, deal, model, note):
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        names = {self[name]: name for name in ("equipment", "spares")}
        names.update(
            {self[name]: name for name in ("qualified", "offer", "negotiation", "won")}
        )
        closed = deal.date_closed and (deal.date_closed - START).days
        passages = self.env["crm.lead.passage"].search(
            [("lead_id", "=", deal.id)], order="id"
        )
        found = {
            "pipeline": names[deal.pipeline_id],
            "stage": names[deal.stage_id],
            "kind": deal.type,
            "active": deal.active,
            "status": deal.won_status,
            "source": deal.probability_source,
            "closed": closed if deal.date_closed else None,
            "marked": bool(deal.moved_without_action_date),
            "incomplete": bool(deal.incomplete_since),
            "deadline": deal.date_deadline and deal.date_deadline.day,
            "first": deal.first_decision_date and deal.first_decision_date.day,
            "slips": (deal.postponement_count, deal.advance_count),
            "passages": [
                [names[p.pipeline_id], names[p.stage_id], p.outcome] for p in passages
            ],
        }
        self.assertEqual(
            found,
            {
                "pipeline": model.pipeline,
                "stage": model.stage,
                "kind": model.kind,
                "active": model.active,
                "status": model.status,
                "source": "stage",
                "closed": model.closed,
                "marked": model.marked,
                "incomplete": False,
                "deadline": model.deadline or False,
                "first": model.first or False,
                "slips": (model.postponed, model.advanced),
                "passages": model.passages,
            },
            note,
        )
