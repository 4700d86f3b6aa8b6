"""What a change of opportunities is, as plain values: the state before it, and who
concerns itself with it.
"""

# What moves an opportunity when somebody gives it.
PLACE_FIELDS = frozenset({"active", "pipeline_id", "stage_id", "type"})
# Types of fields whose cached values are plain.
PLAIN_TYPES = frozenset(
    {
        "boolean",
        "date",
        "datetime",
        "float",
        "integer",
        "many2one",
        "monetary",
        "selection",
    }
)


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


def get_plain_values(records, name):
    """Return :func:`get_plain` of each of many records, in their order.

    What is in the cache is taken from there at once, without a record for each value.
    """
    if name == "won_status":
        return records._get_won_statuses()
    field = records._fields[name]
    if not field.store or field.type not in PLAIN_TYPES:
        return [get_plain(record, name) for record in records]
    values = get_cached(records, field)
    if None not in values:
        return values
    nothing = field.type != "many2one" and field.convert_to_record(None, records)
    return [nothing if value is None else value for value in values]


def get_cached(records, field):
    """Return the values of a stored field as the cache holds them, once it is computed
    or read where it was not."""
    env = records.env
    if env.transaction.tocompute.get(field):
        field.recompute(records)
    cache = field._get_cache(env)
    try:
        return list(map(cache.__getitem__, records._ids))
    except KeyError:
        # Read, with those that are read along.
        records.mapped(field.name)
        return list(map(cache.__getitem__, records._ids))


class DealChange:
    """A creation, a write or a computation, of a batch of opportunities at once.

    - ``leads``: with the rights of who changes them; created ones once they are there
    - ``above``: the same leads above these rights
    - ``given``: names of the fields that were given values; empty when they were
      computed by themselves
    - ``vals_list``: of a creation, the values that it was called with, else None
    - ``notes``: what a concern wants to remember from its completing of the values on
    """

    def __init__(self, leads, given=(), vals_list=None):
        self.set_leads(leads)
        self.given = frozenset(given)
        self.vals_list = vals_list
        # The opportunities were not there before.
        self.is_creation = vals_list is not None
        self.notes = {}
        self._before = {}

    def set_leads(self, leads):
        """Say whose change it is: once they are created, or known to have changed."""
        self.leads, self.above = leads, leads.sudo()

    @property
    def is_chosen(self):
        """Tell whether who made the change gave the place, and not something from which
        it was computed."""
        return self.is_creation or bool(PLACE_FIELDS & self.given)

    def remember(self, names):
        """Take down these fields' values as they are before the change.

        Read above the rules: the write itself refuses what is not allowed.
        """
        known = [self._before.setdefault(lead_id, {}) for lead_id in self.leads._ids]
        for name in names:
            values = get_plain_values(self.above, name)
            for before, value in zip(known, values, strict=True):
                before.setdefault(name, value)

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

    def get_before(self, name):
        """Return :meth:`before` of each opportunity, in their order."""
        if self.is_creation:
            return [None] * len(self.leads)
        known = [self._before.get(lead_id, {}) for lead_id in self.leads._ids]
        if all(name in before for before in known):
            return [before[name] for before in known]
        present = get_plain_values(self.above, name)
        return [
            before.get(name, value)
            for before, value in zip(known, present, strict=True)
        ]

    def has_changed(self, lead, *names):
        """Tell whether one of these fields differs from what it was."""
        lead = lead.sudo()
        known = self._before.get(lead.id, {})
        return self.is_creation or any(
            name in known and known[name] != get_plain(lead, name) for name in names
        )

    def get_changed(self, *names):
        """Return the opportunities of which one of these fields has changed."""
        if self.is_creation:
            return self.leads
        changed = set()
        for name in names:
            changed.update(self._get_changed_ids(name, changed))
        if len(changed) == len(self.leads):
            return self.leads
        return self.leads.filtered(lambda lead: lead.id in changed)

    def _get_changed_ids(self, name, known_ids):
        """Return those that differ in a field, besides those known to have changed: to
        read a field may compute it, and what is not asked for is not read."""
        befores = {
            lead_id: before[name]
            for lead_id in self.leads._ids
            if lead_id not in known_ids
            and name in (before := self._before.get(lead_id, {}))
        }
        present = get_plain_values(self.above.browse(befores), name)
        return [
            lead_id
            for (lead_id, before), value in zip(befores.items(), present, strict=True)
            if before != value
        ]
