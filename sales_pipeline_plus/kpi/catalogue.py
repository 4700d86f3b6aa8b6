"""Every figure, named once: what it is called, means, and is computed from.

Page, workbook, digest and other programs read this catalogue and the engine
``crm.kpi``; none of them computes a figure of its own.
"""

from collections.abc import Callable
from typing import NamedTuple

from odoo.tools import LazyTranslate

from .arithmetic import percentage, ratio, total

_lt = LazyTranslate(__name__)

# What is counted, by the query that counts it. Sums of nothing are 0.
FACTS = {
    "created": (
        "created_count",
        "created_amount",
        "marketing_count",
        "created_won_count",
    ),
    "closed": ("won_count", "won_amount", "lost_count", "lost_amount"),
    "customer": ("new_customer_count",),
    "open": (
        "open_count",
        "open_amount",
        "open_weighted",
        "late_count",
        "late_amount",
        "no_action_count",
        "out_of_standard_count",
        "postponed_count",
        "dated_count",
        "slipped_days",
    ),
    "stay": ("stay_count", "stay_forward_count"),
    "activity": ("activity_count", "activity_hours"),
    "meeting": ("meeting_count", "meeting_hours"),
    "quotation": ("quotation_count", "quotation_amount"),
    "cost": ("campaign_cost",),
}
# Medians and the like: of nothing they are no data, and they cannot be added up.
MEDIANS = {
    "closed": ("cycle_days",),
    "stay": ("stay_days",),
    "spread": ("won_spread",),
    "reliability": (
        "forecast_absolute_error",
        "forecast_deviation",
        "forecast_actual",
    ),
}
AMOUNTS = {
    "created_amount",
    "won_amount",
    "lost_amount",
    "open_amount",
    "open_weighted",
    "late_amount",
    "quotation_amount",
    "campaign_cost",
}
SOURCE_OF = {
    fact: source
    for facts in (FACTS, MEDIANS)
    for source, names in facts.items()
    for fact in names
}

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


def _same(value):
    return value


def _cost_of_customer(hours, meeting_hours, campaign_cost, customers, hourly_cost):
    if campaign_cost is None:
        return None
    spent = total(hours, meeting_hours)
    cost = (spent or 0) * hourly_cost + campaign_cost
    return ratio(cost, customers) if cost else None


# The company's setting, given to the formula as a fact.
HOURLY_COST = "hourly_cost"

KPIS = (
    Kpi(
        "created_count",
        "created",
        "count",
        "higher",
        ("created_count",),
        _same,
        "created",
        _lt("Created"),
        _lt(
            "Opportunities whose start date is in the period, whatever became of them: "
            "won and lost ones count too. Two opportunities of the same name are two."
        ),
    ),
    Kpi(
        "created_amount",
        "created",
        "amount",
        "higher",
        ("created_amount",),
        _same,
        "created",
        _lt("Amount Created"),
        _lt("Expected revenue of the opportunities created in the period."),
    ),
    Kpi(
        "created_marketing_count",
        "created",
        "count",
        "higher",
        ("marketing_count",),
        _same,
        "created_marketing",
        _lt("Created by Marketing"),
        _lt(
            "Opportunities created in the period that carry a campaign, a source or a "
            "medium: marketing brought them."
        ),
    ),
    Kpi(
        "created_sales_count",
        "created",
        "count",
        "higher",
        ("created_count", "marketing_count"),
        lambda created, marketing: created - marketing,
        "created_sales",
        _lt("Created by Sales"),
        _lt(
            "Opportunities created in the period without a campaign, a source or a "
            "medium: the salesperson found them."
        ),
    ),
    Kpi(
        "created_to_won",
        "created",
        "percentage",
        "higher",
        ("created_won_count", "created_count"),
        percentage,
        "created",
        _lt("Created to Won"),
        _lt(
            "Of the opportunities created in the period, those that are won by now. "
            "Young ones still have their chance: the figure of a recent period rises."
        ),
    ),
    Kpi(
        "won_count",
        "closed",
        "count",
        "higher",
        ("won_count",),
        _same,
        "won",
        _lt("Won"),
        _lt("Opportunities won with a closing date in the period."),
    ),
    Kpi(
        "won_amount",
        "closed",
        "amount",
        "higher",
        ("won_amount",),
        _same,
        "won",
        _lt("Amount Won"),
        _lt("Expected revenue of the opportunities won in the period."),
    ),
    Kpi(
        "lost_count",
        "closed",
        "count",
        "lower",
        ("lost_count",),
        _same,
        "lost",
        _lt("Lost"),
        _lt(
            "Opportunities lost with a closing date in the period. Odoo archives lost "
            "opportunities; they count here."
        ),
    ),
    Kpi(
        "lost_amount",
        "closed",
        "amount",
        "lower",
        ("lost_amount",),
        _same,
        "lost",
        _lt("Amount Lost"),
        _lt("Expected revenue of the opportunities lost in the period."),
    ),
    Kpi(
        "win_rate",
        "closed",
        "percentage",
        "higher",
        ("won_count", "lost_count"),
        lambda won, lost: percentage(won, won + lost),
        "closed",
        _lt("Win Rate"),
        _lt(
            "Won / (won + lost), by closing date in the period. Open opportunities do "
            "not count. 3 won and 9 lost give 25 %."
        ),
    ),
    Kpi(
        "win_rate_amount",
        "closed",
        "percentage",
        "higher",
        ("won_amount", "lost_amount"),
        lambda won, lost: percentage(won, won + lost),
        "closed",
        _lt("Win Rate by Amount"),
        _lt("Amount won / (amount won + amount lost), by closing date in the period."),
    ),
    Kpi(
        "average_basket",
        "closed",
        "amount",
        "higher",
        ("won_amount", "won_count"),
        ratio,
        "won",
        _lt("Average Basket"),
        _lt("Amount won divided by the number of opportunities won in the period."),
    ),
    Kpi(
        "sales_cycle",
        "closed",
        "days",
        "lower",
        ("cycle_days",),
        _same,
        "won",
        _lt("Sales Cycle"),
        _lt(
            "Days from start date to closing date of the opportunities won in the "
            "period; the median, which a single very long one does not move."
        ),
    ),
    Kpi(
        "salesperson_spread",
        "closed",
        "percentage",
        "lower",
        ("won_spread",),
        _same,
        "won",
        _lt("Spread between Salespeople"),
        _lt(
            "How far the salespeople's amounts won in the period lie apart: their "
            "standard deviation divided by their mean. 0 % if all won the same; two "
            "who won 5,000 and 15,000 give 50 %. Who won and lost nothing is left out."
        ),
    ),
    Kpi(
        "new_customer_count",
        "closed",
        "count",
        "higher",
        ("new_customer_count",),
        _same,
        "new_customer",
        _lt("New Customers"),
        _lt(
            "Companies whose first won opportunity has its closing date in the period. "
            "The contacts of a company are one customer."
        ),
    ),
    Kpi(
        "open_count",
        "pipeline",
        "count",
        "neutral",
        ("open_count",),
        _same,
        "open",
        _lt("Open Opportunities"),
        _lt(
            "Opportunities neither won nor lost: now while the period runs, else as "
            "the weekly snapshot recorded them in the last week of the period."
        ),
    ),
    Kpi(
        "pipeline_amount",
        "pipeline",
        "amount",
        "higher",
        ("open_amount",),
        _same,
        "open",
        _lt("Pipeline"),
        _lt("Expected revenue of the open opportunities."),
    ),
    Kpi(
        "weighted_amount",
        "pipeline",
        "amount",
        "higher",
        ("open_weighted",),
        _same,
        "open",
        _lt("Weighted Pipeline"),
        _lt("Expected revenue times probability of the open opportunities."),
    ),
    Kpi(
        "late_count",
        "pipeline",
        "count",
        "lower",
        ("late_count",),
        _same,
        "late",
        _lt("Late"),
        _lt("Open opportunities whose decision date has passed."),
    ),
    Kpi(
        "late_amount",
        "pipeline",
        "amount",
        "lower",
        ("late_amount",),
        _same,
        "late",
        _lt("Amount Late"),
        _lt("Expected revenue of the open opportunities whose decision date passed."),
    ),
    Kpi(
        "no_action_count",
        "pipeline",
        "count",
        "lower",
        ("no_action_count",),
        _same,
        "no_action",
        _lt("Without Next Action"),
        _lt(
            "Open opportunities for which neither an activity nor a meeting is planned."
        ),
    ),
    Kpi(
        "out_of_standard_count",
        "pipeline",
        "count",
        "lower",
        ("out_of_standard_count",),
        _same,
        "out_of_standard",
        _lt("Out of Standard"),
        _lt("Open opportunities that stay in their stage for longer than allowed."),
    ),
    Kpi(
        "postponed_count",
        "pipeline",
        "count",
        "lower",
        ("postponed_count",),
        _same,
        "postponed",
        _lt("Postponed"),
        _lt("Open opportunities whose decision date was put off at least once."),
    ),
    Kpi(
        "slip_days",
        "pipeline",
        "days",
        "lower",
        ("slipped_days", "dated_count"),
        ratio,
        "dated",
        _lt("Days Slipped"),
        _lt(
            "Days from the first decision date to the present one, on average of the "
            "open opportunities that have a date. Dates brought forward count as less "
            "than zero."
        ),
    ),
    Kpi(
        "forecast_error",
        "pipeline",
        "percentage",
        "lower",
        ("forecast_absolute_error", "forecast_actual"),
        percentage,
        "reliability",
        _lt("Forecast Error"),
        _lt(
            "How far the weighted forecasts made four weeks before each month of the "
            "period were from what was won: the sum of the deviations without their "
            "sign over the sum won (WAPE). Months that are over, in the period as a "
            "whole."
        ),
    ),
    Kpi(
        "forecast_bias",
        "pipeline",
        "percentage",
        "neutral",
        ("forecast_deviation", "forecast_actual"),
        percentage,
        "reliability",
        _lt("Forecast Bias"),
        _lt(
            "The same with their sign: positive when too much was forecast, negative "
            "when too little."
        ),
    ),
    Kpi(
        "stage_conversion",
        "stages",
        "percentage",
        "higher",
        ("stay_forward_count", "stay_count"),
        percentage,
        "stay",
        _lt("Stage Conversion"),
        _lt(
            "Of the stays in a stage that ended in the period, those that went on to a "
            "later stage or were won."
        ),
    ),
    Kpi(
        "stage_days",
        "stages",
        "days",
        "lower",
        ("stay_days",),
        _same,
        "stay",
        _lt("Days in Stage"),
        _lt("Days of the stays in a stage that ended in the period; the median."),
    ),
    Kpi(
        "activity_count",
        "effort",
        "count",
        "neutral",
        ("activity_count",),
        _same,
        "activity",
        _lt("Activities Done"),
        _lt("Activities of leads and opportunities marked as done in the period."),
    ),
    Kpi(
        "meeting_count",
        "effort",
        "count",
        "higher",
        ("meeting_count",),
        _same,
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
        _same,
        "quotation",
        _lt("Quotations"),
        _lt(
            "Quotations of opportunities, made in the period, that were sent or "
            "confirmed."
        ),
    ),
    Kpi(
        "quotation_amount",
        "effort",
        "amount",
        "higher",
        ("quotation_amount",),
        _same,
        "quotation",
        _lt("Amount Quoted"),
        _lt(
            "Untaxed amount of the quotations made in the period that were sent or "
            "confirmed, each converted at its own date into its company's currency."
        ),
    ),
    Kpi(
        "effort_hours",
        "effort",
        "hours",
        "neutral",
        ("activity_hours", "meeting_hours"),
        total,
        "activity",
        _lt("Hours of Effort"),
        _lt(
            "Hours of the meetings held, and of the activities done with the time that "
            "their type takes."
        ),
    ),
    Kpi(
        "hours_per_meeting",
        "effort",
        "hours",
        "lower",
        ("activity_hours", "meeting_hours", "meeting_count"),
        lambda activity, meeting, count: ratio(total(activity, meeting), count),
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
        lambda activity, meeting, count: ratio(total(activity, meeting), count),
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
        lambda activity, meeting, count: ratio(total(activity, meeting), count),
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
BY_CODE = {kpi.code: kpi for kpi in KPIS}

BREAKDOWNS = {
    "salesperson": _lt("Salesperson"),
    "team": _lt("Sales Team"),
    "pipeline": _lt("Pipeline"),
    "stage": _lt("Stage"),
    "month": _lt("Month"),
    "quarter": _lt("Quarter"),
    "customer_type": _lt("Customer Type"),
    "origin": _lt("Origin"),
    "product_category": _lt("Product Category"),
    "lost_reason": _lt("Lost Reason"),
}
