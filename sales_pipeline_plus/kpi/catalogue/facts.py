"""What is counted, and by which query."""

# What is counted, by the query that counts it. Sums of nothing are 0.
FACTS = {
    "created": (
        "created_count",
        "created_amount",
        "marketing_count",
        "created_won_count",
    ),
    "closed": (
        "won_count",
        "won_amount",
        "won_after_hold_count",
        "lost_count",
        "lost_amount",
    ),
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
    "hold": ("hold_count", "woken_count"),
    "on_hold": ("on_hold_count", "on_hold_amount"),
    "stay": ("stay_count", "stay_forward_count"),
    "activity": ("activity_count", "activity_hours"),
    "unanswered_call": ("unanswered_call_count",),
    "meeting": ("meeting_count", "meeting_hours"),
    "quotation": ("quotation_count", "quotation_amount"),
    "invoice": ("invoiced_amount",),
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
SOURCE_OF = {
    fact: source
    for facts in (FACTS, MEDIANS)
    for source, names in facts.items()
    for fact in names
}
