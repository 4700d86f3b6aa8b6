from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_fitting_actions(self):
        """Only what waits for an approval is approved or refused."""
        waiting = self.filtered("approval_stage_id")
        return {
            **super()._get_fitting_actions(),
            "sales_pipeline_plus.crm_lead_action_approve_move": waiting,
            "sales_pipeline_plus.crm_lead_approval_refusal_action": waiting,
        }
