"""The pipeline as it stands, and its forecasts."""

from odoo.tools import LazyTranslate

from ..arithmetic import percentage, ratio
from .kpi import Kpi, same

_lt = LazyTranslate(__name__)

PIPELINE = (
    Kpi(
        "open_count",
        "pipeline",
        "count",
        "neutral",
        ("open_count",),
        same,
        "open",
        _lt("Open Opportunities"),
        _lt(
            "Opportunities neither won nor lost nor archived nor on hold: now while "
            "the period runs, else as the weekly snapshot recorded them in the last "
            "week of the period."
        ),
    ),
    Kpi(
        "pipeline_amount",
        "pipeline",
        "amount",
        "higher",
        ("open_amount",),
        same,
        "open",
        _lt("Pipeline Amount"),
        _lt(
            "Expected revenue of the open opportunities, in the currency of your "
            "company at today's rate, or at that of the week in the past."
        ),
    ),
    Kpi(
        "weighted_amount",
        "pipeline",
        "amount",
        "higher",
        ("open_weighted",),
        same,
        "open",
        _lt("Weighted Pipeline"),
        _lt(
            "Expected revenue times probability of the open opportunities, in the "
            "currency of your company at today's rate, or at that of the week in the "
            "past."
        ),
    ),
    Kpi(
        "late_count",
        "pipeline",
        "count",
        "lower",
        ("late_count",),
        same,
        "late",
        _lt("Late"),
        _lt("Open opportunities whose expected closing date has passed."),
    ),
    Kpi(
        "late_amount",
        "pipeline",
        "amount",
        "lower",
        ("late_amount",),
        same,
        "late",
        _lt("Amount Late"),
        _lt(
            "Expected revenue of the open opportunities whose expected closing date "
            "has passed."
        ),
    ),
    Kpi(
        "no_action_count",
        "pipeline",
        "count",
        "lower",
        ("no_action_count",),
        same,
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
        same,
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
        same,
        "postponed",
        _lt("Postponed"),
        _lt(
            "Open opportunities whose expected closing date was put off at least once."
        ),
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
            "Days from the first expected closing date to the present one, on average "
            "of the open opportunities that have a date. Dates brought forward count "
            "as less than zero. Left out is what began before it was here, unless an "
            "imported history tells its dates."
        ),
    ),
    Kpi(
        "hold_count",
        "pipeline",
        "count",
        "neutral",
        ("hold_count",),
        same,
        "hold",
        _lt("Put on Hold"),
        _lt(
            "How many times an opportunity was put on hold in the period: one that "
            "slept twice counts twice. Another wake-up date for one that is on hold "
            "does not count."
        ),
    ),
    Kpi(
        "woken_count",
        "pipeline",
        "count",
        "neutral",
        ("woken_count",),
        same,
        "woken",
        _lt("Woken"),
        _lt(
            "How many times an opportunity woke up in the period: on its date, by hand "
            "or by a move to another stage. One that was won or lost while it was on "
            "hold does not count."
        ),
    ),
    Kpi(
        "on_hold_count",
        "pipeline",
        "count",
        "neutral",
        ("on_hold_count",),
        same,
        "on_hold",
        _lt("On Hold"),
        _lt(
            "Opportunities that are on hold now, while the period runs; no data of a "
            "past one. They are in none of the figures of the open opportunities."
        ),
    ),
    Kpi(
        "on_hold_amount",
        "pipeline",
        "amount",
        "neutral",
        ("on_hold_amount",),
        same,
        "on_hold",
        _lt("Amount on Hold"),
        _lt(
            "Expected revenue of the opportunities that are on hold now, in the "
            "currency of your company at today's rate. It is no part of the pipeline "
            "amount."
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
            "whole; no data if one of them has no weekly snapshot of then, or none of "
            "a company that won something in it. Forecast "
            "and result are converted at the rate of the last day of the month."
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
)
