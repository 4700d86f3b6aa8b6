import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

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
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to another pipeline"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

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

        def get_reason(lead):
            if lead.type != "opportunity":
                return "lead"
            if lead.won_status == "lost" or not lead.active:
                return "closed"
            if lead.id not in writable_ids:
                return "forbidden"
            if self.pipeline_id and lead.pipeline_id == self.pipeline_id._origin:
                return "there"
            return None

        return leads.grouped(get_reason)

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

    @api.model
    def _get_lines_for(self, layout, lead):
        """Return the lines of a pipeline that a lead may enter, in their order.

        A won lead stays won, an open one stays open: it is won by its own button.
        """
        is_won = lead.won_status == "won"
        seen = set(layout.get_stage_ids(lead.team_id.id))
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

    # ------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------

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

    @api.model
    def _is_available(self, pipeline, kinds):
        """Tell whether a pipeline takes all leads that are not there already.

        :param kinds: {(pipeline, team, company, won status): leads}
        """
        layout = self.env["crm.pipeline"]._get_layout().pipelines[pipeline.id]
        others = [leads[0] for kind, leads in kinds.items() if kind[0] != pipeline]
        return bool(others) and all(
            layout.is_usable(lead.team_id.id, lead.company_id.id)
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

    # ------------------------------------------------------------
    # Move
    # ------------------------------------------------------------

    def action_move(self):
        """Move what the preview shows, in the background if it is much.

        :raise UserError: if the preview no longer holds; nothing has moved then
        """
        self.ensure_one()
        leads = self._get_movable_leads()
        self._check_pipeline()
        groups = self._group_leads(leads)
        self._check_lines(groups)
        if len(leads) > MAX_AT_ONCE:
            return self._start(len(leads))
        for batch, line in self._split(groups):
            self._move_batch(batch, line)
        self.write({"state": "done", "moved_count": len(leads)})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._get_result(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_pipeline(self):
        """Refuse a target pipeline that some of the leads may not enter."""
        pipeline = self.pipeline_id
        if not pipeline:
            raise UserError(self.env._("Choose the pipeline to move to."))
        if not self._get_movable_leads():
            raise UserError(
                self.skipped_message or self.env._("Choose the opportunities to move.")
            )
        if pipeline in self.available_pipeline_ids:
            return
        layout = self._get_layout()
        for lead in self._get_movable_leads():
            names = {"pipeline": pipeline.sudo().name, "lead": lead.display_name}
            if not layout.is_usable(lead.team_id.id, lead.company_id.id):
                raise UserError(
                    self.env._(
                        "“%(lead)s” cannot move to “%(pipeline)s”: that pipeline is "
                        "archived, or not open to its sales team or its company.",
                        **names,
                    )
                )
            if not self._get_lines_for(layout, lead):
                if lead.won_status == "won":
                    raise UserError(
                        self.env._(
                            "“%(lead)s” is won and “%(pipeline)s” has no won stage.",
                            **names,
                        )
                    )
                raise UserError(
                    self.env._(
                        "“%(lead)s” is still open and “%(pipeline)s” has no open "
                        "stage. Win it first.",
                        **names,
                    )
                )
        raise UserError(
            self.env._("You may not use the pipeline “%s”.", pipeline.sudo().name)
        )

    def _check_lines(self, groups):
        """Refuse a mapping that is not complete, or that no longer fits the leads."""
        lines = {line._get_key(): line for line in self.line_ids}
        if groups.keys() - lines.keys():
            raise UserError(
                self.env._(
                    "Some of these opportunities or pipelines have changed since this "
                    "preview was made. Nothing has moved: open it again."
                )
            )
        layout = self._get_layout()
        for key, leads in groups.items():
            lines[key]._check_target_stage(layout, leads)
        if self.missing_count and not self.override_reason:
            self._refuse_missing(groups, lines)

    def _refuse_missing(self, groups, lines):
        layout = self._get_layout()
        missing = [
            self.env._(
                "“%(lead)s” (%(missing)s)",
                lead=lead.display_name,
                missing=", ".join(labels),
            )
            for key, leads in groups.items()
            for lead in leads
            if (labels := lead._get_missing_in(layout, lines[key]._get_target(layout)))
        ]
        message = self.env._(
            "Nothing has moved. Without what their new stage asks for: %s. Fill it in, "
            "or choose an earlier stage.",
            "; ".join(missing[:MAX_NAMED]) + ("…" if len(missing) > MAX_NAMED else ""),
        )
        if self.can_override:
            message += " " + self.env._(
                "As a sales manager you can also give a reason."
            )
        raise UserError(message)

    def _split(self, groups):
        """Yield the batches of leads, each with its line."""
        lines = {line._get_key(): line for line in self.line_ids}
        for key, leads in groups.items():
            if key in lines:
                for ids in split_every(BATCH_SIZE, leads.ids):
                    yield leads.browse(ids), lines[key]

    def _move_batch(self, leads, line):
        if self.override_reason:
            leads = leads.with_context(stage_override_reason=self.override_reason)
        leads._move_to_pipeline(self.pipeline_id, line.target_stage_id)
        leads.env.flush_all()

    def _get_result(self):
        names = {"count": self.moved_count, "pipeline": self.pipeline_id.name}
        if self.moved_count == 1:
            message = self.env._(
                "One opportunity has moved to “%(pipeline)s”.", **names
            )
        else:
            message = self.env._(
                "%(count)s opportunities have moved to “%(pipeline)s”.", **names
            )
        if self.failures:
            message += "\n" + self.env._("Not moved:") + "\n" + self.failures
        return message

    # ------------------------------------------------------------
    # Background
    # ------------------------------------------------------------

    def _start(self, count):
        """Let the scheduled action do the move, and show its progress."""
        self.write({"state": "running", "planned_count": count})
        cron = self.env.ref("sales_pipeline_plus.ir_cron_pipeline_move").sudo()
        cron._trigger()
        return self._get_action()

    def action_refresh(self):
        """Show how far the move has come."""
        self.check_access("read")
        return self._get_action()

    @api.model
    def _cron_move(self):
        """Go on with all moves, each as the user who asked for it."""
        moves = self.sudo().search([("state", "=", "running")], order="id")
        moves = [move._as_its_user() for move in moves]
        remaining = sum(len(move._get_movable_leads()) for move in moves)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        for move in moves:
            if not move._run_or_give_up():
                return

    def _as_its_user(self):
        user = self.create_uid
        return self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=user.company_ids.ids
        )

    def _run_or_give_up(self):
        """Run the move; what nobody foresaw ends it, and not those behind it."""
        try:
            return self._run()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("The move %s to another pipeline failed", self.id)
            self.env.cr.rollback()
            reason = str(error) if isinstance(error, UserError) else ""
            self.sudo().write(
                {
                    "state": "done",
                    "failures": self.env._(
                        "The move was given up. %s",
                        reason or self.env._("The administrator finds why in the log."),
                    ),
                }
            )
            self.env["ir.cron"]._commit_progress()
            return True

    def _run(self):
        """Move batch after batch; what is moved or has failed is not met again.

        :return: whether there was time to finish
        """
        batches = list(self._split(self._group_leads()))
        for number, (leads, line) in enumerate(batches, start=1):
            self.moved_count += self._move_or_fail(leads, line)
            has_time = self.env["ir.cron"]._commit_progress(len(leads))
            if not has_time and number < len(batches):
                return False
        self._fail(
            self._get_movable_leads(),
            self.env._("changed since the preview was made"),
        )
        self.state = "done"
        self._notify_user()
        self.env["ir.cron"]._commit_progress()
        return True

    def _move_or_fail(self, leads, line):
        """Move a batch; if it is refused, one by one to leave only the culprits.

        :return: the number of leads that have moved
        """
        try:
            with self.env.cr.savepoint():
                self._move_batch(leads, line)
            return len(leads)
        except UserError as error:
            self.env.invalidate_all()
            if len(leads) == 1:
                self._fail(leads, str(error))
                return 0
        return sum(self._move_or_fail(lead, line) for lead in leads)

    def _fail(self, leads, reason):
        """Leave leads where they are, and remember why for the report."""
        if not leads:
            return
        named = [f"{lead.display_name}: {reason}" for lead in leads[:MAX_NAMED]]
        if len(leads) > MAX_NAMED:
            named.append("…")
        self.write(
            {
                "failures": "\n".join(filter(None, [self.failures, *named])),
                "lead_ids": [Command.unlink(lead.id) for lead in leads],
            }
        )

    def _notify_user(self):
        self.env["mail.thread"].message_notify(
            partner_ids=self.env.user.partner_id.ids,
            subject=self.env._("Opportunities moved to “%s”", self.pipeline_id.name),
            body=Markup("<br/>").join(self._get_result().split("\n")),
            email_layout_xmlid="mail.mail_notification_light",
        )
        self.env.user._bus_send(
            "simple_notification",
            {
                "type": "warning" if self.failures else "success",
                "message": self._get_result(),
                "sticky": True,
            },
        )
