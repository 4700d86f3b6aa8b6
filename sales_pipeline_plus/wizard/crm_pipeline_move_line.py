from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.texts import with_colon

MAX_LABELS = 5


class CrmPipelineMoveLine(models.TransientModel):
    """Where the opportunities of one stage go, and what that does to their figures."""

    _name = "crm.pipeline.move.line"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Stage of a Move to Another Pipeline"
    # As long as the move.
    _transient_max_hours = 24 * 7

    move_id = fields.Many2one(
        "crm.pipeline.move", required=True, ondelete="cascade", index=True
    )
    source_pipeline_id = fields.Many2one("crm.pipeline", string="From")
    source_stage_id = fields.Many2one("crm.stage", string="Stage")
    is_won = fields.Boolean(string="Won")
    proposed_stage_id = fields.Many2one("crm.stage")
    target_stage_id = fields.Many2one(
        "crm.stage",
        string="New Stage",
        domain="[('id', 'in', available_stage_ids)]",
        help="Won opportunities stay won, open ones stay open: they are won with the "
        "button “Won”.",
    )
    available_stage_ids = fields.Many2many(
        "crm.stage", compute="_compute_available_stage_ids"
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    lead_count = fields.Integer(string="Number", compute="_compute_figures")
    amount = fields.Monetary(string="Expected Revenue", compute="_compute_figures")
    probability_before = fields.Float(
        string="Probability Now (%)",
        digits=(16, 2),
        compute="_compute_figures",
        help="Average of these opportunities.",
    )
    probability_after = fields.Float(
        string="Probability Afterwards (%)",
        digits=(16, 2),
        compute="_compute_figures",
        help="Average of these opportunities; a salesperson's own probability is kept.",
    )
    weighted_before = fields.Monetary(string="Weighted Now", compute="_compute_figures")
    weighted_after = fields.Monetary(
        string="Weighted Afterwards", compute="_compute_figures"
    )
    kept_count = fields.Integer(
        string="Own Probability",
        compute="_compute_figures",
        help="How many keep the probability that their salesperson gave.",
    )
    missing_count = fields.Integer(string="Incomplete", compute="_compute_figures")
    missing = fields.Char(
        compute="_compute_figures",
        help="What the new stage asks for and how many do not have it.",
    )

    def _get_key(self):
        """Return what tells the line's opportunities from the others."""
        self.ensure_one()
        return (
            self.source_pipeline_id._origin.id,
            self.source_stage_id._origin.id,
            self.is_won,
            self.proposed_stage_id._origin.id,
        )

    def _get_target(self, layout):
        """Return the :class:`StageLine` that its opportunities go to, or None."""
        return layout.get_line(self.target_stage_id._origin.id)

    def _get_leads(self):
        """Return {line: its opportunities}."""
        leads = {}
        for move, lines in self.grouped("move_id").items():
            groups = move._group_leads()
            for line in lines:
                leads[line] = groups.get(line._get_key(), self.env["crm.lead"])
        return leads

    @api.depends("move_id.pipeline_id", "move_id.lead_ids", "proposed_stage_id")
    def _compute_available_stage_ids(self):
        for line, leads in self._get_leads().items():
            line.available_stage_ids = line._get_available_stage_ids(leads)

    def _get_available_stage_ids(self, leads):
        """Return the ids of the stages that all of these leads may enter."""
        layout = self.move_id._get_layout()
        stage_ids = [
            [line.stage_id for line in self.move_id._get_lines_for(layout, lead)]
            for lead in self.env["crm.lead"].browse(
                team_leads[0].id for team_leads in leads.grouped("team_id").values()
            )
        ]
        return [
            stage_id
            for stage_id in (stage_ids[0] if stage_ids else [])
            if all(stage_id in others for others in stage_ids)
        ]

    @api.depends(
        "move_id.pipeline_id",
        "move_id.lead_ids",
        "proposed_stage_id",
        "target_stage_id",
    )
    def _compute_figures(self):
        for line, leads in self._get_leads().items():
            line.update(line._get_figures(leads))

    def _get_figures(self, leads):
        """Return the values of the line's figures, in the user's company's currency."""
        layout = self.move_id._get_layout()
        target = layout and self._get_target(layout)
        before = {lead: lead.probability for lead in leads}
        after = leads._get_probabilities_in(layout, target) if target else {}
        own = leads.filtered(
            lambda lead: (
                lead.won_status == "pending" and lead.probability_source == "manual"
            )
        )
        return {
            "lead_count": len(leads),
            "amount": leads._sum_converted(lambda lead: lead.expected_revenue),
            "probability_before": sum(before.values()) / (len(before) or 1),
            "probability_after": sum(after.values()) / (len(after) or 1),
            "weighted_before": leads._sum_converted(lambda lead: lead.prorated_revenue),
            "weighted_after": leads._sum_converted(
                # Rounded as Odoo does.
                lambda lead: lead.company_currency.round(
                    round(lead.expected_revenue * after.get(lead, 0) / 100, 2)
                ),
            ),
            "kept_count": len(own),
            **self._get_missing_figures(leads, layout, target),
        }

    def _get_missing_figures(self, leads, layout, target):
        missing_count, counts = 0, {}
        for lead in leads if target else ():
            labels = lead._get_missing_in(layout, target)
            missing_count += bool(labels)
            for label in labels:
                counts[label] = counts.get(label, 0) + 1
        labels = sorted(counts, key=counts.get, reverse=True)
        named = ", ".join(
            with_colon(self.env, label, counts[label]) for label in labels[:MAX_LABELS]
        )
        return {
            "missing_count": missing_count,
            "missing": f"{named}…" if len(labels) > MAX_LABELS else named,
        }

    def _check_target_stage(self, layout, leads):
        """Refuse a missing stage, and one that these leads may not enter."""
        self.ensure_one()
        target = self.target_stage_id
        names = {
            "origin": self.source_stage_id.name or self.env._("no stage"),
            "target": target.name,
            "pipeline": self.move_id.pipeline_id.name,
        }
        if not target:
            raise UserError(
                self.env._(
                    "Choose the stage of “%(pipeline)s” for the opportunities in "
                    "“%(origin)s”.",
                    **names,
                )
            )
        if target.id in self._get_available_stage_ids(leads):
            return
        line = layout.get_line(target.id)
        if line and line.is_won and not self.is_won:
            raise UserError(
                self.env._(
                    "“%(target)s” is a won stage and the opportunities in “%(origin)s” "
                    "are still open. Move them to an open stage; the button “Won” wins "
                    "them.",
                    **names,
                )
            )
        if line and self.is_won and not line.is_won:
            raise UserError(
                self.env._(
                    "The opportunities in “%(origin)s” are won and “%(target)s” is not "
                    "a won stage. Choose a won stage of “%(pipeline)s”.",
                    **names,
                )
            )
        raise UserError(
            self.env._(
                "The opportunities in “%(origin)s” cannot enter “%(target)s”: it is "
                "no stage of “%(pipeline)s” that their sales teams use.",
                **names,
            )
        )
