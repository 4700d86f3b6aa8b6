"""What figures can be broken down by."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

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
    "product": _lt("Product"),
    "customer": _lt("Customer"),
    "country": _lt("Country"),
    "lost_reason": _lt("Lost Reason"),
}
