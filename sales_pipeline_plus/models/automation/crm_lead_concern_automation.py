from odoo import models

from ..passage.crm_lead_concern_passage import PASSAGE_FIELDS


class CrmLeadConcernAutomation(models.AbstractModel):
    """Tells the automatic actions what happened: created, won, lost, and takes back
    what has no reason any more.

    That a stage was entered is told by the stay that begins.
    """

    _name = "crm.lead.concern.automation"
    _inherit = "crm.lead.concern"
    _description = "Automatic Actions on Changing Opportunities"

    def _get_watched_fields(self):
        return set(PASSAGE_FIELDS)

    def _record(self, change):
        if not self.env["crm.pipeline"]._get_rule_events():
            return
        closed = change.leads.attempt_of_id
        if not change.is_creation:
            closed = change.get_changed("won_status")
        if closed:
            closed._withdraw_rule_activities()
        occurrences = []
        moved = change.get_changed(*PASSAGE_FIELDS).sudo()
        for lead in moved:
            if lead.type != "opportunity":
                continue
            if change.is_creation or change.before(lead, "type") == "lead":
                occurrences.append(("created", lead.id, None))
            elif change.has_changed(lead, "won_status"):
                occurrences.append((lead.won_status, lead.id, None))
        if moved:
            # Also without any: which stages were entered is asked for with this.
            self.env["crm.pipeline.rule"]._add_occurrences(occurrences)
