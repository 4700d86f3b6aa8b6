from odoo import models

PASSAGE_FIELDS = ("type", "pipeline_id", "stage_id", "won_status")


class CrmLeadConcernPassage(models.AbstractModel):
    """Records each stay in a stage, on every way to move."""

    _name = "crm.lead.concern.passage"
    _inherit = "crm.lead.concern"
    _description = "Stays of Moving Opportunities"

    def _get_watched_fields(self):
        return {*PASSAGE_FIELDS, "date_closed"}

    def _record(self, change):
        passages = self.env["crm.lead.passage"]
        moves = [
            move
            for lead in change.leads.sudo()
            if (move := self._get_move(change, lead))
        ]
        if moves:
            passages._add_moves(moves)
        if not change.is_creation:
            corrected = change.leads.filtered(
                lambda lead: (
                    lead.date_closed
                    and change.before(lead, "date_closed")
                    and change.has_changed(lead, "date_closed")
                    and not change.has_changed(lead, "won_status")
                )
            )
            if corrected:
                passages.sudo()._correct_closing(corrected.sudo())

    def _get_move(self, change, lead):
        """Return what :meth:`crm.lead.passage._add_moves` needs to know, or None."""
        if change.is_creation:
            # What else happens to a new deal in this transaction belongs to its
            # creation.
            return lead.type == "opportunity" and lead._prepare_move(
                fresh=True, created=True
            )
        before = {name: change.before(lead, name) for name in PASSAGE_FIELDS}
        state = lead._get_passage_state()
        if before == state or "opportunity" not in (before["type"], state["type"]):
            return None
        if before["type"] == "lead":
            # The owner and the amount of a converted lead are still to come.
            return lead._prepare_move(fresh=True)
        return lead._prepare_move(
            before=before,
            state=state,
            values=lead._prepare_passage_values(),
            date_closed="date_closed" in change.given and lead.date_closed,
        )
