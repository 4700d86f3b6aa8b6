from odoo import api, models


class CrmLead(models.Model):
    """A call without an answer is no contact, but the health tells of it."""

    _inherit = "crm.lead"

    @api.model
    def _get_health_depends(self):
        return [*super()._get_health_depends(), "unanswered_call_ids"]

    def _describe_lamp_last_contact(self, health):
        text = super()._describe_lamp_last_contact(health)
        count = sum(self.sudo().activity_ids.mapped("unanswered_call_count"))
        if not count:
            return text
        calls = (
            self.env._("One call went unanswered.")
            if count == 1
            else self.env._("%s calls went unanswered.", count)
        )
        return f"{text} {calls}"
