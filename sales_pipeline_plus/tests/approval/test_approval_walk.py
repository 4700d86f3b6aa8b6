import contextlib
import unittest
from dataclasses import dataclass, replace

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import OWN_DOCUMENTS
from ..common_random import examples
from .common import ApprovalCase

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

STAGES = ("qualified", "offer", "negotiation", "won")
USERS = ("salesman", "leader", "manager", "foreigner", "foreign_salesman")
STEPS = st.tuples(
    st.sampled_from(
        (
            *("move", "move", "move", "ask", "ask", "approve", "refuse", "withdraw"),
            *("archive", "unarchive", "lose", "restore", "lead", "deal", "machine"),
        )
    ),
    st.sampled_from(USERS),
    st.integers(0, 1),
    st.sampled_from(STAGES),
)


class Rollback(Exception):
    """Ends an example."""


class RefusedStep(Exception):
    """The model refuses it."""


@dataclass
class Deal:
    """Where a deal may be, in plain Python: nothing here comes from the product."""

    is_foreign: bool
    stage: str = "qualified"
    active: bool = True
    lost: bool = False
    is_lead: bool = False
    last_active: str | None = None
    waits_for: str | None = None
    asked_by: str | None = None
    facts: tuple = ()

    def sees(self, user):
        return self.is_foreign == user.startswith("foreign")

    def may_enter(self, user, stage):
        """Offer: the leader, abroad there is none; Negotiation: the salesperson; Won:
        a group."""
        if stage == "offer":
            return user == ("foreigner" if self.is_foreign else "leader")
        if stage == "negotiation":
            return user == ("foreign_salesman" if self.is_foreign else "salesman")
        return stage == "qualified" or user in ("manager", "foreigner")

    def stands(self):
        return self.active and not self.is_lead

    def changed(self, user, machine=False, **values):
        """Return the deal after a change, or refuse it."""
        after = replace(self, **values)
        if self == after:
            return self
        origin = self.stage if self.stands() else self.last_active
        if self.stands() and not after.stands():
            after.last_active = self.stage
        if after.stands() and origin != after.stage:
            if not machine and not self.may_enter(user, after.stage):
                raise RefusedStep
            if machine and not self.may_enter(user, after.stage):
                after.facts += ("automatic",)
        if after.waits_for:
            is_there = after.stands() and after.stage == after.waits_for
            state = "approved" if is_there and not machine else "moot"
            after._end(state)
        return after

    def _end(self, state):
        facts = list(self.facts)
        facts[facts.index("waiting")] = state
        self.facts = tuple(facts)
        self.waits_for = self.asked_by = None

    # ------------------------------------------------------------
    # Steps: the deal after it, or None if there is nothing to do
    # ------------------------------------------------------------

    def move(self, user, stage, machine=False):
        """What is moved into a won stage comes out of the archive, as in Odoo."""
        if self.lost:
            return None
        active = self.active or stage == "won"
        return self.changed(user, machine, stage=stage, active=active)

    def machine(self, _user, stage):
        return self.move("nobody", stage, machine=True)

    def archive(self, user, _stage):
        return self.changed(user, active=False) if self.active else None

    def unarchive(self, user, _stage):
        if self.active or self.lost:
            return None
        return self.changed(user, active=True)

    def lose(self, user, _stage):
        if not self.stands() or self.stage == "won":
            return None
        return self.changed(user, active=False, lost=True)

    def restore(self, user, _stage):
        return self.changed(user, active=True, lost=False) if self.lost else None

    def lead(self, user, _stage):
        if self.is_lead or self.lost or self.stage == "won":
            return None
        return self.changed(user, is_lead=True)

    def deal(self, user, _stage):
        return self.changed(user, is_lead=False) if self.is_lead else None

    def ask(self, user, stage):
        if (
            not self.stands()
            or self.waits_for
            or stage != "offer"
            or stage == self.stage
            or self.may_enter(user, stage)
        ):
            raise RefusedStep
        return replace(
            self, waits_for=stage, asked_by=user, facts=(*self.facts, "waiting")
        )

    def approve(self, user, _stage):
        if not self.waits_for:
            raise RefusedStep
        return self.changed(user, stage=self.waits_for)

    def refuse(self, user, _stage):
        if not self.waits_for or not self.may_enter(user, self.waits_for):
            raise RefusedStep
        after = replace(self)
        after._end("refused")
        return after

    def withdraw(self, user, _stage):
        if self.asked_by != user:
            raise RefusedStep
        after = replace(self)
        after._end("withdrawn")
        return after


@tagged("post_install", "-at_install")
class TestApprovalWalk(ApprovalCase):
    """Whoever does whatever in whatever order, deals are where the model says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign_salesman = cls._new_user(
            "foreign_salesman", OWN_DOCUMENTS, cls.other_company
        )
        cls.foreign_team.member_ids |= cls.foreign_salesman
        group = cls.env["res.groups"].create({"name": "A. Deciders"})
        (cls.manager | cls.foreigner).group_ids |= group
        cls._restrict(cls.equipment, cls.negotiation, "owner", approval=False)
        cls._restrict(cls.equipment, cls.won, "group", approval=False, group=group)

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples(10, 100),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=8, max_size=16))
    def test_walk(self, steps):
        try:
            with contextlib.suppress(Rollback), self.env.cr.savepoint():
                self._walk(steps)
                raise Rollback
        finally:
            self.env.cr.precommit.data.clear()
            self.env.invalidate_all()

    def _walk(self, steps):
        self.deals = self._new_deal(self.equipment, self.qualified)
        self.deals += self._new_deal(
            self.equipment,
            self.qualified,
            user_id=self.foreign_salesman.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
        )
        self.models = [Deal(is_foreign=False), Deal(is_foreign=True)]
        for step, user, number, stage in steps:
            model = self.models[number]
            try:
                after = getattr(model, step)(user, stage)
                if after and step != "machine" and not model.sees(user):
                    raise RefusedStep
            except RefusedStep:
                with self.assertRaises(UserError), self.env.cr.savepoint():
                    self._take(step, user, number, stage)
                self.env.invalidate_all()
            else:
                if after is None:
                    continue
                self._take(step, user, number, stage)
                self.models[number] = after
            self._check((step, user, number, stage))

    def _take(self, step, user, number, stage):
        deal = self.env["crm.lead"].browse(self.deals[number].id)
        deal = deal.with_user(getattr(self, user))
        stage = getattr(self, stage)
        match step:
            case "move":
                deal.stage_id = stage
            case "machine":
                deal.with_user(self.env.ref("base.user_root")).sudo().stage_id = stage
            case "archive":
                deal.action_archive()
            case "unarchive":
                deal.action_unarchive()
            case "lose":
                deal.action_set_lost()
            case "restore":
                deal.action_restore()
            case "lead":
                deal.type = "lead"
            case "deal":
                deal.type = "opportunity"
            case "ask":
                deal._request_approval(stage, "Please")
            case "approve":
                deal.action_approve_move()
            case "refuse":
                deal._refuse_move("No")
            case "withdraw":
                deal.action_withdraw_approval()
        self.env.flush_all()

    def _check(self, step):
        self.env.flush_all()
        self.env.invalidate_all()
        for deal, model in zip(self.deals.sudo(), self.models, strict=True):
            facts = self._get_approvals(deal)
            activities = self.env["mail.activity"].search(
                [("res_model", "=", "crm.lead"), ("res_id", "=", deal.id)]
            )
            self.assertEqual(
                (
                    deal.stage_id,
                    deal.active,
                    deal.type == "lead",
                    deal.approval_stage_id,
                    tuple(facts.mapped("state")),
                    len(activities),
                ),
                (
                    getattr(self, model.stage),
                    model.active,
                    model.is_lead,
                    getattr(self, model.waits_for or "", self.stray.browse()),
                    model.facts,
                    int(bool(model.waits_for)),
                ),
                step,
            )
