from odoo import api, fields, models

from ...tools.arguments import get_context_id


class CrmStage(models.Model):
    _name = "crm.stage"
    _inherit = ["crm.stage", "crm.setup.mixin"]
    _setup_fields = frozenset({"is_won", "sequence", "team_ids"})

    pipeline_stage_ids = fields.One2many(
        "crm.pipeline.stage", "stage_id", string="Pipeline Stages"
    )
    pipeline_ids = fields.Many2many(
        "crm.pipeline",
        string="Pipelines",
        compute="_compute_pipeline_ids",
        search="_search_pipeline_ids",
        help="The pipelines that this stage is part of.",
    )

    @api.depends("pipeline_stage_ids.pipeline_id")
    def _compute_pipeline_ids(self):
        for stage in self:
            stage.pipeline_ids = stage.pipeline_stage_ids.pipeline_id

    @api.model
    def _search_pipeline_ids(self, operator, value):
        return [("pipeline_stage_ids.pipeline_id", operator, value)]

    @api.model_create_multi
    def create(self, vals_list):
        pipeline = self._get_shown_pipeline()
        stages = super().create(vals_list)
        if self.env.context.get("in_pipeline_form"):
            # The line that is being edited there links the stage.
            return stages
        if pipeline:
            pipeline._add_stages(stages)
        else:
            stages._join_pipelines()
        return stages

    def write(self, vals):
        result = super().write(vals)
        if "team_ids" in vals:
            self._join_pipelines()
        return result

    def unlink(self):
        """Take the stages out of the pipeline that is shown, as in its kanban view.

        A stage is deleted when no pipeline has it, no opportunity was ever there, and
        nothing else refers to it. Pipelines that follow Odoo's stages give theirs up
        with the stage, unless something was written about it there.
        """
        pipeline = self._get_shown_pipeline()
        lines = pipeline.pipeline_stage_ids.filtered(lambda line: line.stage_id in self)
        shown = lines.stage_id
        lines.unlink()
        stages = (self - shown) | shown.filtered(
            lambda stage: not stage._find_referring()
        )
        bare = stages.pipeline_stage_ids.filtered(lambda line: line._is_bare())
        bare.sudo().unlink()
        return super(CrmStage, stages).unlink()

    @api.model
    def _get_deletion_advice(self):
        return self.env._(
            "Take it out of its pipelines instead: history keeps it and its name."
        )

    def web_resequence(self, specification, field_name="sequence", offset=0):
        """Columns that are moved while one pipeline is shown are moved there only."""
        pipeline = self._get_shown_pipeline()
        if field_name != "sequence" or not pipeline or pipeline.follow_odoo_stages:
            return super().web_resequence(specification, field_name, offset)
        pipeline._resequence_stages(self)
        return self.web_read(specification)

    @api.model
    def _get_shown_pipeline(self):
        """Return the pipeline that the view shows, or none."""
        pipeline_id = get_context_id(self.env, "default_pipeline_id")
        return self.env["crm.pipeline"].browse(pipeline_id)

    def _join_pipelines(self):
        """Add the stages to the pipelines that follow Odoo's stages.

        A stage without sales teams joins all of them, one with teams joins those that
        its teams use.
        """
        layouts = self.env["crm.pipeline"]._get_layout()
        following = {
            pipeline_id
            for pipeline_id, layout in layouts.pipelines.items()
            if layout.follow_odoo_stages
        }
        for team_ids, stages in self.grouped("team_ids").items():
            used = following
            if team_ids:
                used = following & {
                    layout.id
                    for team in team_ids
                    if (layout := layouts.get_default(team.id, team.company_id.id))
                }
            # Whoever may create a stage may not be allowed to change pipelines.
            self.env["crm.pipeline"].sudo().browse(sorted(used))._add_stages(stages)
