from odoo import models


class CrmLeadConcernCollaborator(models.AbstractModel):
    """Collaborators follow the deal that they work on."""

    _name = "crm.lead.concern.collaborator"
    _inherit = "crm.lead.concern"
    _description = "Collaborators of Changing Opportunities"

    def _get_watched_fields(self):
        return {"collaborator_ids"}

    def _record(self, change):
        leads = change.above
        if change.is_creation:
            leads = leads.filtered("collaborator_ids")
        users = self.env["res.users"].sudo()
        before = {
            lead.id: users.browse(change.before(lead, "collaborator_ids") or ())
            for lead in leads
        }
        leads.with_env(change.leads.env)._update_collaborating_followers(before)
