"""Periods of figures: from a first day to the day after the last."""

from datetime import date, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta


class Period(NamedTuple):
    """Days from ``start`` to before ``end``."""

    start: date
    end: date


def _get_months(period):
    """Return how many whole calendar months the period is, 0 if it is not.

    >>> _get_months(Period(date(2026, 11, 1), date(2027, 2, 1)))
    3
    >>> _get_months(Period(date(2026, 11, 2), date(2026, 12, 2)))
    0
    """
    if period.start.day != 1 or period.end.day != 1:
        return 0
    return (period.end.year - period.start.year) * 12 + (
        period.end.month - period.start.month
    )


def get_preset(name, today, week_start=1, fiscal_last_month=12):
    """Return the period that a preset means.

    :param today: the user's date
    :param week_start: first day of the user's week, 1 (Monday) to 7
    :param fiscal_last_month: last month of the company's fiscal year, 1-12

    >>> get_preset("last_month", date(2026, 1, 15))
    Period(start=datetime.date(2025, 12, 1), end=datetime.date(2026, 1, 1))
    >>> get_preset("this_quarter", date(2026, 11, 21))
    Period(start=datetime.date(2026, 10, 1), end=datetime.date(2027, 1, 1))
    >>> get_preset("this_year", date(2026, 4, 1), fiscal_last_month=6)
    Period(start=datetime.date(2025, 7, 1), end=datetime.date(2026, 7, 1))
    >>> get_preset("this_quarter", date(2026, 4, 1), fiscal_last_month=1)
    Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 5, 1))
    >>> get_preset("this_week", date(2026, 11, 21))
    Period(start=datetime.date(2026, 11, 16), end=datetime.date(2026, 11, 23))
    >>> get_preset("this_week", date(2026, 11, 21), week_start=7)
    Period(start=datetime.date(2026, 11, 15), end=datetime.date(2026, 11, 22))
    """
    when, _separator, unit = name.partition("_")
    if unit == "week":
        start = today - timedelta(days=(today.isoweekday() - week_start) % 7)
        step = relativedelta(weeks=1)
    else:
        length = {"month": 1, "quarter": 3, "year": 12}[unit]
        first_month = fiscal_last_month % 12 + 1
        into = (today.month - first_month) % length
        start = today.replace(day=1) - relativedelta(months=into)
        step = relativedelta(months=length)
    if when == "last":
        start -= step
    return Period(start, start + step)


def get_previous(period):
    """Return the period of the same length just before.

    >>> get_previous(Period(date(2026, 3, 1), date(2026, 4, 1)))
    Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 3, 1))
    >>> get_previous(Period(date(2026, 3, 2), date(2026, 3, 9)))
    Period(start=datetime.date(2026, 2, 23), end=datetime.date(2026, 3, 2))
    """
    months = _get_months(period)
    if months:
        return Period(period.start - relativedelta(months=months), period.start)
    return Period(period.start - (period.end - period.start), period.start)


def get_year_before(period):
    """Return the same period a year earlier.

    >>> get_year_before(Period(date(2024, 2, 1), date(2024, 3, 1)))
    Period(start=datetime.date(2023, 2, 1), end=datetime.date(2023, 3, 1))
    """
    year = relativedelta(years=1)
    return Period(period.start - year, period.end - year)


def get_comparison(period, kind, today):
    """Return what the period is compared with, None without comparison.

    A period that is still running is compared with as many days of the other one:
    half a month against a whole one would always look like a fall.

    :param kind: ``previous``, ``last_year`` or ``none``

    >>> get_comparison(
    ...     Period(date(2026, 11, 1), date(2026, 12, 1)), "previous", date(2026, 11, 21)
    ... )
    Period(start=datetime.date(2026, 10, 1), end=datetime.date(2026, 10, 22))
    >>> get_comparison(
    ...     Period(date(2026, 3, 1), date(2026, 4, 1)), "previous", date(2026, 3, 31)
    ... )
    Period(start=datetime.date(2026, 2, 1), end=datetime.date(2026, 3, 1))
    """
    if kind == "none":
        return None
    other = get_previous(period) if kind == "previous" else get_year_before(period)
    if period.start <= today < period.end:
        elapsed = today + timedelta(days=1) - period.start
        if today + timedelta(days=1) < period.end:
            other = Period(other.start, min(other.start + elapsed, other.end))
    return other


def get_trend(period, today, count=12):
    """Return the periods of a trend line that ends with the period, oldest first.

    Months for a month and longer, else periods of the same length.

    >>> [p.start.month for p in get_trend(
    ...     Period(date(2026, 10, 1), date(2027, 1, 1)), date(2026, 11, 21), 3)]
    [9, 10, 11]
    """
    if (period.end - period.start).days >= 28:
        last = min(period.end - timedelta(days=1), max(today, period.start))
        start = last.replace(day=1)
        current = Period(start, start + relativedelta(months=1))
    else:
        current = period
    periods = [current]
    while len(periods) < count:
        periods.append(get_previous(periods[-1]))
    return periods[::-1]
