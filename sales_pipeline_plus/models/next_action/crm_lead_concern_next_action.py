from typing import NamedTuple

from odoo import models
from odoo.exceptions import ValidationError

from ..placement.standing import (
    STANDING_FIELDS,
    get_standings_after,
    get_standings_before,
)

MAX_NAMED = 20


class Move(NamedTuple):
    """A move into an open stage, or back into it.

    ``stage_id`` is the stage of the same pipeline that it comes from; None if it comes
    from another pipeline and was never open in this one.
    """

    stage_id: int | None


class CrmLeadConcernNextAction(models.AbstractModel):
    """No move between open stages without a next action, as the pipeline says.

    Where a deal was last open in the pipeline is compared with where it is open now, so
    that a deal can be won, lost, archived and edited, and no detour goes round it.
    """

    _name = "crm.lead.concern.next_action"
    _inherit = "crm.lead.concern"
    _description = "Next Action of Moving Opportunities"

    def _get_watched_fields(self):
        return STANDING_FIELDS

    def _check(self, change):
        """Refuse a person's moves without a next action.

        :raise ValidationError: naming each opportunity and what to do
        :raise AccessError: if someone other than a sales manager gives a reason
        """
        moves = self._get_moves(change)
        if not moves:
            return
        moved = change.leads.browse(lead.id for lead in moves)
        missing = moved.filtered(lambda lead: lead.next_action_state == "missing")
        to_come = missing._filter_action_to_come()
        missing -= to_come
        asked = missing.browse()
        if change.is_chosen and not missing._is_automatic_move():
            asked = missing.filtered(lambda lead: moves[lead].stage_id)
        change.notes["next_action"] = missing, asked
        if to_come:
            # Whether it came is known when the transaction ends.
            to_come._expect_action()
        if not asked:
            return
        if self.env.context.get("stage_override_reason"):
            asked._check_may_override_stage()
            return
        raise ValidationError(
            "\n".join(
                asked_lead._get_refusal_without_action(moves[asked_lead].stage_id)
                for asked_lead in asked[:MAX_NAMED]
            )
        )

    def _get_moves(self, change):
        """Return {lead: :class:`Move`} of the moves that ask for a next action."""
        if change.is_creation:
            return {}
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        if all(layout.next_action_policy != "block" for layout in layouts.values()):
            return {}
        moves = {}
        for lead, before, after in zip(
            change.leads,
            get_standings_before(change),
            get_standings_after(change),
            strict=True,
        ):
            if before == after or not after.is_open(layouts):
                continue
            if layouts[after.pipeline_id].next_action_policy != "block":
                continue
            was_open = before.is_open(layouts)
            if was_open and before.pipeline_id == after.pipeline_id:
                stage_id = before.stage_id
            else:
                stage_id = lead._get_last_open_stage_id(after.pipeline_id)
            if stage_id != after.stage_id and (stage_id or was_open):
                moves[lead] = Move(stage_id)
        return moves

    def _record(self, change):
        """Mark and log the moves without a next action."""
        missing, asked = change.notes.get("next_action", (None, None))
        if not missing:
            return
        if asked:
            label = self.env._("a next action")
            asked._log_stage_override(
                dict.fromkeys(asked, [label]), self.env.context["stage_override_reason"]
            )
        missing._mark_move_without_action()
        (missing - asked)._log_move_without_action()
