from odoo import models


class CrmLeadConcernAttempt(models.AbstractModel):
    """A new attempt and the lost deal before it tell of each other."""

    _name = "crm.lead.concern.attempt"
    _inherit = "crm.lead.concern"
    _description = "New Attempts"

    def _record(self, change):
        if change.is_creation:
            attempts = change.leads.filtered("attempt_of_id")
            if attempts:
                attempts._log_new_attempt()
