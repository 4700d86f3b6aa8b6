from math import isfinite

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache


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
            self._check_numbers(vals)
        return vals_list

    @api.model
    def _complete_write(self, change, vals):
        self._check_numbers(vals, change.leads[:1])
        return vals

    @api.model
    def _check_numbers(self, vals, lead=None):
        for fname in self._get_watched_fields() & vals.keys():
            value = vals[fname]
            if isinstance(value, float) and not isfinite(value):
                field = self.env["crm.lead"]._fields[fname]
                raise ValidationError(
                    self.env._(
                        "“%(lead)s”: “%(value)s” is no number for the field "
                        "“%(field)s”. Enter one that is finite.",
                        lead=vals.get("name") or (lead and lead.display_name) or "",
                        value=value,
                        field=field._description_string(self.env),
                    )
                )
