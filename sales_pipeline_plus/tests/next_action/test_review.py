import random
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import PipelineCase

NOW = "2026-03-10 11:30:00"
STATES = ["missing", "late", "out_of_standard", "on_track"]


@tagged("post_install", "-at_install")
class TestReview(PipelineCase):
    """The weekly review: what is talked about first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False

    def setUp(self):
        super().setUp()
        # The clock of a stage is the transaction's.
        now = datetime.fromisoformat(NOW)
        self.patch(type(self.env.cr), "now", lambda cr: now)

    def _plan(self, deal, days):
        return deal.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=fields.Date.today() + timedelta(days=days),
            user_id=self.salesman.id,
        )

    def _age(self, deals):
        for deal in deals:
            deal.sudo().date_last_stage_update = fields.Datetime.now()
        self.env.flush_all()

    def _limit_days(self, stage, days):
        self._line(self.equipment, stage).limit_days = days

    def test_states(self):
        self._limit_days(self.qualified, 5)
        with freeze_time("2026-03-01 11:30:00"):
            deals = [
                self._new_deal(self.equipment, stage)
                for stage in (self.qualified,) * 2 + (self.offer,) * 3 + (self.won,)
            ]
            self._age(deals)
        with freeze_time(NOW):
            missing, rotting, overdue, late, fine, won = deals
            self._plan(rotting, 2)
            self._plan(overdue, -1)
            self._plan(late, 1)
            late.date_deadline = "2026-03-09"
            self._plan(fine, 1)
            fine.date_deadline = "2026-03-10"
            expected = {
                missing: "missing",
                rotting: "out_of_standard",
                overdue: "late",
                late: "late",
                fine: "on_track",
                won: False,
            }
            for deal, state in expected.items():
                self.assertEqual(deal.review_state, state)
                self.assertIn(
                    deal, self.env["crm.lead"].search([("review_state", "=", state)])
                )

    def test_order(self):
        """Missing, late, out of standard, on track; then by amount."""
        with freeze_time(NOW):
            deals = {}
            for amount in (10, 30, 20):
                for name, days in (("missing", None), ("late", -1), ("on_track", 1)):
                    deal = self._new_deal(
                        self.equipment, self.offer, expected_revenue=amount
                    )
                    if days is not None:
                        self._plan(deal, days)
                    deals[name, amount] = deal
            action = self.env.ref("sales_pipeline_plus.crm_lead_action_review")
            view = self.env.ref("sales_pipeline_plus.crm_lead_view_list_review")
            self.assertIn('default_order="review_state, expected_revenue', view.arch)
            self.assertEqual(action.view_mode, "list,kanban,form")
            found = (
                self.env["crm.lead"]
                .with_user(self.salesman)
                .search(
                    safe_eval(action.domain),
                    order="review_state, expected_revenue desc, id",
                )
            )
            self.assertEqual(
                [(deal.review_state, deal.expected_revenue) for deal in found],
                [
                    (state, amount)
                    for state in ("missing", "late", "on_track")
                    for amount in (30, 20, 10)
                ],
            )

    def test_property_shown_as_searched_sorted_and_grouped(self):
        rng = random.Random(5)
        self._limit_days(self.qualified, 3)
        self._limit_days(self.offer, 6)
        with freeze_time("2026-03-04 11:30:00"):
            deals = self.env["crm.lead"]
            for _number in range(40):
                deals |= self._new_deal(
                    self.equipment,
                    rng.choice([self.qualified, self.offer, self.won]),
                    expected_revenue=rng.choice([10, 20, 30]),
                    date_deadline=rng.choice([False, "2026-03-09", "2026-03-11"]),
                ).sudo()
            self._age(deals)
        with freeze_time(NOW):
            for deal in deals:
                if rng.random() < 0.7:
                    self._plan(deal, rng.randint(-2, 2))
            self.env.invalidate_all()
            Lead = self.env["crm.lead"].with_user(self.manager)
            for state in [*STATES, False]:
                shown = deals.filtered(lambda deal, s=state: deal.review_state == s)
                self.assertTrue(shown, state)
                self.assertEqual(
                    set(Lead.search([("review_state", "=", state)]).ids), set(shown.ids)
                )
            order = "review_state, expected_revenue desc, id"
            ranks = {state: rank for rank, state in enumerate([*STATES, False])}
            self.assertEqual(
                Lead.search([], order=order).ids,
                deals.sorted(
                    lambda d: (ranks[d.review_state], -d.expected_revenue, d.id)
                ).ids,
            )
            groups = Lead._read_group([], ["review_state"], ["__count"])
            self.assertEqual([state for state, _count in groups], [*STATES, False])

    def test_plan_for_the_salesperson(self):
        deal = self._new_deal(self.equipment, self.offer)
        action = deal.with_user(self.manager).action_plan_next_action()
        wizard = Form(
            self.env["mail.activity.schedule"]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        self.assertEqual(wizard.activity_user_id, self.salesman)
        wizard.summary = "Call them"
        wizard.save().action_schedule_activities()
        self.assertEqual(deal.activity_ids.user_id, self.salesman)
        self.assertEqual(deal.next_action_state, "planned")

    def test_counts_of_the_overview(self):
        with freeze_time(NOW):
            for days in (None, None, -1, 2):
                deal = self._new_deal(self.equipment, self.offer)
                if days is not None:
                    self._plan(deal, days)
            self._new_deal(self.spares, self.offer)
            for user, missing, others in (
                (self.salesman, 2, 0),
                (self.manager, 2, 1),
                (self.colleague, 0, 1),
            ):
                equipment = self.equipment.with_user(user)
                spares = self.spares.with_user(user)
                self.assertEqual(equipment.missing_action_count, missing)
                self.assertEqual(spares.missing_action_count, others)
            self.env.invalidate_all()
            self.assertEqual(
                self.equipment.with_user(self.manager).overdue_action_count, 1
            )

    def test_kanban_headers_take_one_query(self):
        """The counts of all columns come with the progress bar."""
        with freeze_time(NOW):
            for stage in (self.qualified, self.offer, self.negotiation):
                self._new_deal(self.equipment, stage)
            Lead = self.env["crm.lead"].with_user(self.salesman)
            bar = {"field": "next_action_state", "colors": dict.fromkeys(STATES, "")}
            Lead.read_progress_bar([], "stage_id", bar)
            self.env.flush_all()
            with self.assertQueryCount(1):
                counts = Lead.read_progress_bar([], "stage_id", bar)
            self.assertEqual(counts[str(self.offer.id)]["missing"], 1)
