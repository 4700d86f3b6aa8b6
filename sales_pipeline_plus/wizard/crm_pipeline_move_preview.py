from odoo import api, fields, models
from odoo.fields import Command


class CrmPipelineMove(models.TransientModel):
    """What a move would do: where it can go, and the figures before and after."""

    _inherit = "crm.pipeline.move"

    available_pipeline_ids = fields.Many2many(
        "crm.pipeline", compute="_compute_available_pipeline_ids"
    )
    line_ids = fields.One2many(
        "crm.pipeline.move.line",
        "move_id",
        string="Stages",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    has_several_sources = fields.Boolean(compute="_compute_totals")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    lead_count = fields.Integer(string="Number", compute="_compute_totals")
    amount = fields.Monetary(string="Expected Revenue", compute="_compute_totals")
    weighted_before = fields.Monetary(string="Weighted Now", compute="_compute_totals")
    weighted_after = fields.Monetary(
        string="Weighted Afterwards", compute="_compute_totals"
    )
    kept_count = fields.Integer(
        string="Own Probability Kept", compute="_compute_totals"
    )
    missing_count = fields.Integer(
        string="Without What the Stage Asks for", compute="_compute_totals"
    )
    skipped_message = fields.Text(
        string="Left Where They Are", compute="_compute_skipped_message"
    )
    can_override = fields.Boolean(compute="_compute_can_override")

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends_context("uid")
    def _compute_can_override(self):
        self.can_override = self.env.user.has_group("sales_team.group_sale_manager")

    @api.depends("lead_ids")
    def _compute_available_pipeline_ids(self):
        pipelines = self.env["crm.pipeline"].search([])
        for move in self:
            leads = move._sort_leads()
            leads = leads.get(None, move.lead_ids.browse()) | leads.get(
                "there", move.lead_ids.browse()
            )
            kinds = leads.grouped(
                lambda lead: (
                    lead.pipeline_id,
                    lead.team_id,
                    lead.company_id,
                    lead.won_status,
                )
            )
            move.available_pipeline_ids = pipelines.filtered(
                lambda pipeline, move=move, kinds=kinds: move._is_available(
                    pipeline, kinds
                )
            )

    def _is_available(self, pipeline, kinds):
        """Tell whether a pipeline takes all leads that are not there already.

        :param kinds: {(pipeline, team, company, won status): leads}
        """
        layout = self.env["crm.pipeline"]._get_layout().pipelines[pipeline.id]
        others = [leads[0] for kind, leads in kinds.items() if kind[0] != pipeline]
        return bool(others) and all(
            layout.is_usable(*self._get_team_and_company_ids(lead))
            and self._get_lines_for(layout, lead)
            for lead in others
        )

    @api.depends("pipeline_id", "lead_ids")
    def _compute_line_ids(self):
        for move in self:
            if move.state != "draft":
                continue
            order = {
                line: rank
                for layout in self.env["crm.pipeline"]._get_layout().pipelines.values()
                for rank, line in enumerate(
                    (layout.id, line.stage_id) for line in layout.lines
                )
            }
            keys = sorted(
                move._group_leads(),
                key=lambda key, order=order: (key[0], order.get(key[:2], -1), *key[2:]),
            )
            move.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "source_pipeline_id": pipeline_id,
                            "source_stage_id": stage_id,
                            "is_won": is_won,
                            "proposed_stage_id": proposed_stage_id,
                            "target_stage_id": proposed_stage_id,
                        }
                    )
                    for pipeline_id, stage_id, is_won, proposed_stage_id in keys
                ),
            ]

    @api.depends(
        "line_ids.lead_count",
        "line_ids.amount",
        "line_ids.weighted_before",
        "line_ids.weighted_after",
        "line_ids.kept_count",
        "line_ids.missing_count",
    )
    def _compute_totals(self):
        for move in self:
            lines = move.line_ids
            move.has_several_sources = len(lines.source_pipeline_id) > 1
            for name in (
                "lead_count",
                "amount",
                "weighted_before",
                "weighted_after",
                "kept_count",
                "missing_count",
            ):
                move[name] = sum(lines.mapped(name))

    @api.depends("lead_ids", "pipeline_id")
    def _compute_skipped_message(self):
        for move in self:
            counts = {
                reason: len(leads) for reason, leads in move._sort_leads().items()
            }
            messages = {
                "closed": self.env._(
                    "Lost or archived, they stay closed where they are: %s.",
                    counts.get("closed"),
                ),
                "there": self.env._(
                    "Already in “%(pipeline)s”, they stay as they are: %(count)s.",
                    count=counts.get("there"),
                    pipeline=move.pipeline_id.name,
                ),
                "lead": self.env._(
                    "Leads, to be converted to opportunities before they move: %s.",
                    counts.get("lead"),
                ),
                "forbidden": self.env._(
                    "Not yours to change, they stay where they are: %s.",
                    counts.get("forbidden"),
                ),
            }
            move.skipped_message = "\n".join(
                message for reason, message in messages.items() if counts.get(reason)
            )
