from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .qualification import SCALE, YES_NO


class CrmPipelineQuestion(models.Model):
    """A question of a pipeline's qualification grid, answered on each opportunity."""

    _name = "crm.pipeline.question"
    _inherit = ["crm.naming.mixin", "crm.setup.mixin"]
    _description = "Qualification Question of a Pipeline"
    _order = "pipeline_id, sequence, id"
    _setup_fields = frozenset({"active", "pipeline_id"})

    pipeline_id = fields.Many2one(
        "crm.pipeline", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="pipeline_id.company_id", store=True, index="btree_not_null"
    )
    active = fields.Boolean(
        default=True,
        help="An archived question is no longer asked and no longer counts.",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Question", required=True, translate=True)
    help = fields.Char(
        translate=True,
        help="Shown below the question: what counts as a yes, what the scale means.",
    )
    answer_type = fields.Selection(
        [(YES_NO, "Yes or no"), (SCALE, "0 to 5")],
        string="Answer",
        required=True,
        default=YES_NO,
    )
    weight = fields.Float(
        digits=(16, 2),
        required=True,
        default=1,
        aggregator="sum",
        help="How much the question counts, compared with the others.",
    )

    _check_weight = models.Constraint(
        "CHECK(weight > 0)",
        "The weight of a qualification question must be greater than 0.",
    )

    def write(self, vals):
        if {"answer_type", "pipeline_id"} & vals.keys():
            self._check_unanswered_change(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        for question, count in self._get_answer_counts():
            raise UserError(
                self.env._(
                    "The question “%(question)s” cannot be deleted: it was answered "
                    "(opportunities: %(count)s). Archive it instead.",
                    question=question.name,
                    count=count,
                )
            )

    def _check_unanswered_change(self, vals):
        """Keep the meaning of a question that was answered.

        :raise UserError: naming the question and the number of opportunities
        """
        changed = self.filtered(
            lambda question: (
                vals.get("answer_type", question.answer_type) != question.answer_type
                or vals.get("pipeline_id", question.pipeline_id.id)
                != question.pipeline_id.id
            )
        )
        for question, count in changed._get_answer_counts():
            raise UserError(
                self.env._(
                    "The question “%(question)s” was answered (opportunities: "
                    "%(count)s): its kind of answer and its pipeline stay. Archive it "
                    "and add another one.",
                    question=question.name,
                    count=count,
                )
            )

    def _prepare_grid(self):
        """Return the questions as the grid in the form of an opportunity shows them."""
        total = sum(self.mapped("weight"))
        return [
            {
                "id": question.id,
                "name": question.name,
                "help": question.help or "",
                "answer_type": question.answer_type,
                "share": round(100 * question.weight / total),
            }
            for question in self
        ]

    def _get_answer_counts(self):
        """Return pairs (question, number of opportunities that answered it)."""
        answers = self.env["crm.lead.answer"].sudo()
        return answers._read_group(
            Domain("question_id", "in", self.ids) & answers._get_answered_domain(),
            ["question_id"],
            ["__count"],
        )
