"""What was done, and what it cost."""

from odoo.tools import LazyTranslate

from ..arithmetic import ratio, total
from .kpi import Kpi, same

_lt = LazyTranslate(__name__)

# The company's setting, given to the formula as a fact.
HOURLY_COST = "hourly_cost"


def _get_hours(activity_hours, meeting_hours):
    """Return the hours of effort; none recorded is no data."""
    return total(activity_hours, meeting_hours) or None


def _get_hours_per(activity_hours, meeting_hours, count):
    return ratio(_get_hours(activity_hours, meeting_hours), count)


def _cost_of_customer(hours, meeting_hours, campaign_cost, customers, hourly_cost):
    if campaign_cost is None:
        return None
    spent = total(hours, meeting_hours)
    cost = (spent or 0) * hourly_cost + campaign_cost
    return ratio(cost, customers) if cost else None


EFFORT = (
    Kpi(
        "activity_count",
        "effort",
        "count",
        "neutral",
        ("activity_count",),
        same,
        "activity",
        _lt("Activities Done"),
        _lt("Activities of leads and opportunities marked as done in the period."),
    ),
    Kpi(
        "unanswered_call_count",
        "effort",
        "count",
        "neutral",
        ("unanswered_call_count",),
        same,
        "unanswered_call",
        _lt("Calls Without an Answer"),
        _lt(
            "Calls about opportunities in the period that nobody answered, each time "
            "that one was made. They are no activities done, no contacts, and take no "
            "hours."
        ),
    ),
    Kpi(
        "meeting_count",
        "effort",
        "count",
        "higher",
        ("meeting_count",),
        same,
        "meeting",
        _lt("Meetings"),
        _lt("Meetings of opportunities that began in the period, up to now."),
    ),
    Kpi(
        "quotation_count",
        "effort",
        "count",
        "higher",
        ("quotation_count",),
        same,
        "quotation",
        _lt("Quotations"),
        _lt(
            "Quotations of opportunities that were sent or confirmed, by the date of "
            "sending in the period, or by the order date where that is not known."
        ),
    ),
    Kpi(
        "quotation_amount",
        "effort",
        "amount",
        "higher",
        ("quotation_amount",),
        same,
        "quotation",
        _lt("Amount Quoted"),
        _lt(
            "Untaxed amount of the quotations of the period that were sent or "
            "confirmed, each converted at its order date into the currency of your "
            "company."
        ),
    ),
    Kpi(
        "effort_hours",
        "effort",
        "hours",
        "neutral",
        ("activity_hours", "meeting_hours"),
        _get_hours,
        "activity",
        _lt("Hours of Effort"),
        _lt(
            "Hours of the meetings held, and of the activities done with the time that "
            "their type takes. No data if no hours were recorded."
        ),
    ),
    Kpi(
        "hours_per_meeting",
        "effort",
        "hours",
        "lower",
        ("activity_hours", "meeting_hours", "meeting_count"),
        _get_hours_per,
        "meeting",
        _lt("Hours per Meeting"),
        _lt("Hours of effort divided by the meetings of the period."),
    ),
    Kpi(
        "hours_per_quotation",
        "effort",
        "hours",
        "lower",
        ("activity_hours", "meeting_hours", "quotation_count"),
        _get_hours_per,
        "quotation",
        _lt("Hours per Quotation"),
        _lt("Hours of effort divided by the quotations of the period."),
    ),
    Kpi(
        "hours_per_won",
        "effort",
        "hours",
        "lower",
        ("activity_hours", "meeting_hours", "won_count"),
        _get_hours_per,
        "won",
        _lt("Hours per Signature"),
        _lt("Hours of effort divided by the opportunities won in the period."),
    ),
    Kpi(
        "acquisition_cost",
        "effort",
        "amount",
        "lower",
        (
            "activity_hours",
            "meeting_hours",
            "campaign_cost",
            "new_customer_count",
            HOURLY_COST,
        ),
        _cost_of_customer,
        "new_customer",
        _lt("Customer Acquisition Cost"),
        _lt(
            "Hours of effort at the hourly cost of the settings, and the costs of the "
            "campaigns, divided by the new customers of the period. No data without "
            "any cost."
        ),
    ),
)
