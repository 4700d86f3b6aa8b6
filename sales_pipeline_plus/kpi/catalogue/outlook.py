"""The methods that foresee what will come, in words."""

from typing import NamedTuple

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)


class Method(NamedTuple):
    """``records``: what opens behind its number, of ``open_outlook_records``."""

    code: str
    label: object
    definition: object
    records: str


METHODS = (
    Method(
        "stage_window",
        _lt("Share Won by Stage"),
        _lt(
            "For each stage the share of past opportunities that were won within as "
            "many days, times what is open there now. Where a stage has few, its share "
            "goes towards its pipeline's, and that towards the company's."
        ),
        "open",
    ),
    Method(
        "recalibrated",
        _lt("Percentage, Recalibrated"),
        _lt(
            "The percentage that each opportunity has, of Odoo's predictive scoring "
            "where the pipeline uses it, turned into the chance with which past "
            "opportunities of such a percentage were won within as many days."
        ),
        "open",
    ),
    Method(
        "own",
        _lt("Weighted by Own Percentage"),
        _lt(
            "The opportunities with an expected closing by the end of the period, late "
            "ones included, each times its own percentage."
        ),
        "due",
    ),
    Method(
        "stage",
        _lt("Weighted by Stage Percentage"),
        _lt(
            "The opportunities with an expected closing by the end of the period, late "
            "ones included, each times the percentage that its stage has today."
        ),
        "due",
    ),
    Method(
        "last_year",
        _lt("As Last Year"),
        _lt(
            "What was won in as many days a year ago (52 weeks) of the opportunities "
            "that were there as they began, without those deleted since."
        ),
        "last_year",
    ),
)
# What is tried besides the stage
INPUT_LABELS = {
    "age": _lt("Days in the Stage"),
    "postponed": _lt("Expected Closing Put Off"),
    "customer": _lt("Customer Who Bought Before"),
    "source": _lt("Source"),
}
