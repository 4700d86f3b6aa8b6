from odoo import models

from ..placement.standing import get_standings_after, get_standings_before


class CrmLeadConcernLost(models.AbstractModel):
    """Losing asks for a reason, and what is lost stays lost, as its pipeline says."""

    _name = "crm.lead.concern.lost"
    _inherit = "crm.lead.concern"
    _description = "Lost Opportunities"

    def _get_watched_fields(self):
        return {
            "active",
            "lost_reason_id",
            "pipeline_id",
            "stage_id",
            "type",
            "won_status",
        }

    def _check(self, change):
        """
        :raise ValidationError: naming each opportunity that lacks a lost reason
        :raise UserError: naming each one that is reopened or moved although it is lost
        :raise AccessError: if someone other than a sales manager reopens with a reason
        """
        self._check_reason(change)
        if not change.is_creation:
            self._check_stays_lost(change)

    def _check_reason(self, change):
        """Of those that are lost now, that move while they are, or lose the reason."""
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        if any(layout.lost_reason_required for layout in layouts.values()):
            change.leads.filtered(
                lambda lead: self._is_asked_for_reason(change, lead)
            )._check_lost_reason()

    def _is_asked_for_reason(self, change, lead):
        if change.has_changed(lead, "won_status", "type"):
            return not lead._was_closed_elsewhere()
        return not lead.lost_reason_id and change.has_changed(lead, "lost_reason_id")

    def _check_stays_lost(self, change):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        strict_ids = {
            layout.id
            for layout in layouts.values()
            if layout.reopening_policy != "allowed" or not layout.follow_odoo_stages
        }
        if not strict_ids:
            return
        places = {}
        for lead, before, after in zip(
            change.leads,
            get_standings_before(change),
            get_standings_after(change),
            strict=True,
        ):
            if (
                before.type == "opportunity"
                and before.won_status == "lost"
                and before.pipeline_id in strict_ids
                and before != after
            ):
                places[lead] = before.place
        if places:
            leads = change.leads.browse(lead.id for lead in places)
            change.notes["lost"] = leads._check_stays_lost(places), places

    def _record(self, change):
        """Log why a sales manager has reopened them."""
        reopened, places = change.notes.get("lost", ((), {}))
        if reopened:
            reopened._log_reopening(self.env.context["reopen_reason"], places)
