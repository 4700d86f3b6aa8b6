from odoo import api, models
from odoo.tools import ormcache

from ...tools.values import CHECKED, check_values


class CrmLeadConcernValue(models.AbstractModel):
    """Refuses what is no number, no date or no choice, before Odoo fails on it."""

    _name = "crm.lead.concern.value"
    _inherit = "crm.lead.concern"
    _description = "Values of Changing Opportunities"

    @api.model
    @ormcache()
    def _get_watched_fields(self):
        """It follows from the code alone, so it is cached."""
        return {
            name
            for name, field in self.env["crm.lead"]._fields.items()
            if field.type in CHECKED
        }

    @api.model
    def _get_known_fields(self, affected):
        return set()

    @api.model
    def _complete_create(self, change, vals_list):
        for vals in vals_list:
            check_values(self.env["crm.lead"], vals)
        return vals_list

    @api.model
    def _complete_write(self, change, vals):
        check_values(change.leads, vals)
        return vals
