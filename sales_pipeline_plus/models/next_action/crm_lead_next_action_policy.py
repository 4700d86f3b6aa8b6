from odoo import api, fields, models

from ...tools.arguments import check_id, check_records
from ..placement.standing import get_standings

STRICTNESS = ("off", "warn", "block")
EXPECTED = "crm.lead.next_action.expected"


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

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        leads = self._internally("automatic_stage_move")
        merged = super(CrmLead, leads)._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        return merged.with_env(self.env)

    def _is_in_open_stage(self):
        self.ensure_one()
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        return get_standings(self)[0].is_open(layouts)

    @api.model
    def _is_automatic_move(self):
        """Tell whether no user asked for the move: crons, automation rules, merges.

        Other code marks its own moves with ``_internally("automatic_stage_move")``.
        """
        return self.env.su or self._is_internal("automatic_stage_move")

    def _filter_action_to_come(self, stage_id=None):
        """Return those for which a next action is about to be planned by itself.

        To be extended by what plans actions.

        :param stage_id: of the stage that they are about to enter; None if they are in
            it already
        """
        return self.browse()

    def _get_refusal_without_action(self, origin_stage_id):
        self.ensure_one()
        return self.env._(
            "“%(lead)s” cannot move from “%(origin)s” to “%(stage)s”: the pipeline "
            "“%(pipeline)s” asks for a next action first. Plan an activity on it, "
            "then move it.",
            lead=self.display_name,
            origin=self.stage_id.browse(origin_stage_id).name,
            stage=self.stage_id.name,
            pipeline=self.sudo().pipeline_id.name,
        )

    def _expect_action(self):
        """Remember that something is about to plan an action on these."""
        self.env.cr.cache.setdefault(EXPECTED, set()).update(self.ids)

    @api.model
    def _mark_if_nothing_came(self):
        """Mark the moves after which no action was planned by itself, as expected.

        To be called by what plans them, when it is done.
        """
        expected = self.browse(self.env.cr.cache.pop(EXPECTED, ())).exists()
        expected.invalidate_recordset(["next_action_state"], flush=False)
        missing = expected.filtered(
            lambda lead: (
                lead._is_in_open_stage() and lead.next_action_state == "missing"
            )
        )
        if missing:
            missing._mark_move_without_action()
            missing._log_move_without_action()

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

    @api.readonly
    def get_move_requirements(self, stage_id):
        """Tell the web client what a move of these leads to a stage would ask for.

        :param int stage_id: the ``crm.stage`` that they are dragged to
        :return: dict with ``requirements`` (of :meth:`get_stage_requirements`, for a
            single lead), ``incomplete`` (of :meth:`_get_incomplete`, for several) and
            ``next_action`` (of
            :meth:`_get_next_action_request`)
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
            "requirements": len(self) == 1 and self._get_stage_request(stage_id),
            "incomplete": self._get_incomplete(stage_id) if len(self) > 1 else [],
            "next_action": moving._get_next_action_request(stage_id),
        }

    def _get_next_action_request(self, stage_id=None):
        """Return which of these leads have no next action though they should.

        :param stage_id: of the stage that they are about to enter, if any
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
        if stage_id:
            missing -= missing._filter_action_to_come(stage_id)
        if not missing:
            return False
        policies = {layouts[p.id].next_action_policy for p in missing.pipeline_id}
        return {
            "policy": max(policies, key=STRICTNESS.index),
            "lead_ids": missing.ids,
            "names": missing[:5].mapped("display_name"),
            "can_override": self.env.user.has_group("sales_team.group_sale_manager"),
        }
