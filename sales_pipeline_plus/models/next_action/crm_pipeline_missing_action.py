from odoo import api, fields, models


class CrmPipeline(models.Model):
    """How many open deals of each pipeline lack a next action, or have a late one."""

    _inherit = "crm.pipeline"

    missing_action_count = fields.Integer(
        string="Opportunities without Next Action",
        compute="_compute_next_action_counts",
        help="Open opportunities that you may see, without any planned activity or "
        "meeting to come.",
    )
    overdue_action_count = fields.Integer(
        string="Opportunities with an Overdue Action",
        compute="_compute_next_action_counts",
        help="Open opportunities whose next action should have been done by now.",
    )

    @api.depends_context("uid", "allowed_company_ids", "tz")
    def _compute_next_action_counts(self):
        counts = {
            (pipeline.id, state): count
            for pipeline, state, count in self._group_open_leads(
                ["pipeline_id", "next_action_state"], ["__count"]
            )
        }
        for pipeline in self:
            pipeline.missing_action_count = counts.get((pipeline.id, "missing"), 0)
            pipeline.overdue_action_count = counts.get((pipeline.id, "overdue"), 0)
