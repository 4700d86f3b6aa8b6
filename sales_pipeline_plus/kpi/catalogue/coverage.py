"""Is there enough in the pipeline? The numbers of the answer, and what they mean."""

from typing import NamedTuple

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)


class Measure(NamedTuple):
    """A number of the answer. ``unit``: as of figures, or times, date."""

    code: str
    unit: str
    label: object
    definition: object


MEASURES = (
    Measure(
        "target",
        "amount",
        _lt("Target"),
        _lt(
            "The target of the amount won in the period: set as it is, or else the sum "
            "of its months, teams or salespeople."
        ),
    ),
    Measure(
        "made",
        "amount",
        _lt("Made"),
        _lt("Expected revenue of the opportunities won in the period."),
    ),
    Measure("missing", "amount", _lt("Missing"), _lt("Target less made, at least 0.")),
    Measure(
        "deciding",
        "amount",
        _lt("Open in the Period"),
        _lt(
            "Expected revenue of the open opportunities whose expected closing date is "
            "in the period, late ones included."
        ),
    ),
    Measure(
        "coverage",
        "times",
        _lt("Coverage"),
        _lt("Open in the period / missing. Less than 1 cannot be enough."),
    ),
    Measure(
        "win_rate_amount",
        "percentage",
        _lt("Own Win Rate by Amount"),
        _lt(
            "Amount won / (amount won + amount lost), of the opportunities closed in "
            "the last 12 months. At least 10 of them are needed."
        ),
    ),
    Measure(
        "needed",
        "amount",
        _lt("Pipeline Needed"),
        _lt("Missing / own win rate by amount: what must be open to win it."),
    ),
    Measure(
        "to_create",
        "amount",
        _lt("Still to Create"),
        _lt("Pipeline needed less open in the period, at least 0."),
    ),
    Measure(
        "create_by",
        "date",
        _lt("Create by"),
        _lt(
            "The last day of the period less the sales cycle, the median of the "
            "opportunities won in the last 12 months: what is created later is decided "
            "after the period."
        ),
    ),
    Measure(
        "velocity",
        "amount",
        _lt("Sales Velocity"),
        _lt(
            "What the open opportunities bring in a month of 30 days: their number × "
            "win rate × average basket / sales cycle, as in the last 12 months."
        ),
    ),
)
# What the velocity is made of
LEVERS = {
    "open_count": _lt("A tenth more open opportunities"),
    "win_rate": _lt("A win rate a tenth higher"),
    "average_basket": _lt("An average basket a tenth bigger"),
    "sales_cycle": _lt("A sales cycle a tenth shorter"),
}
