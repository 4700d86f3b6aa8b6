"""What one figure is, and the groups of figures."""

from collections.abc import Callable
from typing import NamedTuple

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

GROUPS = {
    "created": _lt("Opportunities Created"),
    "closed": _lt("Won and Lost"),
    "pipeline": _lt("Pipeline"),
    "stages": _lt("Stages"),
    "effort": _lt("Effort and Cost"),
}


class Kpi(NamedTuple):
    """One figure.

    ``unit``: count, amount, percentage (0-100), days or hours. ``better``: higher,
    lower or neutral. ``formula`` takes ``facts`` in their order, each a number or None
    for "no data". ``records``: what opens behind the figure.
    """

    code: str
    group: str
    unit: str
    better: str
    facts: tuple[str, ...]
    formula: Callable
    records: str
    label: object
    definition: object


def same(value):
    return value
