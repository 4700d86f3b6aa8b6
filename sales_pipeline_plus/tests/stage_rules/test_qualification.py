import doctest
from contextlib import contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, Form, tagged
from odoo.tools import mute_logger

from ...models.stage_rules import qualification
from ..common import PipelineCase
from ..common_tour import PatientCase

HUNDREDTHS = st.integers(min_value=1, max_value=10**6)
GRIDS = st.lists(st.tuples(HUNDREDTHS, st.integers(0, 5)), min_size=1, max_size=30)


class TestQualificationArithmetic(BaseCase):
    @staticmethod
    def _get_score(grid):
        return qualification.compute_score((w / 100, points) for w, points in grid)

    def test_examples(self):
        self.assertFalse(doctest.testmod(qualification).failed)

    @settings(deadline=None, derandomize=True)
    @given(GRIDS)
    def test_between_0_and_100(self, grid):
        score = self._get_score(grid)
        self.assertTrue(0 <= score <= 100)
        self.assertEqual(score, round(score, 2))
        exact = 100 * sum(w * p for w, p in grid) / (5 * sum(w for w, p in grid))
        self.assertLess(abs(score - exact), 0.0051)

    @settings(deadline=None, derandomize=True)
    @given(GRIDS, st.data())
    def test_a_better_answer_never_costs(self, grid, data):
        place = data.draw(st.integers(0, len(grid) - 1))
        weight, points = grid[place]
        better = list(grid)
        better[place] = (weight, data.draw(st.integers(points, 5)))
        self.assertGreaterEqual(self._get_score(better), self._get_score(grid))

    @settings(deadline=None, derandomize=True)
    @given(GRIDS)
    def test_all_best_and_all_worst(self, grid):
        self.assertEqual(self._get_score([(w, 5) for w, points in grid]), 100)
        self.assertEqual(self._get_score([(w, 0) for w, points in grid]), 0)

    @settings(deadline=None, derandomize=True)
    @given(GRIDS, st.integers(1, 50))
    def test_only_the_relative_weights_and_not_the_order_count(self, grid, factor):
        score = self._get_score(grid)
        self.assertEqual(self._get_score([(w * factor, p) for w, p in grid]), score)
        self.assertEqual(self._get_score(reversed(grid)), score)


class QualificationCase(PipelineCase):
    """Budget (yes/no, 3), fit (0 to 5, 2) for machines; stock (yes/no, 1) for parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget, cls.fit, cls.stock = cls.env["crm.pipeline.question"].create(
            [
                {
                    "pipeline_id": pipeline.id,
                    "name": name,
                    "answer_type": answer_type,
                    "weight": weight,
                    "sequence": weight,
                }
                for pipeline, name, answer_type, weight in (
                    (cls.equipment, "Budget known?", "yes_no", 3),
                    (cls.equipment, "Technical fit", "scale", 2),
                    (cls.spares, "In stock?", "yes_no", 1),
                )
            ]
        )

    def _answer(self, deal, user=None, **values):
        """Answer as the deal's salesperson: ``budget="yes", fit="3"``."""
        user = user or deal.user_id
        return (
            self.env["crm.lead.answer"]
            .with_user(user)
            .create(
                [
                    {
                        "lead_id": deal.id,
                        "question_id": question.id,
                        question.answer_type: value,
                    }
                    for name, value in values.items()
                    for question in [getattr(self, name)]
                ]
            )
        )

    def _ask_minimum(self, stage, score):
        self._line(self.equipment, stage).minimum_score = score


@tagged("post_install", "-at_install")
class TestQualification(QualificationCase):
    # Score

    def test_score(self):
        deal = self._new_deal(self.equipment)
        self.assertTrue(deal.has_qualification)
        self.assertEqual(deal.qualification_score, 0)
        answers = self._answer(deal, budget="yes", fit="3")
        self.assertEqual(deal.qualification_score, 84)
        answers[0].yes_no = "no"
        self.assertEqual(deal.qualification_score, 24)
        answers[1].scale = False
        self.assertEqual(deal.qualification_score, 0)
        answers[0].yes_no = "yes"
        self.assertEqual(deal.qualification_score, 60)
        answers.unlink()
        self.assertEqual(deal.qualification_score, 0)

    def test_pipeline_without_questions(self):
        deal = self._new_deal(self._new_pipeline("Empty", {self.qualified: 10}))
        self.assertFalse(deal.has_qualification)
        self.assertFalse(deal.qualification_questions)
        self.assertEqual(deal.qualification_score, 0)

    def test_score_is_searched_grouped_and_averaged(self):
        deals = self._new_deal(self.equipment) | self._new_deal(self.equipment)
        self._answer(deals[0], budget="yes")
        self._answer(deals[1], budget="yes", fit="5")
        leads = self.env["crm.lead"].with_user(self.salesman)
        domain = [("id", "in", deals.ids)]
        self.assertEqual(
            leads.search([*domain, ("qualification_score", ">=", 80)]), deals[1]
        )
        self.assertEqual(
            leads._read_group(domain, ["qualification_score"], ["__count"]),
            [(60.0, 1), (100.0, 1)],
        )
        self.assertEqual(
            leads._read_group(domain, [], ["qualification_score:avg"]), [(80.0,)]
        )

    def test_change_of_questions(self):
        """Weights, archived and new questions change the score of the deals there."""
        deal = self._new_deal(self.equipment)
        lost = self._new_deal(self.equipment)
        for lead in (deal, lost):
            self._answer(lead, budget="yes")
        lost.action_set_lost()
        self.budget.weight = 6
        self.assertEqual(deal.qualification_score, 75)
        self.assertEqual(lost.qualification_score, 75)
        question = self.env["crm.pipeline.question"].create(
            {"pipeline_id": self.equipment.id, "name": "Date?", "weight": 8}
        )
        self.assertEqual(deal.qualification_score, 37.5)
        question.active = False
        self.assertEqual(deal.qualification_score, 75)
        self.assertNotIn("Date?", [row["name"] for row in deal.qualification_questions])
        question.active = True
        question.unlink()
        self.assertEqual(deal.qualification_score, 75)

    def test_other_pipeline(self):
        """The answers stay; only those to the present pipeline's questions count."""
        deal = self._new_deal(self.equipment, team_id=False)
        self._answer(deal, budget="yes")
        deal.write({"pipeline_id": self.spares.id, "stage_id": self.offer.id})
        self.assertEqual(deal.qualification_score, 0)
        self._answer(deal, stock="yes")
        self.assertEqual(deal.qualification_score, 100)
        self.assertEqual(len(deal.answer_ids), 2)
        deal.write({"pipeline_id": self.equipment.id, "stage_id": self.offer.id})
        self.assertEqual(deal.qualification_score, 60)

    def test_query_budget(self):
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment) for __ in range(55)]
        )
        for deal in deals:
            self._answer(deal, user=self.manager, budget="yes", fit="4")

        def count(leads):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env.add_to_compute(leads._fields["qualification_score"], leads)
            leads.mapped("qualification_score")
            return self.env.cr.sql_log_count - before

        count(deals)
        self.assertEqual(count(deals[:5]), count(deals[5:]))

    # Answers

    def test_answers_by_commands(self):
        deal = self._new_deal(
            self.equipment,
            answer_ids=[Command.create({"question_id": self.fit.id, "scale": "5"})],
        )
        self.assertEqual(deal.qualification_score, 40)
        deal.write({"answer_ids": [Command.update(deal.answer_ids.id, {"scale": "0"})]})
        self.assertEqual(deal.qualification_score, 0)

    def test_answers_by_import(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .load(
                ["name", "type", "pipeline_id/.id", "answer_ids/question_id/.id"]
                + ["answer_ids/yes_no", "answer_ids/scale"],
                [
                    ["Imported", "opportunity", self.equipment.id, self.budget.id]
                    + ["Yes", ""],
                    ["", "", "", self.fit.id, "", "5"],
                ],
            )
        )
        self.assertFalse(result["messages"])
        deal = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(deal.qualification_score, 100)

    def test_answers_in_the_form(self):
        """What the grid does, and that the score follows before saving."""
        deal = self._new_deal(self.equipment)
        with Form(deal.with_user(self.salesman)) as form:
            with form.answer_ids.new() as line:
                line.question_id = self.budget
                line.yes_no = "yes"
            self.assertEqual(form.qualification_score, 60)
        self.assertEqual(deal.qualification_score, 60)

    def test_unsaved_answers_do_not_follow_into_another_pipeline(self):
        deal = self._new_deal(self.equipment, team_id=False)
        with Form(deal.with_user(self.salesman)) as form:
            with form.answer_ids.new() as line:
                line.question_id = self.budget
                line.yes_no = "yes"
            form.pipeline_id = self.spares
        self.assertFalse(deal.answer_ids)
        self.assertEqual(deal.pipeline_id, self.spares)

    def test_question_of_another_pipeline(self):
        deal = self._new_deal(self.equipment, name="Lathe")
        with self.assertRaisesRegex(ValidationError, "“Lathe” cannot .*“In stock?"):
            self._answer(deal, stock="yes")

    def test_wrong_kind_of_answer(self):
        deal = self._new_deal(self.equipment)
        answers = self._answer(deal, budget="yes", fit="3")
        with self.assertRaisesRegex(ValidationError, "“Budget known.*“Yes or no”"):
            answers[0].scale = "3"
        with self.assertRaisesRegex(ValidationError, "“Technical fit.*“0 to 5”"):
            answers[1].yes_no = "yes"
        with self.assertRaisesRegex(ValidationError, "“6” is no choice"):
            answers[1].scale = "6"

    @mute_logger("odoo.sql_db")
    def test_one_answer_to_a_question(self):
        deal = self._new_deal(self.equipment)
        self._answer(deal, budget="yes")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._answer(deal, budget="no")

    def test_merge(self):
        """The merged deals' answers fill what the remaining one does not know."""
        deals = self._new_deal(self.equipment) | self._new_deal(self.equipment)
        head, tail = deals._sort_by_confidence_level(reverse=True)
        self._answer(head, budget="no")
        self._answer(tail, budget="yes", fit="5")
        merged = deals.with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.qualification_score, 40)
        self.assertEqual(len(merged.answer_ids), 2)

    # Questions

    def test_answered_question_stays(self):
        deal = self._new_deal(self.equipment)
        answer = self._answer(deal, budget="yes")
        questions = self.budget.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "“Budget known.*Archive it"):
            questions.unlink()
        with self.assertRaisesRegex(UserError, "“Budget known.*Archive it"):
            questions.answer_type = "scale"
        with self.assertRaisesRegex(UserError, "“Budget known.*Archive it"):
            questions.pipeline_id = self.spares
        questions.write({"answer_type": "yes_no", "name": "Budget?", "weight": 4})
        questions.active = False
        self.assertEqual(deal.qualification_score, 0)
        answer.yes_no = False
        questions.unlink()
        self.assertFalse(answer.exists())

    def test_pipeline_with_answers_stays(self):
        deal = self._new_deal(self.equipment, team_id=False)
        self._answer(deal, budget="yes")
        deal.write({"pipeline_id": self.spares.id, "stage_id": self.offer.id})
        self.equipment_team.pipeline_id = False
        with self.assertRaisesRegex(UserError, "“Equipment” cannot.*“Budget known"):
            self.equipment.with_user(self.manager).unlink()
        deal.answer_ids.unlink()
        # Its deals were in it: history keeps it.
        with self.assertRaisesRegex(UserError, "“Equipment” cannot.*“Deal”.*Archive"):
            self.equipment.with_user(self.manager).unlink()

    @mute_logger("odoo.sql_db")
    def test_weight_is_positive(self):
        for weight in (0, -1, 0.001):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.budget.weight = weight
                self.env.flush_all()

    def test_copy_of_a_pipeline(self):
        self.fit.active = False
        self._answer(self._new_deal(self.equipment), budget="yes")
        copy = self.equipment.with_user(self.manager).copy()
        self.assertEqual(copy.question_ids.mapped("name"), ["Budget known?"])
        self.assertEqual(copy.question_weight, 3)
        self.assertEqual(copy.question_ids.weight, 3)

    # Rights

    def test_own_documents(self):
        deal = self._new_deal(self.spares, user=self.colleague)
        answer = self._answer(deal, stock="yes")
        mine = answer.with_user(self.salesman)
        self.assertFalse(mine.search([("id", "=", answer.id)]))
        for action in (
            lambda: mine.read(["yes_no"]),
            lambda: mine.write({"yes_no": "no"}),
            mine.unlink,
            lambda: self._answer(deal.with_user(self.salesman), fit="1"),
        ):
            with self.assertRaises(AccessError):
                action()
        deal.user_id = False
        self.env.flush_all()
        mine.yes_no = "no"
        self.assertEqual(deal.qualification_score, 0)

    def test_no_answer_on_the_deal_of_another(self):
        deal = self._new_deal(self.spares, user=self.colleague)
        with self.assertRaises(AccessError):
            self._answer(deal, user=self.salesman, stock="yes")

    def test_all_documents_and_manager(self):
        deal = self._new_deal(self.equipment)
        answers = self._answer(deal, user=self.all_documents, budget="yes")
        answers |= self._answer(deal, user=self.manager, fit="5")
        self.assertEqual(deal.qualification_score, 100)
        self.assertEqual(
            answers.with_user(self.all_documents).mapped("yes_no"), ["yes", False]
        )

    def test_other_company(self):
        self.equipment.company_id = self.company
        deal = self._new_deal(self.equipment)
        answer = self._answer(deal, budget="yes")
        with self.assertRaises(AccessError):
            answer.with_user(self.foreigner).read(["yes_no"])
        with self.assertRaises(AccessError):
            self.budget.with_user(self.foreigner).read(["name"])
        with self.assertRaises(AccessError):
            self._answer(deal, user=self.foreigner, fit="1")

    def test_only_managers_set_questions_up(self):
        for user in (self.salesman, self.all_documents):
            question = self.budget.with_user(user)
            self.assertEqual(question.name, "Budget known?")
            with self.assertRaises(AccessError):
                question.weight = 5

    # Least score of a stage

    @contextmanager
    def assertRefused(self, score):
        with self.assertRaises(ValidationError) as caught:
            yield
        self.assertRegex(
            str(caught.exception),
            f"“Lathe” cannot be in .*Qualification of at least 60 % .now {score} %",
        )

    def test_minimum_score(self):
        self._ask_minimum(self.negotiation, 60)
        deal = self._new_deal(self.equipment, name="Lathe")
        answers = self._answer(deal, budget="no", fit="3")
        with self.assertRefused(24):
            deal.stage_id = self.negotiation
        with self.assertRefused(24):
            deal.web_save({"stage_id": self.negotiation.id}, {"stage_id": {}})
        requirements = deal.get_stage_requirements(self.negotiation.id)
        self.assertEqual(len(requirements["conditions"]), 1)
        answers[0].yes_no = "yes"
        self.assertFalse(deal.get_stage_requirements(self.negotiation.id))
        deal.stage_id = self.negotiation
        self.assertEqual(deal.stage_id, self.negotiation)

    def test_minimum_score_holds_for_later_stages(self):
        self._ask_minimum(self.offer, 60)
        deal = self._new_deal(self.equipment, name="Lathe")
        self._answer(deal, budget="no", fit="3")
        with self.assertRefused(24):
            deal.stage_id = self.negotiation

    def test_exactly_the_minimum(self):
        self._ask_minimum(self.negotiation, 60)
        deal = self._new_deal(self.equipment)
        self._answer(deal, budget="yes")
        deal.stage_id = self.negotiation
        self.assertEqual(deal.stage_id, self.negotiation)

    def test_minimum_score_with_the_answers_in_the_same_write(self):
        self._ask_minimum(self.negotiation, 60)
        answers = [Command.create({"question_id": self.budget.id, "yes_no": "yes"})]
        deal = self._new_deal(self.equipment)
        deal.write({"stage_id": self.negotiation.id, "answer_ids": answers})
        self.assertEqual(deal.stage_id, self.negotiation)
        deal = self._new_deal(self.equipment, self.negotiation, answer_ids=answers)
        self.assertEqual(deal.qualification_score, 60)

    def test_minimum_score_at_creation(self):
        self._ask_minimum(self.negotiation, 60)
        with self.assertRefused(0):
            self._new_deal(self.equipment, self.negotiation, name="Lathe")

    def test_minimum_score_in_an_import(self):
        self._ask_minimum(self.negotiation, 60)
        fields = ["name", "type", "pipeline_id/.id", "stage_id/.id"]
        fields += ["answer_ids/question_id/.id", "answer_ids/yes_no"]
        common = ["opportunity", self.equipment.id, self.negotiation.id]
        leads = self.env["crm.lead"].with_user(self.salesman)
        result = leads.load(fields, [["Lathe", *common, self.budget.id, "No"]])
        self.assertFalse(result["ids"])
        self.assertIn("60 % (now 0 %)", result["messages"][0]["message"])
        result = leads.load(fields, [["Lathe", *common, self.budget.id, "Yes"]])
        self.assertFalse(result["messages"])

    def test_minimum_score_for_the_won_button(self):
        self._ask_minimum(self.won, 60)
        deal = self._new_deal(self.equipment, self.negotiation, name="Lathe")
        with self.assertRefused(0):
            deal.action_set_won()
        self._answer(deal, budget="yes")
        deal.action_set_won()
        self.assertEqual(deal.won_status, "won")

    def test_override_by_a_manager(self):
        self._ask_minimum(self.negotiation, 60)
        deal = self._new_deal(self.equipment)
        reason = {"stage_override_reason": "The group decided"}
        with self.assertRaises(AccessError):
            deal.with_context(**reason).stage_id = self.negotiation
        deal.with_user(self.manager).with_context(**reason).write(
            {"stage_id": self.negotiation.id}
        )
        self.assertEqual(deal.stage_id, self.negotiation)
        body = deal.message_ids[0].body
        self.assertIn("The group decided", body)
        self.assertIn("60 %", body)

    def test_emptied_answer_leaves_the_deal_in_its_stage(self):
        self._ask_minimum(self.negotiation, 60)
        deal = self._new_deal(self.equipment)
        answer = self._answer(deal, budget="yes")
        deal.stage_id = self.negotiation
        answer.yes_no = False
        deal.write({"name": "Renamed", "expected_revenue": 5})
        self.assertEqual(deal.stage_id, self.negotiation)
        self.assertEqual(deal.qualification_score, 0)
        self.assertIn("60 %", deal.missing_now)

    def test_minimum_without_questions_asks_for_nothing(self):
        """Nobody could ever reach it."""
        self._ask_minimum(self.negotiation, 60)
        (self.budget | self.fit).active = False
        deal = self._new_deal(self.equipment, self.negotiation)
        self.assertEqual(deal.stage_id, self.negotiation)


@tagged("post_install", "-at_install")
class TestQualificationTour(QualificationCase, PatientCase):
    def test_answer_in_the_form(self):
        """A salesperson answers; lines that were missing are made with the answers."""
        deal = self._new_deal(self.equipment, name="Qualification tour")
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_qualification",
            login=self.salesman.login,
        )
        self.assertEqual(deal.qualification_score, 84)
        answers = {answer.question_id: answer for answer in deal.answer_ids}
        self.assertEqual(answers[self.budget].yes_no, "yes")
        self.assertEqual(answers[self.budget].comment, "Told on the phone")
        self.assertEqual(answers[self.fit].scale, "3")
