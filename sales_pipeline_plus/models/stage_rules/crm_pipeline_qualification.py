from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmPipeline(models.Model):
    """The qualification grid of a pipeline: its weighted questions."""

    _inherit = "crm.pipeline"

    question_ids = fields.One2many(
        "crm.pipeline.question",
        "pipeline_id",
        string="Qualification Questions",
        copy=True,
    )
    question_weight = fields.Float(
        string="Total Weight",
        digits=(16, 2),
        compute="_compute_question_weight",
        help="The weights of the questions that are not archived.",
    )

    @api.depends("question_ids.weight", "question_ids.active")
    def _compute_question_weight(self):
        for pipeline in self:
            questions = pipeline.question_ids.filtered("active")
            pipeline.question_weight = sum(questions.mapped("weight"))

    def _prepare_layout(self):
        questions = self.question_ids.filtered("active")
        return super()._prepare_layout()._replace(has_questions=bool(questions))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        """Keep what opportunities answered that have left the pipeline since."""
        questions = self.with_context(active_test=False).question_ids
        for question, count in questions._get_answer_counts():
            raise UserError(
                self.env._(
                    "“%(pipeline)s” cannot be deleted: its question “%(question)s” was "
                    "answered (opportunities: %(count)s). Archive the pipeline "
                    "instead.",
                    pipeline=question.pipeline_id.name,
                    question=question.name,
                    count=count,
                )
            )
