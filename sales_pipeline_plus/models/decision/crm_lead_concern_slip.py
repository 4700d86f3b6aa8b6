from collections import defaultdict

from odoo import fields, models

COUNTED = frozenset({"first_decision_date", "last_decision_date"})


class CrmLeadConcernSlip(models.AbstractModel):
    """Counts how often and how far the expected closing date is put off."""

    _name = "crm.lead.concern.slip"
    _inherit = "crm.lead.concern"
    _description = "Slips of Changing Opportunities"

    def _get_watched_fields(self):
        return {"date_deadline"}

    def _get_known_fields(self, affected):
        # The first date may still be to be computed: from the one before the change.
        return COUNTED | self._get_watched_fields()

    def _complete_create(self, change, vals_list):
        """Of what began before it was here nobody knows how it slipped until then."""
        return [
            {**vals, "is_slip_unknown": True} if self._began_before(vals) else vals
            for vals in vals_list
        ]

    def _began_before(self, vals):
        start = fields.Datetime.to_datetime(vals.get("date_start"))
        company = self.env.company
        return start and company._get_day(start) < company._get_day(self.env.cr.now())

    def _record(self, change):
        if change.is_creation or COUNTED & change.given:
            return
        changes = defaultdict(list)
        moved = change.get_changed("date_deadline").sudo()
        for lead_id, slip in zip(moved._ids, moved._list_slips(), strict=True):
            if slip:
                changes[tuple(slip.items())].append(lead_id)
        for slip, lead_ids in changes.items():
            change.leads.browse(lead_ids)._write_facts(dict(slip))
