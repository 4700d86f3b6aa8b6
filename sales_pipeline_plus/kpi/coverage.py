"""Is there enough in the pipeline? Plain functions; None is "no data".

Amounts are in one currency, rates in percent, times in days.
"""

from datetime import timedelta
from math import ceil

# Fewer closed opportunities tell no win rate.
FEWEST_CLOSED = 10
# What a lever is moved by, to see what it does
LEVER = 0.1
DAYS_PER_MONTH = 30
# In days; a sale that is made at once counts as one of a day.
SHORTEST_CYCLE = 1


def get_missing(target, made):
    """Return what is missing to the target, at least 0.

    >>> get_missing(100, 30), get_missing(100, 120), get_missing(None, 30) is None
    (70, 0, True)
    """
    return None if target is None else max(target - (made or 0), 0)


def get_coverage(deciding, missing):
    """Return how many times what is open covers what is missing.

    >>> get_coverage(150, 100), get_coverage(150, 0) is None
    (1.5, True)
    """
    return deciding / missing if missing else None


def get_needed(missing, win_rate):
    """Return the pipeline that it takes to win what is missing.

    >>> get_needed(100, 25), get_needed(0, 25), get_needed(100, 0) is None
    (400.0, 0.0, True)
    """
    if missing is None or not win_rate:
        return None
    return missing / (win_rate / 100)


def get_to_create(needed, deciding):
    """Return what is still to be created of the pipeline needed.

    >>> get_to_create(400, 150), get_to_create(100, 150), get_to_create(None, 1) is None
    (250, 0, True)
    """
    return None if needed is None else max(needed - deciding, 0)


def get_count(amount, basket):
    """Return how many opportunities of an average basket an amount takes.

    >>> get_count(250, 100), get_count(0, 100), get_count(250, None) is None
    (3, 0, True)
    """
    if amount is None or not basket:
        return None
    # A hair above a whole number is no further opportunity.
    return ceil(round(amount / basket, 6))


def get_last_day_to_create(last_day, cycle):
    """Return the day by which an opportunity is to be created, so that it is decided
    by the last day if it takes as long as others did.

    >>> from datetime import date
    >>> get_last_day_to_create(date(2026, 12, 31), 30.5)
    datetime.date(2026, 11, 30)
    """
    return None if cycle is None else last_day - timedelta(days=ceil(cycle))


def get_velocity(open_count, win_rate, basket, cycle):
    """Return the amount that the pipeline brings in a month of 30 days.

    Open opportunities times win rate times average basket, by the days of a sales
    cycle. A cycle of less than a day counts as one.

    >>> get_velocity(40, 25, 9000, 90)
    30000.0
    >>> get_velocity(40, None, 9000, 90) is None
    True
    """
    if None in (open_count, win_rate, basket, cycle):
        return None
    return (
        open_count
        * win_rate
        / 100
        * basket
        / max(cycle, SHORTEST_CYCLE)
        * DAYS_PER_MONTH
    )


def get_levers(open_count, win_rate, basket, cycle):
    """Return {lever: velocity} with each of the four a tenth better, the others as
    they are.

    >>> levers = get_levers(40, 25, 9000, 90)
    >>> {name: round(value) for name, value in levers.items()}
    {'open_count': 33000, 'win_rate': 33000, 'average_basket': 33000, \
'sales_cycle': 33333}
    """
    more = 1 + LEVER
    return {
        "open_count": get_velocity(open_count * more, win_rate, basket, cycle),
        "win_rate": get_velocity(open_count, min(win_rate * more, 100), basket, cycle),
        "average_basket": get_velocity(open_count, win_rate, basket * more, cycle),
        "sales_cycle": get_velocity(open_count, win_rate, basket, cycle * (1 - LEVER)),
    }
