"""Arithmetic of goals, without the ORM: pace, state, percentage and exact shares."""

from bisect import bisect_left, bisect_right
from datetime import timedelta
from fractions import Fraction
from math import ceil, floor


def list_working_days(first, last, is_off=None):
    """Return the working days from ``first`` to ``last``, both included.

    :param is_off: tells whether a day is off; by default Saturdays and Sundays are.

    >>> from datetime import date
    >>> len(list_working_days(date(2026, 3, 2), date(2026, 3, 15)))
    10
    >>> list_working_days(date(2026, 3, 7), date(2026, 3, 8))
    []
    """
    if is_off is None:
        is_off = _is_weekend
    days = (first + timedelta(number) for number in range((last - first).days + 1))
    return [day for day in days if not is_off(day)]


def _is_weekend(day):
    return day.weekday() >= 5


def get_elapsed_share(working_days, first, last, today):
    """Return which share of the time from ``first`` to ``last`` has gone by at the end
    of ``today``, in working days, from 0 to 1.

    A period without a working day, such as a trade show on a week-end, is counted in
    calendar days.

    :param working_days: sorted working days, of this period at least

    >>> from datetime import date
    >>> monday, friday = date(2026, 3, 2), date(2026, 3, 6)
    >>> days = list_working_days(monday, friday)
    >>> get_elapsed_share(days, monday, friday, date(2026, 3, 1))
    0.0
    >>> get_elapsed_share(days, monday, friday, monday)
    0.2
    >>> get_elapsed_share(days, monday, friday, date(2026, 4, 1))
    1.0
    >>> saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
    >>> get_elapsed_share([], saturday, sunday, saturday)
    0.5
    """
    if today < first:
        return 0.0
    if today >= last:
        return 1.0
    start = bisect_left(working_days, first)
    total = bisect_right(working_days, last) - start
    if not total:
        return ((today - first).days + 1) / ((last - first).days + 1)
    return (bisect_right(working_days, today) - start) / total


def get_expected(target, share, is_whole=True, is_ceiling=False):
    """Return what should be there when this share of the time has gone by; what is
    counted one by one is whole.

    >>> get_expected(5, 0.5)
    2.0
    >>> get_expected(5, 0.6)
    3.0
    >>> get_expected(5, 0.5, is_ceiling=True)
    3.0
    >>> get_expected(5, 0.5, is_whole=False)
    2.5
    """
    expected = target * share
    if not is_whole:
        return expected
    return float(ceil(expected - 1e-9) if is_ceiling else floor(expected + 1e-9))


def get_percentage(current, target):
    """Return how much of the target is there, 0 to 100 and more; never below 0.

    >>> get_percentage(12, 50)
    24.0
    >>> get_percentage(60, 50)
    120.0
    >>> get_percentage(-5, 50)
    0.0
    >>> get_percentage(3, 0)
    0.0
    """
    return max(0.0, 100.0 * current / target) if target > 0 else 0.0


def get_state(current, target, expected, is_over, is_whole=True, is_ceiling=False):
    """Return the state of a goal: on_track, behind, reached or missed.

    What is counted one by one is behind only when a whole one is missing.

    :param expected: what should be there by the end of today
    :param is_over: the deadline has passed
    :param is_whole: things are counted, not an amount
    :param is_ceiling: the target is not to be exceeded

    >>> get_state(5, 5, 1, False)
    'reached'
    >>> get_state(2, 5, 2.9, False)
    'on_track'
    >>> get_state(2, 5, 3.0, False)
    'behind'
    >>> get_state(2.5, 5, 2.9, False, is_whole=False)
    'behind'
    >>> get_state(4, 5, 5, True)
    'missed'
    >>> get_state(2, 5, 1.5, False, is_ceiling=True)
    'on_track'
    >>> get_state(3, 5, 1.5, False, is_ceiling=True)
    'behind'
    >>> get_state(6, 5, 1.5, False, is_ceiling=True)
    'missed'
    >>> get_state(5, 5, 5, True, is_ceiling=True)
    'reached'
    """
    if is_ceiling:
        if current > target:
            return "missed"
        if is_over:
            return "reached"
        allowed = ceil(expected - 1e-9) if is_whole else expected
        return "behind" if current > allowed else "on_track"
    if current >= target:
        return "reached"
    if is_over:
        return "missed"
    needed = floor(expected + 1e-9) if is_whole else expected
    return "behind" if current < needed else "on_track"


def split_exactly(total, weights, digits=0):
    """Share ``total`` out by these weights so that the shares add up to it exactly.

    Each share has ``digits`` decimals; the largest remainders get the units left over.

    >>> split_exactly(50, [1, 1, 1])
    [17.0, 17.0, 16.0]
    >>> split_exactly(100, [1, 1, 1], 2)
    [33.34, 33.33, 33.33]
    >>> split_exactly(10, [2, 1, 1])
    [5.0, 3.0, 2.0]
    >>> split_exactly(10, [0, 0])
    [5.0, 5.0]
    >>> split_exactly(10, [])
    []
    """
    if not weights:
        return []
    if not any(weights):
        weights = [1] * len(weights)
    scale = 10**digits
    units = round(total * scale)
    whole = sum(map(Fraction, weights))
    exact = [units * Fraction(weight) / whole for weight in weights]
    shares = [floor(share) for share in exact]
    by_remainder = sorted(
        range(len(weights)), key=lambda rank: (shares[rank] - exact[rank], rank)
    )
    for rank in by_remainder[: units - sum(shares)]:
        shares[rank] += 1
    return [share / scale for share in shares]
