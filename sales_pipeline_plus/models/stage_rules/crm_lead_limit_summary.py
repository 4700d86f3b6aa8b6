from odoo import api, fields, models


class CrmLead(models.Model):
    """Days in the stage beside those allowed, of what is out of standard."""

    _inherit = "crm.lead"

    limit_summary = fields.Char(
        string="Days / Allowed",
        compute="_compute_limit_summary",
        help="Days in the stage, and how many its pipeline allows.",
    )

    @api.depends(
        "rotting_days",
        "pipeline_stage_id.limit_days",
        "stage_id.rotting_threshold_days",
    )
    def _compute_limit_summary(self):
        for lead in self:
            allowed = (
                lead.sudo().pipeline_stage_id.limit_days
                or lead.stage_id.rotting_threshold_days
            )
            lead.limit_summary = (
                f"{lead.rotting_days} / {allowed}" if lead.rotting_days else False
            )
