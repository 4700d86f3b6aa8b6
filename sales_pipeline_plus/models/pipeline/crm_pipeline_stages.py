from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from ...tools.internal import INTERNAL

# Context of a change of a whole pipeline, which is checked at its end.
IN_CHANGE = "pipeline_stages_in_change"


class CrmPipeline(models.Model):
    """The stages that a pipeline cannot do without, and the one that it starts with.

    Each change is checked as a whole: while the lines of a form are written one after
    the other, the pipeline is in a state that nobody meant.
    """

    _inherit = "crm.pipeline"

    @api.model_create_multi
    def create(self, vals_list):
        in_change = self.with_context(**{IN_CHANGE: INTERNAL})
        pipelines = super(CrmPipeline, in_change).create(vals_list)
        return pipelines.with_env(self.env)

    def write(self, vals):
        if "pipeline_stage_ids" not in vals:
            return super().write(vals)
        in_change = self.with_context(**{IN_CHANGE: INTERNAL})
        return super(CrmPipeline, in_change).write(vals)

    @api.constrains("name", "pipeline_stage_ids")
    def _check_stages(self):
        for pipeline in self.sudo():
            lines = pipeline.pipeline_stage_ids.sorted()
            if not lines and not self._is_installing():
                raise ValidationError(
                    self.env._(
                        "The pipeline “%s” needs stages: add the open ones in their "
                        "order, and a won stage at the end.",
                        pipeline.name,
                    )
                )
            if (
                lines[:1].is_won
                and not pipeline.follow_odoo_stages
                and not all(line.is_won for line in lines)
            ):
                raise ValidationError(
                    self.env._(
                        "The pipeline “%(pipeline)s” starts with the won stage "
                        "“%(stage)s”: new opportunities would be won. Put an open "
                        "stage before it.",
                        pipeline=pipeline.name,
                        stage=lines[0].stage_id.name,
                    )
                )

    @api.model
    def _is_installing(self):
        """Tell whether a file of an addon is loaded, which has the stages of a pipeline
        after the pipeline, or an addon is uninstalled."""
        context = self.env.context
        return self.env.user._is_superuser() and bool(
            context.get("install_mode") or context.get(MODULE_UNINSTALL_FLAG)
        )

    def _check_stages_changed(self):
        """Check what a change outside of the pipeline's own form has made of it."""
        if self._is_installing():
            return
        pipelines = self.exists()
        pipelines._check_stages()
        pipelines._check_default()


class CrmPipelineStage(models.Model):
    _inherit = "crm.pipeline.stage"

    @api.constrains("pipeline_id", "sequence", "stage_id")
    def _check_stages(self):
        if self.env.context.get(IN_CHANGE) is not INTERNAL:
            self.pipeline_id._check_stages_changed()

    def write(self, vals):
        left = self.pipeline_id if "pipeline_id" in vals else self.pipeline_id.browse()
        result = super().write(vals)
        left._check_stages_changed()
        return result

    def unlink(self):
        pipelines = self.pipeline_id
        result = super().unlink()
        if self.env.context.get(IN_CHANGE) is not INTERNAL:
            pipelines._check_stages_changed()
        return result


class CrmStage(models.Model):
    _inherit = "crm.stage"

    @api.constrains("is_won")
    def _check_stages_of_pipelines(self):
        self.sudo().pipeline_stage_ids.pipeline_id._check_stages_changed()

    def unlink(self):
        pipelines = self.sudo().pipeline_stage_ids.pipeline_id
        result = super().unlink()
        pipelines._check_stages_changed()
        return result
