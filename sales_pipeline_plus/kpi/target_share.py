"""Sharing a whole out, so that the shares add up to it exactly."""

from fractions import Fraction


def share_out(units, weights):
    """Return the shares of a whole number of smallest units (cents), by weights.

    By the largest remainder: each share is its exact part rounded down, and the units
    that are left over go to the largest remainders, the first of equal ones first.
    Weights that are all 0 are taken for equal ones.

    :param int units: the whole, not below 0
    :param weights: numbers not below 0, at least one

    >>> share_out(100, [1, 1, 1])
    [34, 33, 33]
    >>> share_out(10, [0, 3, 1]), share_out(7, [0, 0])
    ([0, 8, 2], [4, 3])
    """
    weights = [Fraction(weight) for weight in weights]
    if not any(weights):
        weights = [Fraction(1)] * len(weights)
    whole = sum(weights)
    exact = [units * weight / whole for weight in weights]
    shares = [part.numerator // part.denominator for part in exact]
    by_remainder = sorted(
        range(len(exact)), key=lambda index: (shares[index] - exact[index], index)
    )
    for index in by_remainder[: units - sum(shares)]:
        shares[index] += 1
    return shares
