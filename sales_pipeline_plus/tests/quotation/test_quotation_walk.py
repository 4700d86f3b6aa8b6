import contextlib
import unittest

from odoo.tests import tagged

from ..common_random import examples
from .common import QuotationCase
from .quotation_model import Deal, Quotation

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

DEAL = st.integers(0, 1)
WHICH = st.integers(0, 5)
AMOUNT = st.sampled_from([0, 100, 200, 300])
STEPS = st.one_of(
    st.tuples(st.just("quote"), DEAL, AMOUNT),
    st.tuples(st.just("price"), WHICH, AMOUNT),
    st.tuples(st.sampled_from(["confirm", "cancel", "draft", "delete"]), WHICH),
    st.tuples(st.just("choose"), WHICH),
    st.tuples(st.just("move"), WHICH, DEAL),
    st.tuples(st.just("give"), DEAL, AMOUNT),
    st.tuples(st.just("use"), DEAL),
    st.tuples(st.sampled_from(["win", "lose", "reopen"]), DEAL),
)


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestQuotationWalk(QuotationCase):
    """Whatever happens to quotations and deals in whatever order, the amounts are what
    the plain model says."""

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples(12, 120),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(STEPS, min_size=8, max_size=20))
    def test_walk(self, steps):
        try:
            with contextlib.suppress(Rollback), self.env.cr.savepoint():
                self._walk(steps)
                raise Rollback
        finally:
            self.env.invalidate_all()
            self.env.cr.precommit.clear()

    def _walk(self, steps):
        self.deals = [self._new_free_deal(name=name) for name in ("One", "Two")]
        self.models = [Deal(), Deal()]
        # The quotations that are there, in their order: (record, model's deal, model)
        self.orders = []
        self._commit()
        for step, number, *arguments in steps:
            getattr(self, f"_do_{step}")(number, *arguments)
            self._commit()
            for deal, model in zip(self.deals, self.models, strict=True):
                model.follow()
                self._compare(deal, model, (steps, step, number, arguments))

    def _compare(self, deal, model, hint):
        deal.invalidate_recordset()
        main = model.get_main()
        by_number = {quotation.number: order for order, _m, quotation in self.orders}
        self.assertEqual(
            (
                deal.expected_revenue,
                deal.main_quotation_id,
                deal.can_use_quotation_amount,
                deal.revenue_source == "quotation",
            ),
            (
                model.amount,
                by_number[main.number] if main else deal.main_quotation_id.browse(),
                model.can_use(),
                model.taken,
            ),
            hint,
        )

    def _pick(self, number):
        """Return one of the quotations, or nothing without any."""
        return self.orders[number % len(self.orders)] if self.orders else None

    def _do_quote(self, number, amount):
        order = self._new_quotation(self.deals[number], price=1)
        order.order_line.price_unit = amount
        model = Quotation(order.id, amount)
        self.models[number].quotations[order.id] = model
        self.orders.append((order, self.models[number], model))

    def _do_price(self, number, amount):
        if picked := self._pick(number):
            order, _deal, model = picked
            if model.state != "cancel":
                order.order_line.price_unit = model.amount = amount

    def _do_confirm(self, number):
        if (picked := self._pick(number)) and picked[2].state == "draft":
            picked[0].action_confirm()
            picked[2].state = "sale"

    def _do_cancel(self, number):
        if picked := self._pick(number):
            picked[0]._action_cancel()
            picked[2].state = "cancel"

    def _do_draft(self, number):
        if (picked := self._pick(number)) and picked[2].state == "cancel":
            picked[0].action_draft()
            picked[2].state = "draft"

    def _do_delete(self, number):
        picked = self._pick(number)
        if picked and picked[2].state != "sale":
            order, deal, model = picked
            self.orders.remove(picked)
            order.sudo().unlink()
            del deal.quotations[model.number]

    def _do_choose(self, number):
        picked = self._pick(number)
        if picked and picked[2].state != "cancel":
            picked[0].action_make_main_quotation()
            picked[1].chosen = picked[2].number

    def _do_move(self, number, to):
        if picked := self._pick(number):
            order, deal, model = picked
            order.opportunity_id = self.deals[to]
            del deal.quotations[model.number]
            self.models[to].quotations[model.number] = model
            self.orders[self.orders.index(picked)] = (order, self.models[to], model)

    def _do_give(self, number, amount):
        self.deals[number].expected_revenue = amount
        self.models[number].give(amount)

    def _do_use(self, number):
        if self.models[number].can_use():
            self.deals[number].action_use_quotation_amount()
            self.models[number].use()

    def _do_win(self, number):
        if self.models[number].status == "open":
            self.deals[number].action_set_won()
            self.models[number].status = "won"

    def _do_lose(self, number):
        if self.models[number].status == "open":
            self.deals[number].action_set_lost()
            self.models[number].status = "lost"

    def _do_reopen(self, number):
        model, deal = self.models[number], self.deals[number]
        if model.status == "won":
            deal.stage_id = self.offer
        elif model.status == "lost":
            deal.action_unarchive()
        model.status = "open"
