from odoo import models


class CrmLeadConcernHandOver(models.AbstractModel):
    """What is planned goes along with the deal to its new salesperson."""

    _name = "crm.lead.concern.hand_over"
    _inherit = "crm.lead.concern"
    _description = "Planned Actions of Opportunities That Are Handed Over"

    def _get_watched_fields(self):
        return {"user_id"}

    def _record(self, change):
        if change.is_creation or self.env.context.get("keep_activities"):
            return
        users = self.env["res.users"].sudo()
        change.leads._hand_over_activities(
            {
                lead: users.browse(change.before(lead, "user_id"))
                for lead in change.get_changed("user_id")
            }
        )
