from collections import defaultdict

from odoo import api, models


class CrmLeadConcernHold(models.AbstractModel):
    """What ends a hold besides waking up: winning, losing, or moving on.

    Whoever moves an opportunity to another stage works on it, so it wakes up. In
    another pipeline it sleeps on: pipelines are put in order without a look at each
    opportunity. An archived one sleeps on, too, and is on hold when it comes back.
    """

    _name = "crm.lead.concern.hold"
    _inherit = "crm.lead.concern"
    _description = "Hold of Changing Opportunities"

    def _get_watched_fields(self):
        return {"pipeline_id", "stage_id", "type", "won_status"}

    def _complete(self, change):
        """Before anything is checked: what wakes up is asked what is open is asked."""
        if change.is_creation:
            return
        asleep = change.above.filtered("date_hold")
        if not asleep:
            return
        ended = defaultdict(list)
        for lead in asleep:
            if outcome := self._get_outcome(change, lead):
                ended[outcome].append(lead.id)
        for outcome, lead_ids in ended.items():
            change.leads.browse(lead_ids)._end_hold(outcome)
        change.notes["hold"] = asleep, change.leads.browse(ended["moved"])

    def _get_outcome(self, change, lead):
        if lead.type != "opportunity":
            return "lead"
        status = lead._get_won_status()
        if status in ("won", "lost"):
            return status
        is_moved = change.has_changed(lead, "stage_id") and not change.has_changed(
            lead, "pipeline_id"
        )
        return "moved" if is_moved else None

    def _record(self, change):
        """The stays that this has ended are written by now."""
        asleep, woken = change.notes.get("hold", (None, None))
        if woken:
            woken._log_wake_up()
            woken._take_up_today()
        if asleep:
            self.env["crm.lead.passage"].sudo()._count_holds(asleep)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_concerns(self):
        return [*super()._get_concerns(), "crm.lead.concern.hold"]
