from odoo import models
from odoo.exceptions import AccessError


class CrmLeadConcernAttempt(models.AbstractModel):
    """A new attempt and the lost deal before it tell of each other."""

    _name = "crm.lead.concern.attempt"
    _inherit = "crm.lead.concern"
    _description = "New Attempts"

    def _get_watched_fields(self):
        return {"attempt_of_id"}

    def _check(self, change):
        """Refuse what is no attempt after a lost deal that the user works on.

        :raise AccessError: if the deal is not the user's to change, or an attempt is
            said to be one of another deal afterwards
        :raise UserError: if the deal is not lost
        """
        attempts = change.get_changed("attempt_of_id")
        if change.is_creation:
            attempts = attempts.filtered("attempt_of_id")
        if not attempts or attempts._is_automatic_move():
            return
        if not change.is_creation:
            raise AccessError(
                self.env._(
                    "What an opportunity tries again is said when it is made: use “New "
                    "Attempt” on the lost one."
                )
            )
        tried = attempts.attempt_of_id
        tried.check_access("write")
        tried._check_is_lost()

    def _record(self, change):
        if change.is_creation:
            attempts = change.leads.filtered("attempt_of_id")
            if attempts:
                attempts._log_new_attempt()
