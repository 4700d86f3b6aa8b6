from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ...wizard import crm_pipeline_move
from ..common import PipelineCase

CRON = "sales_pipeline_plus.ir_cron_pipeline_move"


@tagged("post_install", "-at_install")
class TestPipelineMove(PipelineCase, CronMixinCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ordered, cls.delivered = cls.env["crm.stage"].create(
            [
                {"name": "P. Ordered", "sequence": 61, "is_won": True},
                {"name": "P. Delivered", "sequence": 62, "is_won": True},
            ]
        )
        cls.delivery = cls._new_pipeline(
            "Delivery", {cls.ordered: 100, cls.delivered: 100}
        )
        # As Odoo does by default, the moves are tracked.
        cls.env = cls.env(context={**cls.env.context, "mail_notrack": False})
        for name in ("salesman", "colleague", "all_documents", "manager", "foreigner"):
            setattr(cls, name, getattr(cls, name).with_env(cls.env))

    def _track(self):
        """Write the tracked values, as the end of a request does."""
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _open(self, deals, pipeline=None, user=None):
        """Open the preview of a move as ``user`` and choose the pipeline."""
        deals = deals.with_user(user or self.salesman)
        action = deals.action_move_to_pipeline()
        move = self.env["crm.pipeline.move"].browse(action["res_id"])
        move = move.with_user(user or self.salesman)
        if pipeline:
            move.pipeline_id = pipeline
        return move

    def _get_move_line(self, move, stage):
        return move.line_ids.filtered(lambda line: line.source_stage_id == stage)

    @contextmanager
    def assertRefused(self, message):
        """Check the error that a user gets, and undo what was done until then."""
        with self.assertRaises(UserError) as refused:
            yield
        self.assertRegex(str(refused.exception), message)

    def assertMoved(self, deal, pipeline, stage):
        deal = deal.sudo()
        self.assertEqual(
            (deal.pipeline_id, deal.stage_id), (pipeline, stage), deal.name
        )

    # ------------------------------------------------------------
    # Mapping and preview
    # ------------------------------------------------------------

    def test_same_stage_is_proposed(self):
        deal = self._new_deal(self.equipment, self.offer)
        move = self._open(deal, self.spares)
        self.assertEqual(move.line_ids.source_stage_id, self.offer)
        self.assertEqual(move.line_ids.target_stage_id, self.offer)
        action = move.action_move()
        self.assertEqual(
            action["params"]["message"],
            "Opportunities moved to “Spare parts”: 1",
        )
        self.assertMoved(deal, self.spares, self.offer)
        self.assertDeal(deal, 75, "stage")

    def test_nearest_probability_is_proposed(self):
        """10, 30 and 80 %: Qualified is nearest to 10, Study to 30, End to 80 %."""
        study, end = self.env["crm.stage"].create(
            [{"name": "P. Study"}, {"name": "P. End"}]
        )
        other = self._new_pipeline(
            "Other", {study: 35, end: 70, self.won: 100}, sequence=1001
        )
        deals = (
            self._new_deal(self.equipment, self.qualified)
            | self._new_deal(self.equipment, self.offer)
            | self._new_deal(self.equipment, self.negotiation)
        )
        move = self._open(deals, other)
        self.assertEqual(
            move.line_ids.mapped(
                lambda line: (line.source_stage_id.name, line.target_stage_id.name)
            ),
            [
                ("P. Qualified", "P. Study"),
                ("P. Offer", "P. Study"),
                ("P. Negotiation", "P. End"),
            ],
            "in the order of the pipeline they come from",
        )
        self.assertEqual(
            self._get_move_line(move, self.offer).available_stage_ids,
            study | end,
            "no won stage",
        )

    def test_preview_equals_result(self):
        deals = self.env["crm.lead"]
        for rank, stage in enumerate(
            (self.qualified, self.offer, self.offer, self.negotiation, self.won)
        ):
            deals |= self._new_deal(
                self.equipment, stage, expected_revenue=1234.57 + rank / 3
            )
        deals[2].probability = 47
        move = self._open(deals, self.spares)
        before = sum(deals.mapped("prorated_revenue"))
        self.assertEqual(len(move.line_ids), 4)
        line = self._get_move_line(move, self.offer)
        self.assertEqual((line.lead_count, line.kept_count), (2, 1))
        self.assertAlmostEqual(line.probability_before, (30 + 47) / 2)
        self.assertAlmostEqual(line.probability_after, (75 + 47) / 2)
        self.assertEqual((move.lead_count, move.kept_count), (5, 1))
        self.assertAlmostEqual(move.weighted_before, before)
        self.assertAlmostEqual(move.amount, sum(deals.mapped("expected_revenue")))
        expected = {line.source_stage_id: line.weighted_after for line in move.line_ids}
        total = move.weighted_after
        stages = deals.grouped("stage_id")
        move.action_move()
        self.env.flush_all()
        self.env.invalidate_all()
        for stage, moved in stages.items():
            self.assertAlmostEqual(
                sum(moved.mapped("prorated_revenue")), expected[stage], msg=stage.name
            )
        self.assertAlmostEqual(sum(deals.mapped("prorated_revenue")), total)

    def test_preview_of_predictive_scoring_equals_result(self):
        self.env["crm.lead.scoring.frequency"].search([]).unlink()
        self.env["ir.config_parameter"].set_param("crm.pls_start_date", "2020-01-01")
        for number in range(6):
            deal = self._new_deal(self.equipment, self.negotiation)
            if number % 3:
                deal.action_set_won()
            else:
                deal.action_set_lost()
        self.env["crm.lead"].sudo()._rebuild_pls_frequency_table()
        self.spares.probability_method = "predictive"
        deals = self._new_deal(self.equipment, self.negotiation) | self._new_deal(
            self.equipment, self.offer
        )
        move = self._open(deals, self.spares)
        total = move.weighted_after
        move.action_move()
        self.assertEqual(set(deals.mapped("probability_source")), {"predictive"})
        self.assertTrue(deals[0].probability not in (60, 80))
        self.assertAlmostEqual(sum(deals.mapped("prorated_revenue")), total)

    def test_preview_in_form(self):
        """The preview follows what the user chooses, before anything is saved."""
        deals = self._new_deal(
            self.equipment, self.offer, expected_revenue=1000
        ) | self._new_deal(self.equipment, self.negotiation, expected_revenue=1000)
        move = self._open(deals)
        with Form(move) as form:
            form.pipeline_id = self.spares
            self.assertEqual((form.weighted_before, form.weighted_after), (1100, 1350))
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.source_stage_id, self.offer)
                line.target_stage_id = self.qualified
                self.assertEqual(line.weighted_after, 200)
            self.assertEqual(form.weighted_after, 800)
        self.assertEqual(move.weighted_after, 800)
        move.action_move()
        self.assertMoved(deals[0], self.spares, self.qualified)
        self.assertMoved(deals[1], self.spares, self.negotiation)

    def test_amounts_are_converted(self):
        """Deals of two companies and currencies, in the user's company's currency."""
        currency = self.env["res.currency"].create(
            {
                "name": "PMV",
                "symbol": "P",
                "rate_ids": [
                    Command.create(
                        {"name": "2020-01-01", "rate": 4, "company_id": company.id}
                    )
                    for company in (self.company, self.other_company)
                ],
            }
        )
        self.other_company.currency_id = currency
        self.manager.company_ids |= self.other_company
        deals = self._new_deal(self.equipment, self.offer, expected_revenue=1000)
        deals |= self.env["crm.lead"].create(
            self._prepare_deal(
                self.equipment,
                self.offer,
                expected_revenue=1000,
                company_id=self.other_company.id,
                team_id=self.foreign_team.id,
                user_id=self.foreigner.id,
            )
        )
        deals = deals.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        rate = self.company.currency_id._get_rates(
            self.company, datetime(2024, 1, 1).date()
        )[self.company.currency_id.id]
        move = self._open(deals, self.spares, user=self.manager)
        self.assertEqual(move.currency_id, self.company.currency_id)
        self.assertAlmostEqual(move.amount, 1000 + 1000 * rate / 4, 2)
        self.assertAlmostEqual(move.weighted_after, 750 + 750 * rate / 4, 2)

    def test_own_probability_is_kept(self):
        deal = self._new_deal(self.equipment, self.offer)
        deal.probability = 42
        equal = self._new_deal(self.equipment, self.offer)
        equal.probability = 44
        equal.probability = 30
        self.assertEqual(equal.probability_source, "manual")
        move = self._open(deal | equal, self.spares)
        self.assertEqual(move.kept_count, 2)
        move.action_move()
        self.assertDeal(deal, 42, "manual", automated=75)
        self.assertDeal(equal, 30, "manual", automated=75)

    def test_move_is_logged(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._track()
        move = self._open(deal, self.spares)
        move.line_ids.target_stage_id = self.negotiation
        move.action_move()
        self._track()
        message = deal.message_ids[0]
        self.assertIn(
            "Moved from “Equipment” (P. Offer) to “Spare parts” (P. Negotiation)",
            message.body,
        )
        self.assertEqual(message.author_id, self.salesman.partner_id)
        self.assertEqual(
            set(message.sudo().tracking_value_ids.field_id.mapped("name")),
            {"pipeline_id", "stage_id"},
        )

    def test_only_the_pipeline_is_logged(self):
        """Not what the opportunity shows of its pipeline."""
        leads = self.env["crm.lead"]
        self.assertFalse(
            [
                name
                for name in leads._track_get_fields()
                if (leads._fields[name].related or "").startswith("pipeline")
            ]
        )

    # ------------------------------------------------------------
    # Won deals and delivery
    # ------------------------------------------------------------

    def test_won_stay_won_with_their_dates(self):
        deals = self._new_deal(self.equipment, self.won)
        deals |= self._new_deal(self.equipment, self.won)
        dates = [datetime(2024, 1, 2, 3, 4, 5), datetime(2025, 6, 7, 8, 9, 10)]
        for deal, date in zip(deals, dates, strict=True):
            deal.sudo().date_closed = date
        self.equipment.won_pipeline_id = self.delivery
        action = deals[0].action_continue_won()
        move = self.env["crm.pipeline.move"].browse(action["res_id"])
        self.assertEqual(move.pipeline_id, self.delivery)
        self.assertEqual(move.line_ids.target_stage_id, self.ordered, "the first one")
        move = self._open(deals, self.delivery)
        move.line_ids.target_stage_id = self.delivered
        self.assertEqual(move.weighted_after, move.weighted_before)
        move.action_move()
        for deal, date in zip(deals, dates, strict=True):
            self.assertMoved(deal, self.delivery, self.delivered)
            self.assertDeal(deal, 100, "stage")
            self.assertEqual((deal.won_status, deal.date_closed), ("won", date))
        # And back, where the stage is the one that it was.
        self._track()
        move = self._open(deals, self.equipment)
        self.assertEqual(move.line_ids.target_stage_id, self.won)
        move.action_move()
        self.assertEqual(deals.mapped("date_closed"), dates)
        self.assertEqual(set(deals.mapped("won_status")), {"won"})

    def test_same_won_stage_keeps_the_date(self):
        deal = self._new_deal(self.equipment, self.won)
        date = datetime(2024, 1, 2, 3, 4, 5)
        deal.sudo().date_closed = date
        self._open(deal, self.spares).action_move()
        self.assertMoved(deal, self.spares, self.won)
        self.assertEqual((deal.won_status, deal.date_closed), ("won", date))

    def test_delivery_pipeline_has_won_stages_only(self):
        with self.assertRefused("it has “P. Qualified”, “P. Negotiation”, “P. Offer”"):
            self.equipment.won_pipeline_id = self.spares
        with self.assertRefused("in itself"):
            self.delivery.won_pipeline_id = self.delivery
        self.equipment.won_pipeline_id = self.delivery
        with self.assertRefused("cannot be archived"):
            self.delivery.active = False
        with self.assertRefused("it has “P. Offer”|starts with the won stage"):
            self.env["crm.pipeline.stage"].create(
                {"pipeline_id": self.delivery.id, "stage_id": self.offer.id}
            )
        with self.assertRefused("it has “P. Ordered”"):
            self.ordered.is_won = False

    def test_delivery_pipeline_of_another_company(self):
        self.delivery.company_id = self.other_company
        self.equipment.company_id = self.company
        with self.assertRaises(UserError):
            self.equipment.won_pipeline_id = self.delivery

    def test_open_deal_is_not_won_by_moving(self):
        deal = self._new_deal(self.equipment, self.offer)
        move = self._open(deal, self.spares)
        self.assertNotIn(self.delivery, move.available_pipeline_ids)
        self.assertNotIn(self.won, move.line_ids.available_stage_ids)
        move.line_ids.target_stage_id = self.won
        with self.assertRefused("the button “Won” wins them"):
            move.action_move()
        move = self._open(deal, self.delivery)
        with self.assertRefused("still open and “Delivery” has no open"):
            move.action_move()

    def test_won_deal_is_not_reopened_by_moving(self):
        deal = self._new_deal(self.equipment, self.won)
        move = self._open(deal, self.spares)
        move.line_ids.target_stage_id = self.offer
        with self.assertRefused("is not a won stage"):
            move.action_move()
        self.assertMoved(deal, self.equipment, self.won)

    # ------------------------------------------------------------
    # What stays
    # ------------------------------------------------------------

    def test_lost_and_others_stay(self):
        deal = self._new_deal(self.equipment, self.offer)
        lost = self._new_deal(self.equipment, self.offer)
        lost.action_set_lost()
        there = self._new_deal(self.spares, self.offer, user_id=self.salesman.id)
        lead = self._new_deal(type="lead")
        move = self._open(deal | lost | there | lead, self.spares)
        self.assertEqual(
            move.skipped_message.split("\n"),
            [
                "Lost or archived, they stay closed where they are: 1.",
                "Already in “Spare parts”, they stay as they are: 1.",
                "Leads, to be converted to opportunities before they move: 1.",
            ],
        )
        self.assertEqual(move.lead_count, 1)
        date = there.date_last_stage_update
        move.action_move()
        self.assertMoved(deal, self.spares, self.offer)
        self.assertMoved(lost, self.equipment, self.offer)
        self.assertEqual(lost.won_status, "lost")
        self.assertEqual(there.date_last_stage_update, date)

    def test_nothing_to_move(self):
        lost = self._new_deal(self.equipment, self.offer)
        lost.action_set_lost()
        with self.assertRefused("Lost or archived, they stay closed"):
            self._open(lost)
        with self.assertRefused("Leads, to be converted"):
            self._open(self._new_deal(type="lead"))
        deal = self._new_deal(self.equipment, self.offer)
        move = self._open(deal)
        with self.assertRefused("Choose the pipeline"):
            move.action_move()
        move.pipeline_id = self.equipment
        with self.assertRefused("Already in “Equipment”"):
            move.action_move()

    def test_stage_is_required(self):
        move = self._open(self._new_deal(self.equipment, self.offer), self.spares)
        move.line_ids.target_stage_id = False
        with self.assertRefused("Choose the stage of “Spare parts” for"):
            move.action_move()

    def test_changed_meanwhile(self):
        deal = self._new_deal(self.equipment, self.offer)
        move = self._open(deal, self.spares)
        self.assertEqual(move.line_ids.source_stage_id, self.offer)
        deal.stage_id = self.negotiation
        with self.assertRefused("have changed since this preview"):
            move.action_move()
        self.assertMoved(deal, self.equipment, self.negotiation)

    # ------------------------------------------------------------
    # Roles, teams and companies
    # ------------------------------------------------------------

    def test_own_documents(self):
        """A deal that the user may not see is neither counted nor moved."""
        own = self._new_deal(self.equipment, self.offer)
        foreign = self._new_deal(self.equipment, self.offer)
        move = self._open(own | foreign)
        foreign.sudo().user_id = self.colleague
        self.env.flush_all()
        self.env.invalidate_all()
        move.pipeline_id = self.spares
        self.assertEqual(move.lead_count, 1)
        self.assertFalse(move.skipped_message)
        move.action_move()
        self.assertMoved(own, self.spares, self.offer)
        self.assertMoved(foreign, self.equipment, self.offer)
        with self.assertRaises(UserError):
            self._open(foreign)

    def test_all_documents(self):
        deals = self._new_deal(self.equipment, self.offer) | self._new_deal(
            self.equipment, self.offer, user=self.manager, user_id=self.colleague.id
        )
        move = self._open(deals, self.spares, user=self.all_documents)
        self.assertEqual(move.lead_count, 2)
        move.action_move()
        self.assertMoved(deals[1], self.spares, self.offer)

    def test_other_user_of_a_preview(self):
        move = self._open(self._new_deal(self.equipment, self.offer), self.spares)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            move.with_user(self.colleague).action_move()

    def test_other_company(self):
        deal = self._new_deal(self.equipment, self.offer)
        with self.assertRaises(UserError):
            self._open(deal, user=self.foreigner)
        self.spares_team.pipeline_id = False
        self.spares.company_id = self.other_company
        move = self._open(deal)
        self.assertNotIn(self.spares, move.available_pipeline_ids)
        move.sudo().pipeline_id = self.spares
        with self.assertRaisesRegex(
            UserError, "not open to its sales team or its comp"
        ):
            move.action_move()

    def test_other_team(self):
        deal = self._new_deal(self.equipment, self.offer)
        self.spares.team_ids = self.spares_team
        move = self._open(deal)
        self.assertNotIn(self.spares, move.available_pipeline_ids)
        move.pipeline_id = self.spares
        with self.assertRefused("not open to its sales team"):
            move.action_move()
        deal.team_id = False
        self.assertIn(self.spares, self._open(deal).available_pipeline_ids)

    # ------------------------------------------------------------
    # What the stage asks for
    # ------------------------------------------------------------

    def _ask_for_phone(self):
        self._line(self.spares, self.negotiation).requirement_ids = [
            Command.create({"field_name": "phone", "level": "hard"})
        ]

    def test_missing_fields(self):
        self._ask_for_phone()
        deals = self._new_deal(
            self.equipment, self.negotiation, phone="0102030405", name="Complete"
        ) | self._new_deal(self.equipment, self.negotiation, name="Incomplete")
        move = self._open(deals, self.spares)
        self.assertEqual((move.missing_count, move.line_ids.missing), (1, "Phone: 1"))
        self.assertFalse(move.can_override)
        with self.assertRaisesRegex(
            UserError, "Nothing has moved.*“Incomplete” .Phone"
        ):
            move.action_move()
        self.assertMoved(deals[0], self.equipment, self.negotiation)
        move.override_reason = "I want it"
        with self.assertRefused("Only a sales manager"):
            move.action_move()
        move.override_reason = False
        move.line_ids.target_stage_id = self.qualified
        self.assertFalse(move.missing_count)
        move.action_move()
        self.assertMoved(deals[1], self.spares, self.qualified)

    def test_manager_gives_a_reason(self):
        self._ask_for_phone()
        deal = self._new_deal(self.equipment, self.negotiation)
        move = self._open(deal, self.spares, user=self.manager)
        self.assertTrue(move.can_override)
        with self.assertRefused("you can also give a reason"):
            move.action_move()
        move.override_reason = "Visit next week"
        move.action_move()
        self.assertMoved(deal, self.spares, self.negotiation)
        self.assertIn(
            "Let into “P. Negotiation” without Phone. Reason: Visit next week",
            " ".join(deal.message_ids.mapped("body")),
        )

    def test_score_of_the_target_pipeline(self):
        """The present pipeline's answers say nothing about the target's questions."""
        own, other = self.env["crm.pipeline.question"].create(
            [
                {"name": "Budget?", "pipeline_id": pipeline.id, "answer_type": "yes_no"}
                for pipeline in (self.equipment, self.spares)
            ]
        )
        self._line(self.spares, self.offer).minimum_score = 50
        deal = self._new_deal(self.equipment, self.offer)
        deal.answer_ids = [Command.create({"question_id": own.id, "yes_no": "yes"})]
        self.assertEqual(deal.qualification_score, 100)
        move = self._open(deal, self.spares)
        self.assertEqual(move.missing_count, 1)
        with self.assertRefused("Qualification of at least 50 %"):
            move.action_move()
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertEqual(deal.qualification_score, 100)
        move.line_ids.target_stage_id = self.qualified
        move.action_move()
        self.assertEqual(deal.qualification_score, 0)
        self.assertTrue(other.exists())

    # ------------------------------------------------------------
    # Undo
    # ------------------------------------------------------------

    def test_undo(self):
        """Several stages that went into one go back to where they were."""
        deals = (
            self._new_deal(self.equipment, self.qualified)
            | self._new_deal(self.equipment, self.offer)
            | self._new_deal(self.equipment, self.negotiation)
        )
        deals[1].probability = 42
        self._track()
        move = self._open(deals, self.spares)
        move.line_ids.target_stage_id = self.offer
        move.action_move()
        self._track()
        self.assertEqual(deals.stage_id, self.offer)
        undo = self._open(deals, self.equipment)
        self.assertEqual(len(undo.line_ids), 3)
        undo.action_move()
        self.assertMoved(deals[0], self.equipment, self.qualified)
        self.assertMoved(deals[1], self.equipment, self.offer)
        self.assertMoved(deals[2], self.equipment, self.negotiation)
        self.assertDeal(deals[0], 10, "stage")
        self.assertDeal(deals[1], 42, "manual", automated=30)
        self.assertDeal(deals[2], 80, "stage")

    def test_undo_after_going_on(self):
        """A deal that went on in the meantime keeps its stage."""
        deal = self._new_deal(self.equipment, self.qualified)
        self._track()
        move = self._open(deal, self.spares)
        move.line_ids.target_stage_id = self.negotiation
        move.action_move()
        self._track()
        deal.stage_id = self.offer
        self._track()
        undo = self._open(deal, self.equipment)
        self.assertEqual(undo.line_ids.target_stage_id, self.offer)

    # ------------------------------------------------------------
    # Many deals
    # ------------------------------------------------------------

    @contextmanager
    def _limits(self, at_once=1000, batch=500):
        with (
            patch.object(crm_pipeline_move, "MAX_AT_ONCE", at_once),
            patch.object(crm_pipeline_move, "BATCH_SIZE", batch),
        ):
            yield

    def _new_deals(self, number, stage=None, **vals):
        return (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .create(
                [
                    self._prepare_deal(
                        self.equipment, stage or self.offer, name=f"Deal {n}", **vals
                    )
                    for n in range(number)
                ]
            )
        )

    def test_batches(self):
        deals = self._new_deals(7)
        sizes = []
        write = type(self.env["crm.lead"])._move_to_pipeline

        def count(leads, *args):
            sizes.append(len(leads))
            return write(leads, *args)

        move = self._open(deals, self.spares)
        with (
            self._limits(batch=3),
            patch.object(type(self.env["crm.lead"]), "_move_to_pipeline", count),
        ):
            move.action_move()
        self.assertEqual(sizes, [3, 3, 1])
        self.assertEqual(deals.pipeline_id, self.spares)

    def test_background(self):
        deals = self._new_deals(7)
        blocked = deals[4]
        move = self._open(deals, self.spares)
        self.spares_team.pipeline_id = False
        with self._limits(at_once=5, batch=2):
            with self.capture_triggers(CRON) as triggers:
                action = move.action_move()
            self.assertEqual((action["res_id"], move.state), (move.id, "running"))
            self.assertEqual(len(triggers.records), 1)
            self.assertEqual(deals.pipeline_id, self.equipment)
            # In the meantime: one is moved by hand, one is lost, one changes its stage,
            # one may no longer enter.
            deals[0].write({"pipeline_id": self.spares.id})
            deals[1].action_set_lost()
            deals[2].stage_id = self.negotiation
            blocked.sudo().write({"team_id": self.spares_team.id})
            self.spares.team_ids = self.equipment_team
            with self.enter_registry_test_mode():
                self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((move.state, move.moved_count), ("done", 3))
        self.assertEqual((deals[3] | deals[5] | deals[6]).pipeline_id, self.spares)
        self.assertEqual(
            (deals[1] | deals[2] | blocked).mapped("pipeline_id"), self.equipment
        )
        self.assertIn("Deal 2: changed since the preview was made", move.failures)
        self.assertIn("Deal 4: ", move.failures)
        message = self.env["mail.message"].search(
            [("partner_ids", "=", self.salesman.partner_id.id)], limit=1
        )
        self.assertIn("Opportunities moved to “Spare parts”: 3", message.body)
        self.assertIn("Deal 2", message.body)
        note = deals[3].message_ids[0]
        self.assertEqual(note.author_id, self.salesman.partner_id, "as its user")

    def test_background_goes_on_after_interruption(self):
        deals = self._new_deals(5)
        move = self._open(deals, self.spares)
        crons = type(self.env["ir.cron"])
        with self._limits(at_once=2, batch=2):
            move.action_move()
            with patch.object(crons, "_commit_progress", lambda *args, **kwargs: 0):
                for moved in (2, 4):
                    self.env["crm.pipeline.move"]._cron_move()
                    self.assertEqual((move.state, move.moved_count), ("running", moved))
                # The time is up with the last batch: nothing is left for another run.
                self.env["crm.pipeline.move"]._cron_move()
        self.assertEqual((move.state, move.moved_count), ("done", 5))
        self.assertEqual(deals.pipeline_id, self.spares)
        self.assertFalse(move.failures)

    def test_no_query_per_deal(self):
        """The preview does not ask the database for each deal, nor does the move beyond
        what Odoo's own write does.
        """
        few, many = self._new_deals(5), self._new_deals(45)
        self._open(self._new_deals(1), self.spares).action_move()
        self._track()
        counts = {}
        for deals in (few, many):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            move = self._open(deals, self.spares)
            move.line_ids.mapped("weighted_after")
            move.read(["weighted_after", "missing_count", "skipped_message"])
            preview = self.env.cr.sql_log_count - start
            start = self.env.cr.sql_log_count
            move.action_move()
            self.env.flush_all()
            counts[len(deals)] = (preview, self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[45][0], counts[5][0], "preview")
        self.assertLessEqual(counts[45][1] - counts[5][1], 5, "move")
