from odoo import models


class CrmLead(models.Model):
    """Who is put on hold since nobody answers is not called any more."""

    _inherit = "crm.lead"

    def _put_on_hold(self, date, reason):
        calls = self.activity_ids.filtered(
            lambda call: call.can_log_unanswered_call and call._is_last_call_made()
        )
        result = super()._put_on_hold(date, reason)
        calls.unlink()
        return result


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _is_last_call_made(self):
        """Whether this call was made as often as the pipeline of its deal says."""
        lead = self.env["crm.lead"].sudo().browse(self.res_id)
        return self.unanswered_call_count > len(lead._get_call_cadence())
