from odoo import models

from .deal_change import PLAIN_TYPES, get_cached

CACHED_TYPES = PLAIN_TYPES | {"char", "text"}


class CrmLead(models.Model):
    """What Odoo's tracking remembers of opportunities before each write.

    It does so for each record and field. Here the plain values of all are taken from
    the cache at once, and only once in a transaction.
    """

    _inherit = "crm.lead"

    def _track_prepare(self, fields_iter):
        names = self._track_get_fields().intersection(fields_iter)
        known = self.env.cr.precommit.data.get(f"mail.tracking.{self._name}", {})
        if all(names <= (known.get(lead_id) or {}).keys() for lead_id in self._ids):
            return None
        if len(self) == 1:
            return super()._track_prepare(names)
        cached = {name for name in names if self._is_value_cached(name)}
        result = super()._track_prepare(names - cached)
        leads = self.browse(lead_id for lead_id in self._ids if lead_id)
        if not cached or not leads:
            return result
        precommit = self.env.cr.precommit
        precommit.add(self._track_finalize)
        initial = precommit.data.setdefault(f"mail.tracking.{self._name}", {})
        known = [initial.setdefault(lead_id, {}) for lead_id in leads._ids]
        for name in cached:
            # None is of one whose changes nobody is told.
            if all(values is None or name in values for values in known):
                continue
            for values, value in zip(known, leads._get_tracked(name), strict=True):
                if values is not None:
                    values.setdefault(name, value)
        return result

    def _is_value_cached(self, name):
        """Tell whether the cache holds the values of a field as they are."""
        field = self._fields[name]
        return (
            field.store
            and field.type in CACHED_TYPES
            and not field.company_dependent
            and not getattr(field, "translate", False)
        )

    def _get_tracked(self, name):
        """Return the value of a field of each, as ``lead[name]``, in their order."""
        field = self._fields[name]
        values = get_cached(self, field)
        if field.type != "many2one":
            nothing = field.convert_to_record(None, self)
            return [nothing if value is None else value for value in values]
        records = self.env[field.comodel_name].browse(
            dict.fromkeys(value for value in values if value is not None)
        )
        by_id = {record.id: record for record in records}
        by_id[None] = records.browse()
        return [by_id[value] for value in values]
