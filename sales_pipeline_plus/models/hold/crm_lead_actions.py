from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_fitting_actions(self):
        """Open opportunities are put on hold, those on hold are changed or woken up."""
        pending = self.filtered(lambda lead: lead._can_be_on_hold())
        return {
            **super()._get_fitting_actions(),
            "sales_pipeline_plus.crm_lead_put_on_hold_action": pending,
            "sales_pipeline_plus.crm_lead_action_wake_up": pending.filtered(
                "date_hold"
            ),
        }
