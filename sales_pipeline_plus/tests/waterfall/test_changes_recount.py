import contextlib
import unittest
from datetime import date, datetime
from decimal import Decimal

import pytz
from freezegun import freeze_time

from odoo.tests import tagged

from ..common_currency import CurrencyMixin
from ..common_random import examples
from .common import ChangesCase
from .recount import Question, State, recount, round_cents

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

COUNT = 9
DEALS = st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=3)
DAYS = (False, "2026-05-20", "2026-06-20", "2026-06-28", "2026-07-10")
STEPS = st.one_of(
    st.tuples(
        st.sampled_from(
            ["delete", "archive", "restore", "win", "lose", "reopen", "unqualify"]
        ),
        DEALS,
    ),
    st.tuples(st.just("merge"), DEALS),
    st.tuples(st.just("amount"), DEALS, st.sampled_from([0, 33.33, 777.77, -5])),
    st.tuples(st.just("date"), DEALS, st.sampled_from(DAYS)),
    st.tuples(st.just("probability"), DEALS, st.sampled_from([0.5, 33.33, 80])),
    st.tuples(st.just("give"), DEALS, st.integers(0, 2)),
    st.tuples(st.just("team"), DEALS),
    st.tuples(st.just("move"), DEALS),
    st.tuples(st.just("create"), st.integers(1, 2)),
    st.tuples(st.just("convert")),
)
WALK = st.lists(STEPS, max_size=6)


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestChangesRecount(CurrencyMixin, ChangesCase):
    """Whatever happens to deals, and whoever asks what: the bars are those of a recount
    in plain Python, and add up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_currency(
            {"2020-01-01": 2, "2026-06-02": 8, "2026-06-05": 4, "2026-06-09": 16}
        )
        cls.people = cls.salesman + cls.colleague + cls.foreigner

    # ------------------------------------------------------------
    # What the test sees
    # ------------------------------------------------------------

    def _see(self, day):
        """Return {number: State} of all opportunities that are open."""
        self.env.flush_all()
        self.env.invalidate_all()
        deals = self.env["crm.lead"].sudo().search([("type", "=", "opportunity")])
        return {
            deal.id: self._to_state(deal, day)
            for deal in deals
            if deal.won_status == "pending" and deal.active
        }

    def _to_state(self, deal, day, status="open"):
        return State(
            amount=round_cents(Decimal(str(deal.expected_revenue))),
            probability=Decimal(str(round(deal.probability, 2))),
            weighted=round_cents(Decimal(str(deal.prorated_revenue))),
            deadline=deal.date_deadline,
            user=deal.user_id.id,
            team=deal.team_id.id,
            pipeline=deal.pipeline_id.id,
            company=deal.company_id.id,
            day=day,
            status=status,
        )

    def _convert(self, amount, state, day):
        """Return an amount in the currency of the first company."""
        if state.company != self.other_company.id:
            return amount
        rates = (("2026-06-09", 16), ("2026-06-05", 4), ("2026-06-02", 8))
        rate = next((rate for since, rate in rates if str(day) >= since), 2)
        return round_cents(amount / rate)

    # ------------------------------------------------------------
    # What happens
    # ------------------------------------------------------------

    def _pick(self, numbers, status=None):
        deals = (
            self.env["crm.lead"]
            .sudo()
            .browse(
                self.numbers[number % len(self.numbers)] for number in sorted(numbers)
            )
        )
        deals = deals.exists()
        if status:
            deals = deals.filtered(
                lambda deal: (
                    deal.type == "opportunity"
                    and deal.won_status == status
                    and (deal.active or status == "lost")
                )
            )
        return deals

    def _step_delete(self, numbers):
        deals = self._pick(numbers)
        for deal in deals:
            self.gone[deal.id] = (
                deal.won_status if deal.won_status != "pending" else "deleted"
            )
        deals.unlink()

    def _step_archive(self, numbers):
        self._pick(numbers, "pending").active = False

    def _step_restore(self, numbers):
        self._pick(numbers).filtered(
            lambda deal: deal.won_status == "pending"
        ).active = True

    def _step_win(self, numbers):
        self._pick(numbers, "pending").action_set_won()

    def _step_lose(self, numbers):
        self._pick(numbers, "pending").action_set_lost()

    def _step_reopen(self, numbers):
        self._pick(numbers, "lost").action_restore()
        for deal in self._pick(numbers, "won"):
            deal.stage_id = self.offer

    def _step_unqualify(self, numbers):
        self._pick(numbers, "pending").type = "lead"

    def _step_merge(self, numbers):
        deals = self._pick(numbers, "pending")
        if len(deals) > 1 and len(deals.company_id) == 1:
            ids = set(deals.ids)
            deals.merge_opportunity()
            for number in ids - set(deals.exists().ids):
                self.gone[number] = "merged"

    def _step_amount(self, numbers, amount):
        for deal in self._pick(numbers, "pending"):
            deal.expected_revenue = amount

    def _step_date(self, numbers, day):
        self._pick(numbers, "pending").date_deadline = day

    def _step_probability(self, numbers, probability):
        for deal in self._pick(numbers, "pending"):
            deal.probability = probability

    def _step_give(self, numbers, number):
        user = self.people[number]
        team = (self.equipment_team, self.spares_team, self.foreign_team)[number]
        for deal in self._pick(numbers, "pending"):
            if user.company_id == deal.company_id:
                deal.write({"user_id": user.id, "team_id": team.id})

    def _step_team(self, numbers):
        self._pick(numbers, "pending").team_id = False

    def _step_move(self, numbers):
        """To the other company, with its currency."""
        for deal in self._pick(numbers, "pending"):
            deal.write(
                {
                    "user_id": self.foreigner.id,
                    "team_id": self.foreign_team.id,
                    "company_id": self.other_company.id,
                }
            )

    def _step_create(self, number):
        for index in range(number):
            self.numbers.append(self._create(index + len(self.numbers)).id)

    def _step_convert(self):
        lead = (
            self.env["crm.lead"]
            .sudo()
            .create(
                {
                    "name": "Lead",
                    "type": "lead",
                    "user_id": self.salesman.id,
                    "company_id": self.company.id,
                    "expected_revenue": 44.44,
                }
            )
        )
        lead.convert_opportunity(self.env["res.partner"])
        self.numbers.append(lead.id)

    def _create(self, number):
        user = self.people[number % 3]
        return (
            self.env["crm.lead"]
            .sudo()
            .create(
                {
                    "name": f"Deal {number % 4}",
                    "type": "opportunity",
                    "user_id": user.id,
                    "team_id": (
                        self.equipment_team,
                        self.spares_team,
                        self.foreign_team,
                    )[number % 3].id,
                    "company_id": user.company_id.id,
                    "pipeline_id": (self.equipment, self.spares)[number % 2].id,
                    "stage_id": (self.qualified, self.offer)[number // 2 % 2].id,
                    "expected_revenue": 3**number + 0.37 * number,
                    "date_deadline": DAYS[number % len(DAYS)],
                }
            )
        )

    def _walk(self, steps, moment):
        for step, *arguments in steps:
            with self._at(moment):
                getattr(self, f"_step_{step}")(*arguments)

    # ------------------------------------------------------------
    # The recount
    # ------------------------------------------------------------

    def _tell(self, before, after, known):
        """Return what :func:`recount` wants to know of each deal.

        :param known: {number: status} of all there were at the opening
        """
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        paris = pytz.timezone("Europe/Paris")
        told = {}
        for lead in leads.search([]):
            new, left = after.get(lead.id), None
            if not new and lead.type == "opportunity":
                status = lead.won_status
                if status in ("won", "lost"):
                    closed = pytz.utc.localize(lead.date_closed).astimezone(paris)
                    since = pytz.utc.localize(datetime(2026, 5, 31, 22))
                    if closed >= since:
                        new = self._to_state(lead, closed.date(), status)
                else:
                    left = "archived"
            elif not new:
                left = "unqualified"
            old = before.get(lead.id)
            if lead.id not in known or known[lead.id] == "lead":
                came = "new"
            elif known[lead.id] in ("won", "lost"):
                came = "reopened"
            else:
                came = "restored"
            if old or new:
                told[lead.id] = old, new, came, left
        for number, left in self.gone.items():
            if number in before:
                told[number] = before[number], None, None, left
        return told

    def _get_known(self):
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return {
            lead.id: lead.won_status if lead.type == "opportunity" else "lead"
            for lead in leads.search([])
        }

    def _is_seen(self, number, told, user):
        """By the rules: those of the opportunity, of what is no more its own."""
        lead = self.env["crm.lead"].sudo().browse(number).exists()
        old, _new, _came, left = told
        if left == "merged":
            return None
        owner, company = (
            (lead.user_id.id, lead.company_id.id) if lead else (old.user, old.company)
        )
        if company not in user.company_ids.ids:
            return False
        return user != self.salesman or owner in (False, user.id)

    def _check(self, told, **answers):
        for user in (self.boss, self.manager, self.salesman):
            seen = [
                each
                for number, each in told.items()
                if self._is_seen(number, each, user) is not False
            ]
            for owned, decision in (
                ({}, None),
                ({}, "this_month"),
                ({"user": self.salesman}, None),
                ({"team": self.spares_team}, "this_month"),
                ({"pipeline": self.equipment}, None),
                ({"company": self.company}, "this_month"),
            ):
                question = Question(
                    {name: each.ids for name, each in owned.items()},
                    (date(2026, 6, 1), date(2026, 7, 1)) if decision else None,
                    self._convert,
                )
                filters = {f"{name}_ids": each.ids for name, each in owned.items()}
                bars = self._get_changes(user, decision=decision, **filters, **answers)
                found = {
                    code: [
                        bar["deals"],
                        bar["count"],
                        round_cents(Decimal(str(bar["amount"]))),
                        round_cents(Decimal(str(bar["weighted"]))),
                    ]
                    for code, bar in bars.items()
                    if bar["deals"]
                }
                self.assertEqual(
                    found, recount(seen, question), (user.login, filters, decision)
                )

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples(4, 32),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(WALK, WALK, WALK)
    def test_walk(self, first, second, third):
        try:
            with contextlib.suppress(Rollback), self.env.cr.savepoint():
                self._run(first, second, third)
                raise Rollback
        finally:
            self.env.cr.precommit.data.clear()
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    def _run(self, first, second, third):
        self.gone, self.numbers = {}, []
        with self._at(self.BEFORE):
            self.numbers = [self._create(number).id for number in range(COUNT)]
        self._walk(first, "2026-05-27 08:00:00")
        self.gone = {}
        opening = self._see(date(2026, 6, 1))
        known = self._get_known()
        self._take_week(self.OPENING)
        self._walk(second, self.BETWEEN)
        with freeze_time("2026-06-06 09:00:00"):
            now = self._see(date(2026, 6, 6))
            self._check_at("2026-06-06 09:00:00", self._tell(opening, now, known))
        closing = self._see(date(2026, 6, 8))
        told = self._tell(opening, closing, known)
        self._take_week(self.CLOSING)
        self._check_at(self.NOW, told, end="2026-06-08")
        self._walk(third, "2026-06-09 10:00:00")
        # Whatever happens later: it closes.
        for user in (self.boss, self.salesman):
            for decision in (None, "this_month"):
                for start, end in (
                    ("2026-06-01", "2026-06-08"),
                    ("2026-06-01", "now"),
                    ("2026-06-08", "now"),
                ):
                    self._get_changes(user, start=start, end=end, decision=decision)

    def _check_at(self, moment, told, **answers):
        kept, self.NOW = self.NOW, moment
        try:
            self._check(told, **answers)
        finally:
            self.NOW = kept
