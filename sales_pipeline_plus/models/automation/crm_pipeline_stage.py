from odoo import api, models
from odoo.exceptions import UserError


class CrmPipelineStage(models.Model):
    _inherit = "crm.pipeline.stage"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_rules(self):
        """A stage does not leave its pipeline under the automatic actions there."""
        rules = self.env["crm.pipeline.rule"].sudo().with_context(active_test=False)
        for line in self:
            rule = rules.search(
                [
                    ("pipeline_id", "=", line.pipeline_id.id),
                    "|",
                    ("stage_id", "=", line.stage_id.id),
                    ("from_stage_id", "=", line.stage_id.id),
                ],
                limit=1,
            )
            if rule:
                raise UserError(
                    self.env._(
                        "“%(stage)s” cannot leave the pipeline “%(pipeline)s”: the "
                        "automatic action “%(rule)s” is about it. Give that one "
                        "another stage, or delete it, first.",
                        stage=line.stage_id.name,
                        pipeline=line.pipeline_id.name,
                        rule=rule.name,
                    )
                )
