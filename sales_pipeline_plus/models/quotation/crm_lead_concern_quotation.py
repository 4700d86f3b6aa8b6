from odoo import models

from ..change.deal_change import get_plain_values
from .crm_lead_quotation import SOURCE_FIELDS, TAKE_OVER


class CrmLeadConcernQuotation(models.AbstractModel):
    """Whose the amount and the date of an opportunity are: its main quotation's, or
    somebody's own; and what makes it look at its main quotation again."""

    _name = "crm.lead.concern.quotation"
    _inherit = "crm.lead.concern"
    _description = "Main Quotation of Changing Opportunities"

    def _get_watched_fields(self):
        return {
            *SOURCE_FIELDS,
            "active",
            "chosen_quotation_id",
            "pipeline_id",
            "type",
            "won_status",
        }

    def _record(self, change):
        if change.is_creation:
            return
        policies = self.env["crm.pipeline"]._get_quotation_policies()
        for name, source in SOURCE_FIELDS.items():
            self._record_source(change, name, source, policies)
        if not policies:
            return
        looking = change.get_changed(*(self._get_watched_fields() - {*SOURCE_FIELDS}))
        looking._filter_led()._look_at_quotations()
        closed = change.get_changed("won_status").sudo()
        closed.filtered(lambda lead: not lead._is_pending())._withdraw_won_offers()

    def _record_source(self, change, name, source, policies):
        """Note who gave a value; no note is needed where nothing could take it."""
        if change.leads._is_internal(TAKE_OVER):
            taken = change.above if name in change.given else change.above.browse()
            self._write_source(taken, source, "quotation")
            return
        own = change.get_changed(name).sudo()
        if not own:
            return
        columns = (get_plain_values(own, n) for n in (source, name, "pipeline_id"))
        taken_ids = [
            lead_id
            for lead_id, known, value, pipeline_id in zip(
                own._ids, *columns, strict=True
            )
            if known == "quotation" or (not value and pipeline_id in policies)
        ]
        self._write_source(own.browse(taken_ids), source, "own")

    def _write_source(self, leads, source, value):
        leads = leads.filtered(lambda lead: lead[source] != value)
        if leads:
            leads._write_facts({source: value})
