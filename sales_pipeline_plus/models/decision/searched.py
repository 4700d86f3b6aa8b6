"""Whom a search is about: what can have a target has it for these only."""

from odoo.orm.domains import DomainAnd

# What limits a search to open deals and periods, and to nobody's in particular.
NEUTRAL = {
    "active",
    "date_deadline",
    "date_hold",
    "deal_status",
    "decision_bucket",
    "type",
    "won_status",
}


def split_search(model, domain, names):
    """Return the parts of a search that are about these fields alone; None if it is
    about anything else as well, so that no target of theirs is one of the search.

    :param Domain domain: a search of this model
    :param names: names of fields
    """
    domain = domain.optimize(model)
    if domain.is_false():
        return None
    parts = domain.children if isinstance(domain, DomainAnd) else [domain]
    found = []
    for part in parts:
        fields = {
            condition.field_expr.split(".")[0] for condition in part.iter_conditions()
        }
        if fields <= NEUTRAL:
            continue
        if not fields <= set(names):
            return None
        found.append(part)
    return found
