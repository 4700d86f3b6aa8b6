from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

# How many opportunities are moved while the user waits; more go on in the background.
MAX_AT_ONCE = 500
BATCH_SIZE = 250
MAX_NAMED = 20


class CrmPipelineMove(models.TransientModel):
    """Move opportunities to another pipeline, after a preview of the result.

    It is also the record of a move that runs in the background: what is left to do is
    what has not moved yet, so that it can be interrupted at any time.
    """

    _name = "crm.pipeline.move"
    _inherit = ["crm.dialog.mixin"]
    _description = "Move to Another Pipeline"
    # A move that runs in the background outlives an interruption.
    _transient_max_hours = 24 * 7

    lead_ids = fields.Many2many(
        "crm.lead", string="Opportunities", context={"active_test": False}
    )
    pipeline_id = fields.Many2one(
        "crm.pipeline",
        string="Move to",
        domain="[('id', 'in', available_pipeline_ids)]",
        help="Pipelines that are open to the sales teams and companies of all these "
        "opportunities. Won ones need a won stage there, open ones an open stage.",
    )
    override_reason = fields.Char(
        string="Reason",
        help="Why they may enter without what their stage asks for. It is logged on "
        "each of them.",
    )
    state = fields.Selection(
        [("draft", "Preview"), ("running", "Moving"), ("done", "Moved")],
        default="draft",
        required=True,
        readonly=True,
    )
    moved_count = fields.Integer(string="Moved", readonly=True)
    planned_count = fields.Integer(string="To Move", readonly=True)
    failures = fields.Text(string="Not Moved", readonly=True)

    # ------------------------------------------------------------
    # Opening
    # ------------------------------------------------------------

    @api.model
    def _open(self, leads, pipeline=None):
        """Return the action that shows the preview for these leads.

        :param pipeline: the target, if it is already chosen
        :raise UserError: if none of the leads can move at all
        """
        move = self.create({"lead_ids": [Command.set(leads.ids)]})
        movable = move._get_movable_leads()
        if not movable:
            raise UserError(
                move.skipped_message or self.env._("Choose the opportunities to move.")
            )
        pipeline = pipeline or move.available_pipeline_ids
        if len(pipeline) == 1:
            move.pipeline_id = pipeline
            move._check_pipeline()
        return move._get_action()

    def _get_action(self):
        return self._get_dialog_action(
            self.env._("Move to Another Pipeline"), size="extra-large"
        )

    # ------------------------------------------------------------
    # What moves, and where to
    # ------------------------------------------------------------

    def _get_readable_leads(self):
        """Return the chosen leads that the user may see, archived ones included."""
        leads = self.lead_ids._origin.with_context(active_test=False)
        return leads._filtered_access("read")

    def _sort_leads(self):
        """Return {reason: leads}; those without a reason to stay are under None."""
        leads = self._get_readable_leads()
        writable_ids = set(leads._filtered_access("write")._ids)

        return leads.grouped(lambda lead: self._get_reason(lead, writable_ids))

    def _get_reason(self, lead, writable_ids):
        """Return why a lead stays where it is, or None."""
        if lead.type != "opportunity":
            return "lead"
        if lead.won_status == "lost" or not lead.active:
            return "closed"
        if lead.id not in writable_ids:
            return "forbidden"
        if self.pipeline_id and lead.pipeline_id == self.pipeline_id._origin:
            return "there"
        return None

    def _get_team_and_company_ids(self, lead):
        """Return the ids of the team and the company that a lead will be of."""
        return lead.team_id.id, lead.company_id.id

    def _get_movable_leads(self):
        self.ensure_one()
        return self._sort_leads().get(None, self.env["crm.lead"])

    def _group_leads(self, leads=None):
        """Return {key of a line: leads}; see :meth:`crm.pipeline.move.line._get_key`.

        :param leads: by default all that can move
        """
        self.ensure_one()
        pipeline = self.pipeline_id._origin
        if not pipeline:
            return {}
        leads = self._get_movable_leads() if leads is None else leads
        last_moves = leads._get_last_moves_from(pipeline)
        groups = {}
        for (source, stage, status, _team, last_move), alike in leads.grouped(
            lambda lead: (
                lead.pipeline_id.id,
                lead.stage_id.id,
                lead.won_status,
                lead.team_id.id,
                last_moves.get(lead.id),
            )
        ).items():
            stage_id = self._propose_stage_id(alike[0], last_move)
            key = (source, stage, status == "won", stage_id)
            groups[key] = groups.get(key, leads.browse()) + alike
        return groups

    def _get_layout(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        return layouts.get(self.pipeline_id._origin.id)

    def _get_lines_for(self, layout, lead):
        """Return the lines of a pipeline that a lead may enter, in their order.

        A won lead stays won, an open one stays open: it is won by its own button.
        """
        is_won = lead.won_status == "won"
        seen = set(layout.get_stage_ids(self._get_team_and_company_ids(lead)[0]))
        return [
            line
            for line in layout.lines
            if line.is_won == is_won and line.stage_id in seen
        ]

    def _propose_stage_id(self, lead, last_move):
        """Return the stage where a lead goes unless the user chooses another one.

        Moving back undoes a move if the lead is still where that put it. Otherwise it
        is the same stage, else the one that it had there before, else the first won
        stage or the open stage with the nearest probability.
        """
        lines = self._get_lines_for(self._get_layout(), lead)
        stage_ids = [line.stage_id for line in lines]
        before, after = last_move or (None, None)
        current = lead.stage_id.id
        wishes = [before, current] if after == current else [current, before]
        for stage_id in wishes:
            if stage_id in stage_ids:
                return stage_id
        source = lead._get_line()
        if lead.won_status != "won" and source:
            lines.sort(key=lambda line: abs(line.probability - source.probability))
        return lines[0].stage_id if lines else False
