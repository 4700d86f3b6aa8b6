from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import float_compare

from ...kpi.forecast_arithmetic import suggest_probability
from ...tools.arguments import check_records


class CrmPipelineStage(models.Model):
    """The probability of a stage as the history of its opportunities has it.

    Of the opportunities that are known to have come into the stage and are closed by
    now, as far as the reader may see them, the share that was won, drawn towards the
    share of the whole pipeline where they are few.
    """

    _name = "crm.pipeline.stage"
    _inherit = ["crm.pipeline.stage", "crm.kept.mixin"]
    _kept_fields = frozenset(
        {"adopted_probability", "is_adopted", "probability_before_adoption"}
    )

    closed_deal_count = fields.Integer(
        "Closed Opportunities",
        compute="_compute_suggested_probability",
        groups="sales_team.group_sale_manager",
        help="On how many opportunities the suggestion rests: they came into this "
        "stage and are won or lost by now.",
    )
    suggested_probability = fields.Float(
        "Suggested (%)",
        digits=(16, 0),
        compute="_compute_suggested_probability",
        groups="sales_team.group_sale_manager",
        help="Of the opportunities that came into this stage and are closed, the share "
        "that was won. The fewer they are, the closer it is to the share of the whole "
        "pipeline, which counts for 20 opportunities.",
    )
    has_suggestion = fields.Boolean(
        compute="_compute_suggested_probability",
        groups="sales_team.group_sale_manager",
    )
    probability_before_adoption = fields.Float(
        digits=(16, 2), readonly=True, copy=False
    )
    adopted_probability = fields.Float(
        digits=(16, 2),
        readonly=True,
        copy=False,
        help="The suggestion that was adopted last.",
    )
    is_adopted = fields.Boolean(
        readonly=True,
        copy=False,
        help="A suggestion was adopted and not undone.",
    )
    can_undo_adoption = fields.Boolean(compute="_compute_can_undo_adoption")

    @api.depends("probability", "pipeline_id", "stage_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_suggested_probability(self):
        by_stage, by_pipeline = ["pipeline_id", "stage_id"], ["pipeline_id"]
        closed = self._count_passed_deals(("won", "lost"), by_stage)
        won = self._count_passed_deals(("won",), by_stage)
        all_closed = self._count_passed_deals(("won", "lost"), by_pipeline)
        all_won = self._count_passed_deals(("won",), by_pipeline)
        for line in self:
            pipeline = line.pipeline_id._origin
            key = (pipeline, line.stage_id._origin)
            suggestion = None
            line.closed_deal_count = closed.get(key, 0)
            if not line.is_won:
                suggestion = suggest_probability(
                    won.get(key, 0),
                    line.closed_deal_count,
                    all_won.get((pipeline,), 0),
                    all_closed.get((pipeline,), 0),
                )
            line.suggested_probability = suggestion or 0
            line.has_suggestion = suggestion is not None and bool(
                float_compare(line.probability, suggestion, precision_digits=2)
            )

    @api.depends("probability", "adopted_probability", "is_adopted")
    def _compute_can_undo_adoption(self):
        """What somebody has changed since is no longer undone."""
        for line in self:
            line.can_undo_adoption = line.is_adopted and not float_compare(
                line.probability, line.adopted_probability, precision_digits=2
            )

    def _count_passed_deals(self, statuses, groupby):
        """Return {(pipeline,) or (pipeline, stage): number of opportunities known to
        have come there}.

        An opportunity that was imported as lost says nothing, neither of a stage nor of
        the pipeline: those that were won on the same way are not known.
        """
        passages = self.env["crm.lead.passage"].with_context(active_test=False)
        known = Domain("pipeline_id", "in", self.pipeline_id._origin.ids)
        known &= Domain("is_path_known", "=", True)
        counts = Counter()
        for domain, number in (
            (Domain("lead_id.won_status", "in", statuses), "lead_id"),
            # Those that were deleted since are facts, too.
            (Domain("former_status", "in", statuses), "former_lead_id"),
        ):
            for *key, count in passages._read_group(
                known & domain, groupby, [f"{number}:count_distinct"]
            ):
                counts[tuple(key)] += count
        return counts

    def action_adopt_suggestion(self):
        """Show what would change if the suggestions were taken over."""
        check_records(self)
        self.check_access("write")
        lines = self.filtered("has_suggestion")
        if not lines:
            raise UserError(
                self.env._(
                    "History suggests nothing else here: no closed opportunity is "
                    "known to have come into a stage, or the stages have these "
                    "probabilities already."
                )
            )
        return self.env["crm.pipeline.suggestion"]._open(lines)

    def _adopt_suggestion(self):
        """Take over what history suggests; open opportunities follow."""
        suggestions = {line: line.suggested_probability for line in self}
        for line, probability in suggestions.items():
            line.sudo().write(
                {
                    "probability_before_adoption": line.probability,
                    "adopted_probability": probability,
                    "is_adopted": True,
                }
            )
            line.probability = probability

    def action_undo_adoption(self):
        """Give the stages the probabilities from before; open opportunities follow."""
        check_records(self)
        self.check_access("write")
        lines = self.filtered("can_undo_adoption")
        if not lines:
            raise UserError(
                self.env._(
                    "There is no adopted suggestion to undo, or the probability was "
                    "changed since."
                )
            )
        for line in lines:
            line.probability = line.probability_before_adoption
            line.sudo().is_adopted = False
        return True


class CrmPipeline(models.Model):
    _inherit = "crm.pipeline"

    has_suggestion = fields.Boolean(
        compute="_compute_has_suggestion", groups="sales_team.group_sale_manager"
    )
    can_undo_adoption = fields.Boolean(compute="_compute_can_undo_adoption")

    @api.depends("pipeline_stage_ids.has_suggestion", "probability_method")
    def _compute_has_suggestion(self):
        for pipeline in self:
            pipeline.has_suggestion = pipeline.probability_method == "stage" and any(
                pipeline.pipeline_stage_ids.mapped("has_suggestion")
            )

    @api.depends("pipeline_stage_ids.can_undo_adoption")
    def _compute_can_undo_adoption(self):
        for pipeline in self:
            pipeline.can_undo_adoption = any(
                pipeline.pipeline_stage_ids.mapped("can_undo_adoption")
            )

    def action_adopt_suggestions(self):
        """Show what would change if all suggestions were taken over."""
        check_records(self)
        return self.pipeline_stage_ids.action_adopt_suggestion()

    def action_undo_adoptions(self):
        """Undo all adopted suggestions that nobody has changed since."""
        check_records(self)
        return self.pipeline_stage_ids.action_undo_adoption()
