from odoo import models
from odoo.exceptions import UserError

from .crm_lead_concern_entry import MAX_NAMED


class CrmLead(models.Model):
    """A merge is no way round: what is merged into an opportunity in a restricted
    stage comes into that stage."""

    _inherit = "crm.lead"

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        leads = self
        if not self._is_automatic_move():
            self._check_merged_entry(team_id)
            leads = self._internally("merged_by_person")
        merged = super(CrmLead, leads)._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        return merged.with_env(self.env)

    def _check_merged_entry(self, team_id):
        """:raise UserError: naming each opportunity that may not enter the stage in
        which the merged one will be"""
        leads = self.with_context(merge_team_id=team_id)
        leads = leads._sort_by_confidence_level(reverse=True)
        if not leads:
            return
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        place = (leads._merge_get_pipeline(), leads._merge_get_stage_id())
        layout = layouts.get(place[0])
        line = layout and layout.get_line(place[1])
        if not line or line.entry_policy == "everybody":
            return
        stage = self.env["crm.stage"].browse(place[1])
        refusals = [
            lead.with_env(self.env)._get_entry_refusal(line, stage)
            for lead in leads
            if lead.type == "opportunity"
            and lead._get_standing_place() != place
            and not lead._may_enter(line)
        ]
        if refusals:
            raise UserError("\n".join(refusals[:MAX_NAMED]))

    def _get_standing_place(self):
        """Return the pipeline and the stage where it is or was last active."""
        self.ensure_one()
        if self.active:
            return (self.pipeline_id.id, self.stage_id.id)
        return self._get_last_active_place()

    def _merge_dependences(self, opportunities):
        """Who was asked was asked about another opportunity than the merged one."""
        (self | opportunities)._end_approvals("moot")
        return super()._merge_dependences(opportunities)
