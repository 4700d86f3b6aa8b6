from odoo import models
from odoo.exceptions import UserError
from odoo.tools import split_every

from ..tools.arguments import check_records
from ..tools.readable_name import get_readable_name
from ..tools.texts import has_text
from . import crm_pipeline_move as limits


class CrmPipelineMove(models.TransientModel):
    """The move itself: nothing moves unless all that the preview shows can."""

    _inherit = "crm.pipeline.move"

    def action_move(self):
        """Move what the preview shows, in the background if it is much.

        :raise UserError: if the preview no longer holds; nothing has moved then
        """
        check_records(self)
        self.ensure_one()
        leads = self._get_movable_leads()
        self._check_pipeline()
        groups = self._group_leads(leads)
        self._check_lines(groups)
        if len(leads) > limits.MAX_AT_ONCE:
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
            names = {
                "pipeline": get_readable_name(pipeline),
                "lead": lead.display_name,
            }
            if not layout.is_usable(*self._get_team_and_company_ids(lead)):
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
            self.env._(
                "You may not use the pipeline “%s”.", get_readable_name(pipeline)
            )
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
        if self.missing_count and not self._get_override_reason():
            self._refuse_missing(groups, lines)

    def _get_override_reason(self):
        reason = self.override_reason
        return reason.strip() if has_text(reason) else ""

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
        named = missing[: limits.MAX_NAMED]
        message = self.env._(
            "Nothing has moved. Without what their new stage asks for: %s. Fill it in, "
            "or choose an earlier stage.",
            "; ".join(named) + ("…" if len(missing) > len(named) else ""),
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
                for ids in split_every(limits.BATCH_SIZE, leads.ids):
                    yield leads.browse(ids), lines[key]

    def _move_batch(self, leads, line):
        if reason := self._get_override_reason():
            leads = leads.with_context(stage_override_reason=reason)
        leads._move_to_pipeline(
            self.pipeline_id, line.target_stage_id, self._prepare_lead_values()
        )
        leads.env.flush_all()

    def _prepare_lead_values(self):
        """Return what else changes on the opportunities that move."""
        return {}

    def _get_result(self):
        names = {"count": self.moved_count, "pipeline": self.pipeline_id.name}
        message = self.env._(
            "Opportunities moved to “%(pipeline)s”: %(count)s", **names
        )
        if self.failures:
            message += "\n" + self.env._("Not moved:") + "\n" + self.failures
        return message
