from odoo import models

from .crm_lead_hold import WOKEN


class CrmLead(models.Model):
    """Tells the automatic actions what is put on hold and what wakes up."""

    _inherit = "crm.lead"

    def _put_on_hold(self, date, reason):
        fresh = self.filtered(lambda lead: not lead.date_hold)
        result = super()._put_on_hold(date, reason)
        fresh._tell_rules_of_hold("on_hold", "date_hold")
        return result

    def _end_hold(self, outcome):
        result = super()._end_hold(outcome)
        if outcome in WOKEN:
            self._tell_rules_of_hold("woken", "date_hold_end")
        return result

    def _tell_rules_of_hold(self, event, moment):
        """Tell that these fell asleep or woke up, at the moment that the field says."""
        events = self.env["crm.pipeline"]._get_rule_events()
        if events.isdisjoint(("on_hold", "woken")):
            return
        self._withdraw_rule_activities()
        if event in events:
            self.env["crm.pipeline.rule"]._add_occurrences(
                [(event, lead.id, f"{event}:{lead[moment]}") for lead in self.sudo()]
            )
