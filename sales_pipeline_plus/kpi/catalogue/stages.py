"""Stays in the stages of a pipeline."""

from odoo.tools import LazyTranslate

from ..arithmetic import percentage
from .kpi import Kpi, same

_lt = LazyTranslate(__name__)

STAGES = (
    Kpi(
        "stage_stays",
        "stages",
        "count",
        "neutral",
        ("stay_count",),
        same,
        "stay",
        _lt("Passages"),
        _lt("Stays in a stage that ended in the period, however they ended."),
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
        same,
        "stay",
        _lt("Days in Stage"),
        _lt("Days of the stays in a stage that ended in the period; the median."),
    ),
)
