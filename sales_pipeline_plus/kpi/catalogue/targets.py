"""Which figures can have a target, and how it behaves."""

from .kpi import Kpi

# What adds up over time and over people. All others are levels: a rate, a mean or a
# state holds for each part of its period, and is the sum of nothing.
SUMS = frozenset(
    (
        "created_count",
        "created_amount",
        "created_marketing_count",
        "created_sales_count",
        "won_count",
        "won_amount",
        "won_after_hold_count",
        "lost_count",
        "lost_amount",
        "new_customer_count",
        "stage_stays",
        "activity_count",
        "meeting_count",
        "quotation_count",
        "quotation_amount",
        "effort_hours",
        "invoiced_amount",
    )
)


def can_have_target(kpi: Kpi):
    """Whether one way is better: there is no target for what is neither."""
    return kpi.better != "neutral" or kpi.code in SUMS


def is_limit(kpi: Kpi):
    """Whether the target is a most, not a least."""
    return kpi.better == "lower"
