"""What an opportunity and its main quotation say otherwise about their products."""

from typing import NamedTuple


class Goods(NamedTuple):
    """Of one product: the quantity in the product's own unit, and the amount."""

    quantity: float
    amount: float


def sum_goods(lines):
    """Return {product: :class:`Goods`} of several lines, in their order.

    :param lines: (product, quantity, amount) of each

    >>> sum_goods([("saw", 2, 20.0), ("oil", 1, 5.0), ("saw", 1, 9.0)])
    {'saw': Goods(quantity=3, amount=29.0), 'oil': Goods(quantity=1, amount=5.0)}
    """
    goods = {}
    for product, quantity, amount in lines:
        had = goods.get(product, Goods(0, 0.0))
        goods[product] = Goods(had.quantity + quantity, had.amount + amount)
    return goods


def find_differences(deal, quotation, quantity_rounding, amount_rounding):
    """Return (kind, product, goods of the deal, goods of the quotation) of each
    product that differs: ``missing`` in the quotation, ``added`` there, another
    ``quantity``, another ``amount``.

    >>> find_differences(
    ...     {"saw": Goods(3, 29.0), "oil": Goods(1, 5.0)},
    ...     {"saw": Goods(2, 29.0), "cup": Goods(1, 1.0)}, 0.01, 0.01)
    ... # doctest: +NORMALIZE_WHITESPACE
    [('quantity', 'saw', Goods(quantity=3, amount=29.0),
                         Goods(quantity=2, amount=29.0)),
     ('missing', 'oil', Goods(quantity=1, amount=5.0), None),
     ('added', 'cup', None, Goods(quantity=1, amount=1.0))]
    """
    found = []
    for product in {**deal, **quotation}:
        ours, theirs = deal.get(product), quotation.get(product)
        if theirs is None:
            kind = "missing"
        elif ours is None:
            kind = "added"
        elif abs(ours.quantity - theirs.quantity) >= quantity_rounding / 2:
            kind = "quantity"
        elif abs(ours.amount - theirs.amount) >= amount_rounding / 2:
            kind = "amount"
        else:
            continue
        found.append((kind, product, ours, theirs))
    return found
