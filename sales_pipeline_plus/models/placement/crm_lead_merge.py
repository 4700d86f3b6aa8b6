from odoo import models

from ...tools.arguments import get_context_id


class CrmLead(models.Model):
    """Where the survivor of a merge stands."""

    _inherit = "crm.lead"

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        leads = self.with_context(merge_team_id=team_id)
        stage_id = leads._sort_by_confidence_level(reverse=True)._merge_get_stage_id()
        merged = super(
            CrmLead, leads.with_context(merge_stage_id=stage_id)
        )._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        return merged.with_env(self.env)

    def _merge_get_fields_specific(self):
        """Keep the main deal's pipeline as long as its team may use it, and a stage of
        one of the merged deals that is part of that pipeline, else its first stage.
        """
        getters = super()._merge_get_fields_specific()
        getters["pipeline_id"] = lambda fname, leads: leads._merge_get_pipeline()
        getters["stage_id"] = lambda fname, leads: leads._merge_get_stage_id()
        return getters

    def _merge_get_pipeline(self):
        layouts = self.env["crm.pipeline"]._get_layout()
        team_id = get_context_id(self.env, "merge_team_id") or next(
            iter(self.team_id.ids), False
        )
        layout = layouts.find(
            team_id,
            self.company_id[:1].id,
            current_id=self.pipeline_id[:1].id,
            working_company_id=self.env.company.id,
        )
        return layout.id if layout else self.pipeline_id[:1].id

    def _merge_get_stage_id(self):
        layout = (
            self.env["crm.pipeline"]
            ._get_layout()
            .pipelines.get(self._merge_get_pipeline())
        )
        stages = self.stage_id
        if not layout:
            return stages[:1].id
        fitting = stages.filtered(lambda stage: layout.get_line(stage.id))
        return next(
            iter(fitting.ids or layout.get_stage_ids(self.team_id[:1].id)), False
        )
