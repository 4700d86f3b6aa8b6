from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_fitting_actions(self):
        """Only one's own probability can be given up."""
        own = self.filtered(
            lambda lead: (
                lead.won_status == "pending" and lead.probability_source == "manual"
            )
        )
        return {
            **super()._get_fitting_actions(),
            "sales_pipeline_plus.crm_lead_action_reset_probability": own,
        }
