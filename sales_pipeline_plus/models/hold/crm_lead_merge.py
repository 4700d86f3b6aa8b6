from odoo import models


class CrmLead(models.Model):
    """The survivor of a merge sleeps only if all that were merged did."""

    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        every = (self | opportunities).sudo()
        is_awake = any(lead.type == "opportunity" and lead._is_open() for lead in every)
        asleep = opportunities.filtered(lambda lead: lead.sudo().date_hold)
        if asleep:
            asleep._end_hold("gone")
        result = super()._merge_dependences(opportunities)
        if is_awake and self.sudo().date_hold:
            self._wake_up("hand")
        return result
