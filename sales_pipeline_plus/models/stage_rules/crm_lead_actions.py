from odoo import models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_fitting_actions(self):
        """A reason is given for opportunities that can move."""
        movable = self.filtered(
            lambda lead: lead.type == "opportunity" and lead._is_open()
        )
        return {
            **super()._get_fitting_actions(),
            "sales_pipeline_plus.crm_lead_stage_override_action": movable,
        }
