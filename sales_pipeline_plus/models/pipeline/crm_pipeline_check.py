from itertools import pairwise

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import float_compare

from .percentage import format_percentage


class CrmPipeline(models.Model):
    """What looks wrong in the set-up of a pipeline, and why it matters."""

    _inherit = "crm.pipeline"

    finding_count = fields.Integer(compute="_compute_findings")
    findings = fields.Html(compute="_compute_findings", string="Check of the Set-Up")

    @api.depends(
        "probability_method",
        "follow_odoo_stages",
        "pipeline_stage_ids.sequence",
        "pipeline_stage_ids.stage_id.is_won",
        "pipeline_stage_ids.stage_id.fold",
        "pipeline_stage_ids.probability",
        "pipeline_stage_ids.definition",
        "pipeline_stage_ids.minimum_score",
        "question_ids.active",
        "pipeline_stage_ids.requirement_ids.level",
    )
    def _compute_findings(self):
        for pipeline in self:
            findings = pipeline._get_findings()
            pipeline.finding_count = len(findings)
            pipeline.findings = Markup("").join(
                Markup("<p><b>%s</b> %s</p>") % finding for finding in findings
            )

    def _get_findings(self):
        """Return what is wrong as pairs (finding, why it matters); to be extended."""
        self.ensure_one()
        lines = self.pipeline_stage_ids.sorted()
        if not lines:
            return []
        return [
            *self._get_won_findings(lines),
            *self._get_probability_findings(lines),
            *self._get_definition_findings(lines),
            *self._get_entry_findings(lines),
        ]

    def _get_won_findings(self, lines):
        if not any(line.is_won for line in lines):
            yield (
                self.env._("There is no won stage."),
                self.env._("Opportunities can be lost but never won here."),
            )
        for before, after in pairwise(lines):
            if before.is_won and not after.is_won:
                yield (
                    self.env._(
                        "“%(after)s” comes after the won stage “%(before)s”.",
                        after=after.stage_id.name,
                        before=before.stage_id.name,
                    ),
                    self.env._("Who moves an opportunity on would reopen what is won."),
                )

    def _get_probability_findings(self, lines):
        if self.probability_method != "stage":
            return
        for before, after in pairwise(lines):
            if (
                not after.is_won
                and float_compare(after.probability, before.probability, 2) < 0
            ):
                yield (
                    self.env._(
                        "The probability falls from %(before)s %% in “%(stage)s” to "
                        "%(after)s %% in “%(next)s”.",
                        before=format_percentage(self.env, before.probability),
                        stage=before.stage_id.name,
                        after=format_percentage(self.env, after.probability),
                        next=after.stage_id.name,
                    ),
                    self.env._(
                        "An opportunity that moves on would weigh less in the forecast."
                    ),
                )

        certain = lines.filtered(
            lambda line: float_compare(line.probability, 0, 2) <= 0
        )
        if certain:
            yield (
                self.env._(
                    "The probability is 0 %%: %s.",
                    ", ".join(certain.stage_id.mapped("name")),
                ),
                self.env._(
                    "Odoo takes an opportunity that is archived at 0 % for lost. Give "
                    "these stages 1 % or more."
                ),
            )

    def _get_definition_findings(self, lines):
        undefined = lines.filtered(lambda line: not line.is_won and not line.definition)
        if undefined:
            yield (
                self.env._(
                    "No definition: %s.", ", ".join(undefined.stage_id.mapped("name"))
                ),
                self.env._(
                    "Everybody reads a stage without definition in his own way, and "
                    "its figures mean little."
                ),
            )

    def _get_entry_findings(self, lines):
        if any(line.minimum_score for line in lines) and not self.question_ids:
            yield (
                self.env._(
                    "A stage asks for a qualification, but there are no questions."
                ),
                self.env._("Nobody can be qualified, so the minimum is not applied."),
            )
        if any(req.level == "hard" for req in lines[0].requirement_ids):
            yield (
                self.env._(
                    "The first stage, “%s”, requires fields.", lines[0].stage_id.name
                ),
                self.env._(
                    "What arrives by e-mail or from a web form has none of them and "
                    "would be refused. Require them from the next stage on."
                ),
            )
        if all(line.fold or line.is_won for line in lines) and not all(
            line.is_won for line in lines
        ):
            yield (
                self.env._("All open stages are folded."),
                self.env._("New opportunities start in a column that nobody sees."),
            )
