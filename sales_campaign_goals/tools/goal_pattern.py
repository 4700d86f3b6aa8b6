"""Arithmetic of goal patterns, without the ORM and without floats.

How many of each step are needed, from the expected revenue down the tree of steps.
"""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def to_exact(number):
    """Return the number that a float, as Odoo hands them out, was written as.

    >>> to_exact(0.1) == Fraction(1, 10), to_exact(33.33) == Fraction(3333, 100)
    (True, True)
    """
    return Fraction(Decimal(str(number)))


def divide_up(dividend, divisor):
    """Return the quotient of two exact numbers, rounded up to a whole number.

    >>> divide_up(Fraction(7), Fraction(2)), divide_up(Fraction(6), Fraction(2))
    (4, 3)
    """
    return -(-Fraction(dividend) // Fraction(divisor))


def get_needed_won(expected_revenue, average_basket):
    """Return how many opportunities must be won to make the expected revenue.

    >>> get_needed_won(20000, 5000), get_needed_won(20000.01, 5000)
    (4, 5)
    >>> get_needed_won(0.3, 0.1)
    3
    >>> get_needed_won(20000, 0)
    Traceback (most recent call last):
    ...
    ValueError: The average basket must be more than zero, not 0.
    """
    basket = to_exact(average_basket)
    if basket <= 0:
        raise ValueError(
            f"The average basket must be more than zero, not {average_basket}."
        )
    return max(0, divide_up(to_exact(expected_revenue), basket))


def get_needed_under(count, rate):
    """Return how many of a step are needed to get ``count`` of the step above it.

    :param rate: how many percent of this step succeed, above 0 and up to 100

    >>> get_needed_under(4, 20), get_needed_under(4, 50)
    (20, 8)
    >>> get_needed_under(20, 33), get_needed_under(20, 10)
    (61, 200)
    >>> get_needed_under(11, 11), get_needed_under(15, 3)
    (100, 500)
    >>> get_needed_under(4, 0)
    Traceback (most recent call last):
    ...
    ValueError: A rate must be above 0 and up to 100 percent, not 0.
    """
    exact = to_exact(rate)
    if not 0 < exact <= 100:
        raise ValueError(f"A rate must be above 0 and up to 100 percent, not {rate}.")
    return divide_up(Fraction(count) * 100, exact)


def get_needed_in_tree(count, steps):
    """Return ``{step: how many are needed}`` of a tree.

    :param count: how many of the root are needed
    :param steps: ``{step: (parent, rate)}``; the root has the parent None

    >>> steps = {"won": (None, 100), "offer": ("won", 20), "lead": ("offer", 33)}
    >>> get_needed_in_tree(4, steps)
    {'won': 4, 'offer': 20, 'lead': 61}
    """
    needed = {}

    def get_needed(step):
        if step not in needed:
            parent, rate = steps[step]
            needed[step] = (
                count if parent is None else get_needed_under(get_needed(parent), rate)
            )
        return needed[step]

    return {step: get_needed(step) for step in steps}


def get_rate(part, whole, least=20):
    """Return ``part`` of ``whole`` in percent, with two decimals.

    None when there are fewer than ``least``, or when it is no rate of success.

    >>> get_rate(46, 200), get_rate(1, 21), get_rate(2, 3, least=1)
    (23.0, 4.76, 66.67)
    >>> get_rate(5, 19) is None, get_rate(0, 50) is None, get_rate(60, 50) is None
    (True, True, True)
    >>> get_rate(1, 100000) is None
    True
    """
    if whole < max(1, least) or not 0 < part <= whole:
        return None
    rate = Decimal(part) * 100 / Decimal(whole)
    return float(rate.quantize(Decimal("0.01"), ROUND_HALF_UP)) or None
