from odoo import api, fields, models
from odoo.tools import float_compare

from ..pipeline.percentage import format_percentage
from .qualification import compute_score


class CrmLead(models.Model):
    """How well an opportunity is qualified, by the questions of its pipeline."""

    _inherit = "crm.lead"

    answer_ids = fields.One2many(
        "crm.lead.answer", "lead_id", string="Qualification Answers"
    )
    qualification_questions = fields.Json(
        compute="_compute_qualification_questions",
        exportable=False,
        help="The questions of the pipeline, for the grid in the form.",
    )
    has_qualification = fields.Boolean(
        compute="_compute_qualification_questions",
        exportable=False,
        help="The pipeline has questions.",
    )
    qualification_score = fields.Float(
        string="Qualification (%)",
        digits=(16, 2),
        aggregator="avg",
        compute="_compute_qualification_score",
        store=True,
        help="The answers to the pipeline's questions, by weight, in percent of the "
        "best ones. A question without an answer counts as 0.",
    )

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("pipeline_id.question_ids.active")
    def _compute_qualification_questions(self):
        """A form may be given the number of a pipeline that its user may not read."""
        for pipeline, leads in self.grouped("pipeline_id").items():
            readable = pipeline._origin._filtered_access("read")
            questions = readable.sudo().question_ids.filtered("active").sorted()
            leads.qualification_questions = questions._prepare_grid()
            leads.has_qualification = bool(questions)

    @api.depends(
        "answer_ids.question_id",
        "answer_ids.scale",
        "answer_ids.yes_no",
        "pipeline_id.question_ids.active",
        "pipeline_id.question_ids.answer_type",
        "pipeline_id.question_ids.weight",
    )
    def _compute_qualification_score(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self:
            layout = layouts.get(lead.pipeline_id.id)
            if not layout or not layout.has_questions:
                lead.qualification_score = 0.0
                continue
            points = {
                answer.question_id.id: answer._get_points()
                for answer in lead.answer_ids
            }
            lead.qualification_score = compute_score(
                (question.weight, points.get(question.id, 0))
                for question in lead.pipeline_id.question_ids
                if question.active
            )

    @api.onchange("pipeline_id")
    def _onchange_pipeline_id_answers(self):
        """Drop the unsaved answers to the questions of another pipeline."""
        self.answer_ids -= self.answer_ids.filtered(
            lambda answer: (
                not answer._origin
                and answer.question_id.pipeline_id != self.pipeline_id
            )
        )

    @api.model
    def _get_live_requirable_fields(self):
        return [*super()._get_live_requirable_fields(), "qualification_score"]

    def _get_missing_conditions(self, line):
        """Ask for the least score of the stage, where the pipeline has questions."""
        labels = super()._get_missing_conditions(line)
        if line.minimum_score and self.has_qualification:
            score = self.qualification_score
            if float_compare(score, line.minimum_score, precision_digits=2) < 0:
                labels = labels + [
                    self.env._(
                        "Qualification of at least %(minimum)s %% (now %(score)s %%)",
                        minimum=format_percentage(self.env, line.minimum_score),
                        score=format_percentage(self.env, score),
                    )
                ]
        return labels

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self._merge_dependences_answers(opportunities)
        return result

    def _merge_dependences_answers(self, opportunities):
        """Take over the answers of the merged opportunities that this one lacks.

        :param opportunities: see ``_merge_dependences``
        """
        answers = self.env["crm.lead.answer"].sudo()
        domain = answers._get_answered_domain()
        own = self.sudo().answer_ids
        known = own.filtered_domain(domain).question_id
        for answer in opportunities.sudo().answer_ids.filtered_domain(domain):
            question = answer.question_id
            if (
                question.pipeline_id == self.sudo().pipeline_id
                and question not in known
            ):
                own.filtered(lambda a, q=question: a.question_id == q).unlink()
                answer.lead_id = self
                known |= question
