from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_fitting_actions(self):
        """Lost opportunities come back as their pipeline says; only a collaborator can
        stop being one."""
        fitting = super()._get_fitting_actions()
        lost = self.filtered(
            lambda lead: lead.type == "opportunity" and lead.won_status == "lost"
        )
        tried = (
            lost.sudo()
            .attempt_ids.filtered(lambda lead: lead.won_status == "pending")
            .attempt_of_id.ids
        )
        stay_lost = lost.filtered(lambda lead: lead.reopening_policy != "allowed")
        return {
            **fitting,
            "unarchive": fitting["unarchive"] - stay_lost,
            "sales_pipeline_plus.crm_lead_action_new_attempt": lost.filtered(
                lambda lead: lead.id not in tried
            ),
            "sales_pipeline_plus.crm_lead_action_stop_collaborating": self.filtered(
                lambda lead: self.env.user in lead.collaborator_ids
            ),
            "sales_pipeline_plus.crm_lead_reopen_action": lost.filtered(
                lambda lead: lead.reopening_policy != "forbidden"
            ),
        }
