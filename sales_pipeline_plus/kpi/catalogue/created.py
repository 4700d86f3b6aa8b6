"""Opportunities created in the period."""

from odoo.tools import LazyTranslate

from ..arithmetic import percentage
from .kpi import Kpi, same

_lt = LazyTranslate(__name__)

CREATED = (
    Kpi(
        "created_count",
        "created",
        "count",
        "higher",
        ("created_count",),
        same,
        "created",
        _lt("Opportunities Created"),
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
        same,
        "created",
        _lt("Amount Created"),
        _lt(
            "Expected revenue of the opportunities created in the period, in the "
            "currency of your company. Each is converted at the rate of its closing "
            "date, or today's while it is open."
        ),
    ),
    Kpi(
        "created_marketing_count",
        "created",
        "count",
        "higher",
        ("marketing_count",),
        same,
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
)
