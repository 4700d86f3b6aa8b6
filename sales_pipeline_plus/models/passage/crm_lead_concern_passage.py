from odoo import models

from ..change.deal_change import get_plain_values

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
        moves = self._get_moves(change)
        if moves:
            passages._add_moves(moves)
        if not change.is_creation:
            corrected = change.get_changed("date_closed").filtered(
                lambda lead: (
                    lead.date_closed
                    and change.before(lead, "date_closed")
                    and not change.has_changed(lead, "won_status")
                )
            )
            if corrected:
                passages.sudo()._correct_closing(corrected.sudo())

    def _get_moves(self, change):
        """Return what :meth:`crm.lead.passage._add_moves` needs to know."""
        leads = change.above
        if change.is_creation:
            # What else happens to a new deal in this transaction belongs to its
            # creation.
            return [
                lead._prepare_move(fresh=True, created=True)
                for lead in leads
                if lead.type == "opportunity"
            ]
        converted, moved = [], {}
        for lead_id, before, after in zip(
            leads._ids,
            zip(*map(change.get_before, PASSAGE_FIELDS), strict=True),
            zip(*(get_plain_values(leads, n) for n in PASSAGE_FIELDS), strict=True),
            strict=True,
        ):
            before = dict(zip(PASSAGE_FIELDS, before, strict=True))
            after = dict(zip(PASSAGE_FIELDS, after, strict=True))
            if before == after or "opportunity" not in (before["type"], after["type"]):
                continue
            if before["type"] == "lead":
                converted.append(lead_id)
            else:
                moved[lead_id] = before, after
        moving = leads.browse(moved)
        # The owner and the amount of a converted lead are still to come.
        return [lead._prepare_move(fresh=True) for lead in leads.browse(converted)] + [
            lead._prepare_move(
                before=before,
                state=after,
                values=values,
                date_closed="date_closed" in change.given and lead.date_closed,
            )
            for lead, (before, after), values in zip(
                moving, moved.values(), moving._prepare_passage_values(), strict=True
            )
        ]
