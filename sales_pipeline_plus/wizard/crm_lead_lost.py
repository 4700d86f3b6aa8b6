from odoo import api, fields, models


class CrmLeadLost(models.TransientModel):
    _inherit = "crm.lead.lost"

    lost_reason_required = fields.Boolean(compute="_compute_lost_reason_required")

    @api.depends("lead_ids.pipeline_id")
    def _compute_lost_reason_required(self):
        for wizard in self:
            wizard.lost_reason_required = any(
                lead.type == "opportunity"
                and lead.sudo().pipeline_id.lost_reason_required
                for lead in wizard.lead_ids
            )
