"""Rates, means and changes of figures. ``None`` is "no data", which is never 0."""

from math import sqrt


def ratio(part, whole):
    """Return ``part / whole``; None if either is missing or there is no whole.

    >>> ratio(3, 4)
    0.75
    >>> ratio(0, 4)
    0.0
    >>> ratio(0, 0) is None, ratio(None, 2) is None
    (True, True)
    """
    if part is None or not whole:
        return None
    return part / whole


def percentage(part, whole):
    """Return the part as a percentage of the whole, 0-100.

    >>> percentage(3, 4)
    75.0
    >>> percentage(1, 0) is None
    True
    """
    share = ratio(part, whole)
    return None if share is None else 100 * share


def total(*parts):
    """Add what is known; None if nothing is.

    >>> total(1, None, 2), total(None, None) is None
    (3, True)
    """
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def change(value, comparison):
    """Return the change against the comparison in percent of it.

    None where there is nothing to compare with: a rise from 0 has no percentage.

    >>> change(15, 10), change(5, -10), change(5, 0) is None
    (50.0, 150.0, True)
    """
    if value is None or not comparison:
        return None
    return 100 * (value - comparison) / abs(comparison)


def difference(value, comparison):
    """Return the difference of two percentages in points.

    >>> difference(35.0, 30.0), difference(None, 30.0) is None
    (5.0, True)
    """
    if value is None or comparison is None:
        return None
    return value - comparison


def spread(values):
    """Return how far values lie apart: the coefficient of variation, in percent.

    The standard deviation of the whole population over its mean. One value has no
    spread, nor have values whose mean is 0.

    >>> spread([10, 10, 10]), spread([5, 15])
    (0.0, 50.0)
    >>> spread([7]) is None, spread([0, 0]) is None, spread([]) is None
    (True, True, True)
    """
    if len(values) < 2:
        return None
    mean = sum(values) / len(values)
    if not mean:
        return None
    variance = sum((value - mean) ** 2 for value in values) / len(values)
    return 100 * sqrt(variance) / abs(mean)
