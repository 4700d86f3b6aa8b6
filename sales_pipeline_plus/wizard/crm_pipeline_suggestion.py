from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.arguments import check_records

# Fewer closed opportunities say little: such a suggestion is not chosen by itself.
USUAL_DEALS = 20


class CrmPipelineSuggestion(models.TransientModel):
    """What the probabilities that history suggests would change, before it does."""

    _name = "crm.pipeline.suggestion"
    _inherit = ["crm.dialog.mixin"]
    _description = "Adopt Suggested Probabilities"

    line_ids = fields.One2many(
        "crm.pipeline.suggestion.line", "suggestion_id", string="Stages"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    lead_count = fields.Integer("Open Opportunities", compute="_compute_totals")
    change = fields.Monetary("Change of Weighted Revenue", compute="_compute_totals")

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("line_ids.is_chosen", "line_ids.lead_count", "line_ids.change")
    def _compute_totals(self):
        for suggestion in self:
            lines = suggestion.line_ids.filtered("is_chosen")
            suggestion.lead_count = sum(lines.mapped("lead_count"))
            suggestion.change = sum(lines.mapped("change"))

    @api.model
    def _open(self, lines):
        """Return the action that shows the preview for these stages of pipelines."""
        usual = len(lines) == 1
        suggestion = self.create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "pipeline_stage_id": line.id,
                            "is_chosen": usual or line.closed_deal_count >= USUAL_DEALS,
                        }
                    )
                    for line in lines
                ]
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Adopt suggested probabilities"),
            "res_model": self._name,
            "res_id": suggestion.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "large"},
        }

    def action_adopt(self):
        """Take over the suggestions that are chosen.

        :raise UserError: if none is
        """
        check_records(self)
        self.ensure_one()
        lines = self.line_ids.filtered("is_chosen").pipeline_stage_id
        if not lines:
            raise UserError(self.env._("Choose the stages whose suggestion you adopt."))
        lines.check_access("write")
        lines._adopt_suggestion()
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class CrmPipelineSuggestionLine(models.TransientModel):
    """The probability of one stage, now and as suggested, and what that changes."""

    _name = "crm.pipeline.suggestion.line"
    _inherit = ["crm.dialog.mixin"]
    _description = "Suggested Probability of a Stage"

    suggestion_id = fields.Many2one(
        "crm.pipeline.suggestion", required=True, ondelete="cascade"
    )
    is_chosen = fields.Boolean("Adopt")
    pipeline_stage_id = fields.Many2one(
        "crm.pipeline.stage",
        string="Stage of the Pipeline",
        required=True,
        ondelete="cascade",
    )
    stage_id = fields.Many2one(related="pipeline_stage_id.stage_id")
    probability = fields.Float(
        "Now (%)", related="pipeline_stage_id.probability", digits=(16, 0)
    )
    suggested_probability = fields.Float(
        related="pipeline_stage_id.suggested_probability"
    )
    closed_deal_count = fields.Integer(
        "Based on", related="pipeline_stage_id.closed_deal_count"
    )
    currency_id = fields.Many2one(related="suggestion_id.currency_id")
    lead_count = fields.Integer(
        "Open Opportunities",
        compute="_compute_change",
        help="Open opportunities that follow the stage's probability, as far as you "
        "may see them.",
    )
    amount = fields.Monetary("Expected Revenue", compute="_compute_change")
    change = fields.Monetary(
        compute="_compute_change",
        help="By how much their weighted revenue changes.",
    )

    @api.depends("pipeline_stage_id")
    @api.depends_context("company", "allowed_company_ids", "uid")
    def _compute_change(self):
        today = fields.Date.context_today(self)
        counts, amounts = {}, {}
        for line, company, count, amount in self.env["crm.lead"]._read_group(
            [
                ("pipeline_stage_id", "in", self.pipeline_stage_id.ids),
                ("probability_source", "=", "stage"),
                ("won_status", "=", "pending"),
            ],
            ["pipeline_stage_id", "company_id"],
            ["__count", "expected_revenue:sum"],
        ):
            company = company or self.env.company
            counts[line] = counts.get(line, 0) + count
            amounts[line] = amounts.get(line, 0) + company.currency_id._convert(
                amount or 0, self.env.company.currency_id, self.env.company, today
            )
        for line in self:
            line.lead_count = counts.get(line.pipeline_stage_id, 0)
            line.amount = amounts.get(line.pipeline_stage_id, 0)
            points = line.suggested_probability - line.probability
            line.change = line.amount * points / 100
