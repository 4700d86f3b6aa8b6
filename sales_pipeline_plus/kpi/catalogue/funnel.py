"""What each number of the funnel and of the cohorts means."""

from typing import NamedTuple

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)


class Number(NamedTuple):
    """``unit``: measure (number or amount, as chosen), percentage or days."""

    code: str
    unit: str
    label: object
    definition: object


FUNNEL = (
    Number(
        "entered",
        "measure",
        _lt("Entered"),
        _lt(
            "The opportunities whose first stay in the pipeline began in the period "
            "and that came to this stage or further: a stage that was skipped counts "
            "as passed, and who moved back was here all the same. Deleted and merged "
            "opportunities count by what was recorded of them. Amounts are those of "
            "today or of the closing, in the currency of the company. Of a shared "
            "opportunity each salesperson who is asked for has one, and of the amount "
            "his share."
        ),
    ),
    Number(
        "moved_on",
        "measure",
        _lt("Moved On"),
        _lt(
            "Of these, the opportunities that came to a later stage of the pipeline or "
            "were won, whatever became of them there."
        ),
    ),
    Number(
        "lost",
        "measure",
        _lt("Lost"),
        _lt("Of these, the opportunities that came no further and are lost."),
    ),
    Number(
        "open",
        "measure",
        _lt("Still There"),
        _lt("Of these, the opportunities that came no further yet and are open."),
    ),
    Number(
        "away",
        "measure",
        _lt("Away"),
        _lt(
            "Of these, the opportunities that came no further and are on hold, "
            "archived, in another pipeline, a lead again, merged into another one or "
            "deleted."
        ),
    ),
    Number(
        "drop_off",
        "percentage",
        _lt("Drop-off"),
        _lt(
            "Of the opportunities that entered the stage, without those still open in "
            "it, the share that did not go further. No data while all are still open."
        ),
    ),
    Number(
        "days",
        "days",
        _lt("Median Days"),
        _lt(
            "The median of the days that these opportunities spent in the stage: all "
            "their stays there together, without the days on hold. Only of those that "
            "have left it."
        ),
    ),
)
COHORTS = _lt(
    "Of the opportunities created in a month, the share that was won by the end of "
    "that month and of the months after it. A month that is not over has no share yet; "
    "without opportunities there is no data. Deleted and merged opportunities count by "
    "what was recorded of them. Of a shared opportunity each salesperson who is asked "
    "for has one, and of the amount his share."
)
