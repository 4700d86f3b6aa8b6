from odoo import fields


class LazyReference(fields.Many2oneReference):
    """A reference that is added to the one2many of its document only where that is in
    the cache.

    Odoo asks the domain of each such field, for each new record, and only then finds
    that there is nothing to add to: a quarter of the time of planning for many.
    """

    def _update_inverses(self, records, value):
        env = records.env
        inverses = env.registry.field_inverses[self]
        if any(value in inverse._get_cache(env) for inverse in inverses):
            return super()._update_inverses(records, value)
        return None
