"""Whom a search is about: what can have a target has it for these only."""

from odoo.fields import Domain
from odoo.orm.domains import DomainAnd

# An open opportunity like any other.
ORDINARY = {
    "active": True,
    "date_hold": False,
    "deal_status": "open",
    "type": "opportunity",
    "won_status": "pending",
}
# Periods have targets of their own.
NEUTRAL = {*ORDINARY, "date_deadline"}


def split_search(model, domain, names):
    """Return the parts of a search that are about these fields alone; None if it is
    about anything else as well, so that no target of theirs is one of the search.

    What any open opportunity passes limits the search to nothing in particular.

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
        if fields <= NEUTRAL and part.map_conditions(_passes).is_true():
            continue
        if not fields <= set(names):
            return None
        found.append(part)
    return found


def get_searched_ids(model, domain, names):
    """Return {field: ids} of a search for records that are named by id; None if it is
    about anything else, such as what is nobody's, or what is named by a text."""
    parts = split_search(model, domain, names)
    if parts is None:
        return None
    found = {}
    for part in parts:
        first, *others = part.iter_conditions()
        name, ids = first.field_expr, first.value
        if (
            others
            or name not in names
            or name in found
            or first.operator != "in"
            or not all(type(each) is int for each in ids)
        ):
            return None
        found[name] = list(ids)
    return found


def _passes(condition):
    """Return whether an ordinary open opportunity passes, as a domain."""
    if condition.field_expr == "date_deadline":
        return Domain.TRUE
    value, operator = ORDINARY.get(condition.field_expr), condition.operator
    if operator == "in":
        return Domain(value in condition.value)
    return Domain(operator == "not in" and value not in condition.value)
