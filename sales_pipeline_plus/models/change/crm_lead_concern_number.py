from odoo import api, models
from odoo.tools import ormcache

from ...tools.numbers import check_numbers


class CrmLeadConcernNumber(models.AbstractModel):
    """Refuses infinite numbers, and what is none, before Odoo fails to round them."""

    _name = "crm.lead.concern.number"
    _inherit = "crm.lead.concern"
    _description = "Numbers of Changing Opportunities"

    @api.model
    @ormcache()
    def _get_watched_fields(self):
        """It follows from the code alone, so it is cached."""
        return {
            name
            for name, field in self.env["crm.lead"]._fields.items()
            if field.type in ("float", "monetary")
        }

    @api.model
    def _get_known_fields(self, affected):
        return set()

    @api.model
    def _complete_create(self, change, vals_list):
        for vals in vals_list:
            check_numbers(self.env["crm.lead"], vals)
        return vals_list

    @api.model
    def _complete_write(self, change, vals):
        check_numbers(change.leads, vals)
        return vals
