from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_compare

from ..forecast.forecast_arithmetic import MINIMUM_DEALS, suggest_probability


class CrmPipelineStage(models.Model):
    """The probability of a stage as the history of its opportunities has it.

    Of the opportunities that came into the stage and are closed by now, as far as the
    reader may see them, the share that was won.
    """

    _inherit = "crm.pipeline.stage"

    closed_deal_count = fields.Integer(
        "Closed Opportunities",
        compute="_compute_suggested_probability",
        groups="sales_team.group_sale_manager",
        help="Opportunities that came into this stage and are won or lost by now.",
    )
    suggested_probability = fields.Float(
        "Suggested (%)",
        digits=(16, 0),
        compute="_compute_suggested_probability",
        groups="sales_team.group_sale_manager",
        help="Of the opportunities that came into this stage and are closed, the share "
        "that was won. It takes at least 20 of them.",
    )
    has_suggestion = fields.Boolean(
        compute="_compute_suggested_probability",
        groups="sales_team.group_sale_manager",
    )

    @api.depends("probability", "pipeline_id", "stage_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_suggested_probability(self):
        closed = self._count_passed_deals(("won", "lost"))
        won = self._count_passed_deals(("won",))
        for line in self:
            key = (line.pipeline_id._origin, line.stage_id._origin)
            suggestion = None
            line.closed_deal_count = closed.get(key, 0)
            if not line.is_won:
                suggestion = suggest_probability(
                    won.get(key, 0), line.closed_deal_count, MINIMUM_DEALS
                )
            line.suggested_probability = suggestion or 0
            line.has_suggestion = suggestion is not None and bool(
                float_compare(line.probability, suggestion, precision_digits=2)
            )

    def _count_passed_deals(self, statuses):
        """Return {(pipeline, stage): number of opportunities that were there}."""
        passages = self.env["crm.lead.passage"].with_context(active_test=False)
        lines = Domain("pipeline_id", "in", self.pipeline_id._origin.ids) & Domain(
            "stage_id", "in", self.stage_id._origin.ids
        )
        counts = Counter()
        for domain, number in (
            (Domain("lead_id.won_status", "in", statuses), "lead_id"),
            # Those that were deleted since are facts, too.
            (Domain("former_status", "in", statuses), "former_lead_id"),
        ):
            for pipeline, stage, count in passages._read_group(
                lines & domain,
                ["pipeline_id", "stage_id"],
                [f"{number}:count_distinct"],
            ):
                counts[pipeline, stage] += count
        return counts

    def action_adopt_suggestion(self):
        """Take over what history suggests; open opportunities follow."""
        self.check_access("write")
        lines = self.filtered("has_suggestion")
        if not lines:
            raise UserError(
                self.env._(
                    "History suggests nothing else here. It takes at least %(count)s "
                    "closed opportunities that came into a stage.",
                    count=MINIMUM_DEALS,
                )
            )
        suggestions = {line: line.suggested_probability for line in lines}
        for line, probability in suggestions.items():
            line.probability = probability
        return True


class CrmPipeline(models.Model):
    _inherit = "crm.pipeline"

    has_suggestion = fields.Boolean(
        compute="_compute_has_suggestion", groups="sales_team.group_sale_manager"
    )

    @api.depends("pipeline_stage_ids.has_suggestion", "probability_method")
    def _compute_has_suggestion(self):
        for pipeline in self:
            pipeline.has_suggestion = pipeline.probability_method == "stage" and any(
                pipeline.pipeline_stage_ids.mapped("has_suggestion")
            )

    def action_adopt_suggestions(self):
        """Take over what history suggests for all stages."""
        return self.pipeline_stage_ids.action_adopt_suggestion()
