"""What a change of opportunities is, as plain values: the state before it, and who
concerns itself with it.
"""

# What moves an opportunity when somebody gives it.
PLACE_FIELDS = frozenset({"active", "pipeline_id", "stage_id", "type"})


def get_plain(record, name):
    """Return a field's value of a record without the record: ids for relations."""
    if name == "won_status":
        return record._get_won_status()
    value = record[name]
    kind = record._fields[name].type
    if kind in ("many2one", "many2one_reference"):
        return value.id if kind == "many2one" else value
    if kind in ("many2many", "one2many"):
        return value._ids
    return value


class DealChange:
    """A creation, a write or a computation, of a batch of opportunities at once.

    - ``leads``: with the rights of who changes them; created ones once they are there
    - ``given``: names of the fields that were given values; empty when they were
      computed by themselves
    - ``vals_list``: of a creation, the values that it was called with, else None
    - ``notes``: what a concern wants to remember from its completing of the values on
    """

    def __init__(self, leads, given=(), vals_list=None):
        self.leads = leads
        self.given = frozenset(given)
        self.vals_list = vals_list
        self.notes = {}
        self._before = {}

    @property
    def is_chosen(self):
        """Tell whether who made the change gave the place, and not something from which
        it was computed."""
        return self.is_creation or bool(PLACE_FIELDS & self.given)

    @property
    def is_creation(self):
        """Tell whether the opportunities were not there before."""
        return self.vals_list is not None

    def remember(self, names):
        """Take down these fields' values as they are before the change.

        Read above the rules: the write itself refuses what is not allowed.
        """
        for lead in self.leads.sudo():
            known = self._before.setdefault(lead.id, {})
            for name in names:
                if name not in known:
                    known[name] = get_plain(lead, name)

    def keep(self, lead_id, values):
        """Take down values that are known to be those before the change."""
        self._before[lead_id] = {**values, **self._before.get(lead_id, {})}

    def before(self, lead, name):
        """Return a plain value as it was; None for a created one.

        What was not taken down did not change.
        """
        if self.is_creation:
            return None
        known = self._before.get(lead.id, {})
        return known[name] if name in known else get_plain(lead.sudo(), name)

    def has_changed(self, lead, *names):
        """Tell whether one of these fields differs from what it was."""
        lead = lead.sudo()
        known = self._before.get(lead.id, {})
        return self.is_creation or any(
            name in known and known[name] != get_plain(lead, name) for name in names
        )

    def get_changed(self, *names):
        """Return the opportunities of which one of these fields has changed."""
        changed = self.leads.sudo().filtered(
            lambda lead: self.has_changed(lead, *names)
        )
        return changed.with_env(self.leads.env)
