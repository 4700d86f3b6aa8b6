from odoo import models


class CrmLead2opportunityPartner(models.TransientModel):
    _inherit = "crm.lead2opportunity.partner"

    def _convert_and_allocate(self, leads, user_ids, team_id=False):
        """Let leads follow their new team into its pipeline before they are deals."""
        if team_id:
            taken = (
                leads.browse() if self.force_assignment else leads.filtered("user_id")
            )
            allocated = (leads - taken)._with_team_before_conversion(team_id)
            leads = leads.with_env(allocated.env)
        return super()._convert_and_allocate(leads, user_ids, team_id=team_id)
