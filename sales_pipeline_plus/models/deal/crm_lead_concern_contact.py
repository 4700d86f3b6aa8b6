from odoo import models


class CrmLeadConcernContact(models.AbstractModel):
    """Whoever gives the contacts of a deal need not give its own contact again."""

    _name = "crm.lead.concern.contact"
    _inherit = "crm.lead.concern"
    _description = "Contacts of Changing Opportunities"

    def _get_watched_fields(self):
        return {"contact_ids"}

    def _get_known_fields(self, affected):
        return set()

    def _complete(self, change):
        leads = change.leads
        if change.is_creation:
            leads = leads.browse(
                lead.id
                for lead, vals in zip(leads, change.vals_list, strict=True)
                if "contact_ids" in vals
            )
        elif "contact_ids" not in change.given:
            return
        if leads:
            leads._compute_contact_ids()
