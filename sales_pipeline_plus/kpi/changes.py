"""What can become of the pipeline between two weeks: every bar of "What Changed".

A deal goes through the causes in one order, and what is left of the change goes to the
next one:

1. it came: new, woken, reopened or restored, with the values that it has at the end;
2. it was given to another salesperson, team, pipeline or company: it leaves with the
   values of the opening, and comes in with these values too;
3. its expected closing moved into the period asked for, or out of it: likewise;
4. the exchange rates moved: the opening's amount at the rate of the end, less that at
   the rate of the opening;
5. its amount changed: at the rate of the end, and with the probability of the opening;
6. its probability changed: what remains of the weighted amount;
7. it left: won or lost with its last amount and the probability of the opening, else
   with the values of the opening.

So whatever happened to it, its parts add up to its change, and the opening and all bars
to the closing: number, amount and weighted amount.
"""

from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo.tools import LazyTranslate

from .period import Period, get_preset

_lt = LazyTranslate(__name__)


class Kind(NamedTuple):
    """One bar. ``side``: state (the opening and the closing), in, within or out."""

    code: str
    side: str
    label: object
    definition: object


KINDS = (
    Kind(
        "opening",
        "state",
        _lt("Opening"),
        _lt("The open opportunities as the week's snapshot recorded them."),
    ),
    Kind(
        "new",
        "in",
        _lt("New"),
        _lt(
            "Opportunities that began, were entered or were made from a lead since the "
            "opening, with the amount that they have at the end. What came and was won "
            "or lost in between is here and there."
        ),
    ),
    Kind(
        "woken",
        "in",
        _lt("Woken"),
        _lt("Opportunities that were on hold at the opening, and are not any more."),
    ),
    Kind(
        "reopened",
        "in",
        _lt("Reopened"),
        _lt("Opportunities that were won or lost at the opening, and open since."),
    ),
    Kind(
        "restored",
        "in",
        _lt("Restored"),
        _lt(
            "Opportunities that were there before and that the opening does not have: "
            "they were archived or leads again, or nobody recorded them in that week."
        ),
    ),
    Kind(
        "reassigned_in",
        "in",
        _lt("Reassigned In"),
        _lt(
            "Opportunities that came to the salesperson, team, pipeline or company "
            "asked for, with the amount of the opening."
        ),
    ),
    Kind(
        "reassigned_out",
        "out",
        _lt("Reassigned Out"),
        _lt(
            "Opportunities that went from the salesperson, team, pipeline or company "
            "asked for to another one, with the amount of the opening."
        ),
    ),
    Kind(
        "pulled_in",
        "in",
        _lt("Pulled In"),
        _lt(
            "Opportunities whose expected closing was later than the period, or "
            "without a date, and is in it now; with the amount of the opening."
        ),
    ),
    Kind(
        "rolled_in",
        "in",
        _lt("Postponed Into"),
        _lt(
            "Opportunities whose expected closing was before the period and is in it "
            "now; with the amount of the opening."
        ),
    ),
    Kind(
        "pushed_out",
        "out",
        _lt("Pushed Out"),
        _lt(
            "Opportunities whose expected closing was in the period and is later now, "
            "or without a date; with the amount of the opening."
        ),
    ),
    Kind(
        "pulled_out",
        "out",
        _lt("Brought Forward Out"),
        _lt(
            "Opportunities whose expected closing was in the period and is before it "
            "now; with the amount of the opening."
        ),
    ),
    Kind(
        "rates",
        "within",
        _lt("Exchange Rates"),
        _lt(
            "What the same amounts in other currencies are worth more or less at the "
            "rate of the end than at the rate of the opening."
        ),
    ),
    Kind(
        "amount_up",
        "within",
        _lt("Amount Up"),
        _lt(
            "What was added to expected revenues, weighted with the probability of the "
            "opening."
        ),
    ),
    Kind(
        "amount_down",
        "within",
        _lt("Amount Down"),
        _lt(
            "What was taken off expected revenues, weighted with the probability of "
            "the opening."
        ),
    ),
    Kind(
        "probability_up",
        "within",
        _lt("Probability Up"),
        _lt("What higher probabilities add to the weighted amount."),
    ),
    Kind(
        "probability_down",
        "within",
        _lt("Probability Down"),
        _lt("What lower probabilities take off the weighted amount."),
    ),
    Kind(
        "won",
        "out",
        _lt("Closed as Won"),
        _lt(
            "Opportunities that were won, with their last amount at the rate of the "
            "closing date; weighted with the probability of the opening."
        ),
    ),
    Kind(
        "lost",
        "out",
        _lt("Closed as Lost"),
        _lt(
            "Opportunities that were lost, with their last amount at the rate of the "
            "closing date; weighted with the probability of the opening."
        ),
    ),
    Kind(
        "on_hold",
        "out",
        _lt("Put on Hold"),
        _lt("Opportunities that were put on hold since the opening."),
    ),
    Kind(
        "archived",
        "out",
        _lt("Archived"),
        _lt(
            "Opportunities that were archived without being lost, or that nobody "
            "recorded in the week of the closing."
        ),
    ),
    Kind(
        "unqualified",
        "out",
        _lt("Leads Again"),
        _lt("Opportunities that were made leads again."),
    ),
    Kind(
        "merged",
        "out",
        _lt("Merged"),
        _lt(
            "Opportunities that were merged into another one, which keeps its own "
            "amount."
        ),
    ),
    Kind(
        "deleted",
        "out",
        _lt("Deleted"),
        _lt("Opportunities that were deleted, with the amount of the opening."),
    ),
    Kind(
        "closing",
        "state",
        _lt("Closing"),
        _lt(
            "The open opportunities now, or as the snapshot of the other week recorded "
            "them. The opening and all bars add up to it."
        ),
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
NUMBER_OF = {kind.code: number for number, kind in enumerate(KINDS)}
# Ids of the parts of a deal; more than there will ever be.
MOST_KINDS = 64

DECISIONS = [
    f"{when}_{unit}"
    for unit in ("month", "quarter", "year")
    for when in ("last", "this", "next")
]


def get_decision_period(name, today, fiscal_last_month=12):
    """Return the period that a preset of the expected closing means.

    >>> from datetime import date
    >>> get_decision_period("next_quarter", date(2026, 11, 21))
    Period(start=datetime.date(2027, 1, 1), end=datetime.date(2027, 4, 1))
    >>> get_decision_period("this_month", date(2026, 11, 21))
    Period(start=datetime.date(2026, 11, 1), end=datetime.date(2026, 12, 1))
    """
    when, _separator, unit = name.partition("_")
    if when != "next":
        return get_preset(name, today, fiscal_last_month=fiscal_last_month)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    present = get_preset(f"this_{unit}", today, fiscal_last_month=fiscal_last_month)
    return Period(present.end, present.end + relativedelta(months=months))


def get_sign(code):
    """Return how a deal counts in a bar: 1 if it comes, -1 if it leaves, else 0.

    >>> get_sign("new"), get_sign("won"), get_sign("rates"), get_sign("closing")
    (1, -1, 0, 1)
    """
    return {"state": 1, "in": 1, "within": 0, "out": -1}[BY_CODE[code].side]
