from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .qualification import BEST, YES_NO, get_points


class CrmLeadAnswer(models.Model):
    """What is known of an opportunity about one question of its pipeline.

    The answers of an opportunity that changes its pipeline are kept, but only those to
    the questions of its present pipeline count.
    """

    _name = "crm.lead.answer"
    _inherit = ["crm.lead.detail.mixin"]
    _description = "Qualification Answer of an Opportunity"
    _order = "lead_id, id"
    _rec_name = "question_id"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        required=True,
        ondelete="cascade",
        index=True,
    )
    question_id = fields.Many2one(
        "crm.pipeline.question", required=True, ondelete="cascade", index=True
    )
    answer_type = fields.Selection(
        related="question_id.answer_type", string="Kind of Answer"
    )
    yes_no = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        string="Yes or No",
        help="The answer to a question of the kind “Yes or no”.",
    )
    scale = fields.Selection(
        [(str(points), str(points)) for points in range(BEST + 1)],
        help="The answer to a question of the kind “0 to 5”.",
    )
    comment = fields.Char()

    _lead_question_uniq = models.Constraint(
        "UNIQUE(lead_id, question_id)",
        "An opportunity has one answer to a question. Change that answer instead.",
    )

    @api.constrains("lead_id", "question_id")
    def _check_question_of_pipeline(self):
        for answer in self.sudo():
            question = answer.question_id
            if question.pipeline_id != answer.lead_id.pipeline_id:
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” cannot answer “%(question)s”, a question of the "
                        "pipeline “%(pipeline)s”. Answer the questions of the "
                        "opportunity's own pipeline.",
                        lead=answer.lead_id.display_name,
                        question=question.name,
                        pipeline=question.pipeline_id.name,
                    )
                )

    @api.constrains("question_id", "yes_no", "scale")
    def _check_kind_of_answer(self):
        for answer in self.sudo():
            wrong = answer.scale if answer.answer_type == YES_NO else answer.yes_no
            if not wrong:
                continue
            kinds = dict(
                self.env["crm.pipeline.question"]
                ._fields["answer_type"]
                ._description_selection(self.env)
            )
            raise ValidationError(
                self.env._(
                    "“%(lead)s”: the answer to “%(question)s” must be of the kind "
                    "“%(kind)s”.",
                    lead=answer.lead_id.display_name,
                    question=answer.question_id.name,
                    kind=kinds[answer.answer_type],
                )
            )

    @api.model
    def _get_answered_domain(self):
        """Return a domain without the answers that say nothing."""
        return Domain.OR(
            Domain(name, "!=", False) for name in ("yes_no", "scale", "comment")
        )

    def _get_points(self):
        """Return what the answer is worth, from 0 to 5."""
        self.ensure_one()
        return get_points(self.question_id.answer_type, self.yes_no, self.scale)
