"""Opportunities won and lost in the period."""

from odoo.tools import LazyTranslate

from ..arithmetic import percentage, ratio
from .kpi import Kpi, same

_lt = LazyTranslate(__name__)

CLOSED = (
    Kpi(
        "won_count",
        "closed",
        "count",
        "higher",
        ("won_count",),
        same,
        "won",
        _lt("Opportunities Won"),
        _lt(
            "Opportunities won with a closing date in the period. Deleted ones no "
            "longer count."
        ),
    ),
    Kpi(
        "won_amount",
        "closed",
        "amount",
        "higher",
        ("won_amount",),
        same,
        "won",
        _lt("Amount Won"),
        _lt(
            "Expected revenue of the opportunities won in the period, in the currency "
            "of your company. Each is converted at the rate of its closing date."
        ),
    ),
    Kpi(
        "won_after_hold_count",
        "closed",
        "count",
        "higher",
        ("won_after_hold_count",),
        same,
        "won_after_hold",
        _lt("Won after a Hold"),
        _lt(
            "Opportunities won with a closing date in the period that had been on hold "
            "at least once, however long ago."
        ),
    ),
    Kpi(
        "lost_count",
        "closed",
        "count",
        "lower",
        ("lost_count",),
        same,
        "lost",
        _lt("Opportunities Lost"),
        _lt(
            "Opportunities lost with a closing date in the period. Odoo archives lost "
            "opportunities; they count here. Deleted ones no longer count."
        ),
    ),
    Kpi(
        "lost_amount",
        "closed",
        "amount",
        "lower",
        ("lost_amount",),
        same,
        "lost",
        _lt("Amount Lost"),
        _lt(
            "Expected revenue of the opportunities lost in the period, in the currency "
            "of your company. Each is converted at the rate of its closing date."
        ),
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
        same,
        "won",
        _lt("Sales Cycle"),
        _lt(
            "Days from start date to closing date of the opportunities won in the "
            "period, by the calendar of your company; the median, which a single very "
            "long one does not move."
        ),
    ),
    Kpi(
        "salesperson_spread",
        "closed",
        "percentage",
        "lower",
        ("won_spread",),
        same,
        "won",
        _lt("Spread between Salespeople"),
        _lt(
            "How far the salespeople's amounts won in the period lie apart: their "
            "standard deviation divided by their mean. 0 % if all won the same; two "
            "who won 5,000 and 15,000 give 50 %. Who won and lost nothing is left out. "
            "Also by month and quarter."
        ),
    ),
    Kpi(
        "new_customer_count",
        "closed",
        "count",
        "higher",
        ("new_customer_count",),
        same,
        "new_customer",
        _lt("New Customers"),
        _lt(
            "Companies whose first won opportunity has its closing date in the period. "
            "The contacts of a company are one customer."
        ),
    ),
    Kpi(
        "invoiced_amount",
        "closed",
        "amount",
        "higher",
        ("invoiced_amount",),
        same,
        "invoice",
        _lt("Amount Invoiced"),
        _lt(
            "Untaxed amount of the customers' invoices that are paid or in payment, "
            "less credit notes, by their accounting date: what Odoo holds against the "
            "invoicing target of a sales team. No data with a filter or a breakdown "
            "that invoices do not have."
        ),
    ),
)
