from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmPipeline(models.Model):
    """Where a pipeline's won opportunities go on: in a delivery pipeline.

    A delivery pipeline has won stages only, so that what goes on there stays won.
    """

    _inherit = "crm.pipeline"

    won_pipeline_id = fields.Many2one(
        "crm.pipeline",
        string="Won Opportunities Go on in",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        tracking=True,
        copy=False,
        domain="[('id', '!=', id), ('pipeline_stage_ids', '!=', False), "
        "('pipeline_stage_ids', 'not any', [('stage_id.is_won', '=', False)])]",
        help="A delivery pipeline, all of whose stages are won stages: an opportunity "
        "that is won here can go on there, and stays won with its closing date.",
    )
    won_from_ids = fields.One2many(
        "crm.pipeline",
        "won_pipeline_id",
        string="Goes on with What Is Won in",
    )

    @api.constrains("won_pipeline_id", "active", "pipeline_stage_ids")
    def _check_won_pipeline(self):
        """Keep what won opportunities go on in an active delivery pipeline."""
        for pipeline in self.sudo():
            sources = pipeline.won_from_ids
            if pipeline.won_pipeline_id:
                sources |= pipeline
            for source in sources:
                source._check_is_delivery_pipeline(source.won_pipeline_id)

    def _check_is_delivery_pipeline(self, target):
        """Refuse ``target`` for this pipeline's won opportunities.

        :raise ValidationError: naming the stage, or what else is wrong
        """
        self.ensure_one()
        names = {"pipeline": self.name, "target": target.name}
        if target == self:
            raise ValidationError(
                self.env._(
                    "The won opportunities of “%(pipeline)s” cannot go on in itself. "
                    "Choose a delivery pipeline.",
                    **names,
                )
            )
        if not target.active:
            raise ValidationError(
                self.env._(
                    "The won opportunities of “%(pipeline)s” go on in “%(target)s”, so "
                    "“%(target)s” cannot be archived. Let them go on elsewhere first.",
                    **names,
                )
            )
        stages = target.pipeline_stage_ids.stage_id
        opened = stages.filtered(lambda stage: not stage.is_won)
        if opened or not stages:
            raise ValidationError(
                self.env._(
                    "The won opportunities of “%(pipeline)s” cannot go on in "
                    "“%(target)s”: it must have won stages only, so that they stay "
                    "won, and it has %(stages)s.",
                    stages=", ".join(
                        self.env._("“%(stage)s”", stage=stage.name) for stage in opened
                    )
                    or self.env._("no stage"),
                    **names,
                )
            )


class CrmPipelineStage(models.Model):
    _inherit = "crm.pipeline.stage"

    @api.constrains("pipeline_id", "stage_id")
    def _check_won_pipeline(self):
        self.pipeline_id._check_won_pipeline()


class CrmStage(models.Model):
    _inherit = "crm.stage"

    @api.constrains("is_won")
    def _check_won_pipeline(self):
        self.sudo().pipeline_stage_ids.pipeline_id._check_won_pipeline()
