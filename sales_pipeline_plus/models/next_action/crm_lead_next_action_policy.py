from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.arguments import check_id, check_records

STRICTNESS = ("off", "warn", "block")


class CrmLead(models.Model):
    """No move between open stages without a next action, as the pipeline says."""

    _inherit = "crm.lead"

    moved_without_action_date = fields.Datetime(
        string="Moved Without Next Action",
        readonly=True,
        copy=False,
        help="When the opportunity last moved, in a pipeline that asks for a next "
        "action, although none was planned: automatically, from another pipeline, or "
        "for a sales manager's reason.",
    )

    def write(self, vals):
        """Refuse moves that the pipeline's policy forbids; mark the automatic ones.

        Only places are compared, so that a deal can always be won, lost and edited.
        """
        if not {"pipeline_id", "stage_id"} & vals.keys():
            return super().write(vals)
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        if all(layout.next_action_policy != "block" for layout in layouts.values()):
            return super().write(vals)
        before = {
            lead: (lead.pipeline_id, lead.stage_id)
            for lead in self
            if lead._is_in_open_stage()
        }
        result = super().write(vals)
        moved = self.filtered(
            lambda lead: (
                lead in before
                and before[lead] != (lead.pipeline_id, lead.stage_id)
                and lead._is_in_open_stage()
                and layouts[lead.pipeline_id.id].next_action_policy == "block"
            )
        )
        if moved:
            moved._enforce_next_action(before)
        return result

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        leads = self.with_context(automatic_stage_move=True)
        merged = super(CrmLead, leads)._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        return merged.with_env(self.env)

    def _is_in_open_stage(self):
        self.ensure_one()
        line = self._get_line()
        return bool(
            self.active and self.type == "opportunity" and line and not line.is_won
        )

    @api.model
    def _is_automatic_move(self):
        """Tell whether no user asked for the move: crons, automation rules, merges.

        Other code marks its automatic moves with the context ``automatic_stage_move``.
        """
        return self.env.su or bool(self.env.context.get("automatic_stage_move"))

    def _enforce_next_action(self, before):
        """Refuse or mark the moves of those opportunities that have no next action.

        :param before: {lead: (pipeline, stage)} before the move
        :raise ValidationError: naming each opportunity and what to do
        :raise AccessError: if someone other than a sales manager gives a reason
        """
        missing = self.filtered(lambda lead: lead.next_action_state == "missing")
        asked = missing.browse()
        if not self._is_automatic_move():
            asked = missing.filtered(lambda lead: before[lead][0] == lead.pipeline_id)
        reason = self.env.context.get("stage_override_reason")
        if asked and not reason:
            raise ValidationError(asked._get_refusal_without_action(before))
        if asked:
            label = self.env._("a next action")
            asked._log_stage_override(dict.fromkeys(asked, [label]), reason)
        if missing:
            missing._mark_move_without_action()
            (missing - asked)._log_move_without_action()

    def _get_refusal_without_action(self, before):
        return "\n".join(
            self.env._(
                "“%(lead)s” cannot move from “%(origin)s” to “%(stage)s”: the pipeline "
                "“%(pipeline)s” asks for a next action first. Plan an activity on it, "
                "then move it.",
                lead=lead.display_name,
                origin=before[lead][1].name,
                stage=lead.stage_id.name,
                pipeline=lead.sudo().pipeline_id.name,
            )
            for lead in self[:20]
        )

    def _mark_move_without_action(self):
        self.sudo().moved_without_action_date = fields.Datetime.now()

    def _log_move_without_action(self):
        if not self:
            return
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "Moved to “%(stage)s” without a next action. Plan one.",
                    stage=lead.stage_id.name,
                )
                for lead in self
            }
        )

    # ------------------------------------------------------------
    # Web client
    # ------------------------------------------------------------

    def get_move_requirements(self, stage_id):
        """Tell the web client what a move of these leads to a stage would ask for.

        :param int stage_id: the ``crm.stage`` that they are dragged to
        :return: dict with ``requirements`` (of :meth:`get_stage_requirements`, for a
            single lead) and ``next_action`` (of :meth:`_get_next_action_request`)
        """
        check_records(self)
        stage_id = check_id(self.env, "stage_id", stage_id)
        self.check_access("read")
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        moving = self.filtered(
            lambda lead: (
                lead.stage_id.id != stage_id
                and (layout := layouts.get(lead.pipeline_id.id))
                and (line := layout.get_line(stage_id))
                and not line.is_won
            )
        )
        return {
            "requirements": len(self) == 1 and self.get_stage_requirements(stage_id),
            "next_action": moving._get_next_action_request(),
        }

    def _get_next_action_request(self):
        """Return which of these leads have no next action though they should.

        :return: dict with ``policy`` (the strictest), ``lead_ids``, ``names``,
            ``can_override``; False if none
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        watched = self.filtered(
            lambda lead: (
                lead._is_in_open_stage()
                and layouts[lead.pipeline_id.id].next_action_policy != "off"
            )
        )
        missing = watched.filtered(lambda lead: lead.next_action_state == "missing")
        if not missing:
            return False
        policies = {layouts[p.id].next_action_policy for p in missing.pipeline_id}
        return {
            "policy": max(policies, key=STRICTNESS.index),
            "lead_ids": missing.ids,
            "names": missing[:5].mapped("display_name"),
            "can_override": self.env.user.has_group("sales_team.group_sale_manager"),
        }
