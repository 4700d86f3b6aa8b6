"""Weeks, months and quarters of decision dates, as plain dates and without any record.

A week begins on the language's first day of the week (1 Monday to 7 Sunday). A quarter
is three whole calendar months; ``shift`` (0 to 2) is how many months the quarters of
the fiscal year are behind those of the calendar: a year that ends in January has
quarters from February, so 1.
"""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

GRANULARITIES = ("week", "month", "quarter")
STEPS = {
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
}
# In order of time, and of precedence: the week may go on into the next month.
BUCKETS = (
    "late",
    "this_week",
    "this_month",
    "next_month",
    "this_quarter",
    "later",
    "none",
)
# The groups of what is before and after the periods, as the dates that stand for them.
LATE = date.min
LATER = date.max


def get_start(day, granularity, week_start=1, shift=0):
    """Return the first day of the period of ``day``.

    >>> get_start(date(2027, 1, 3), "week")
    datetime.date(2026, 12, 28)
    >>> get_start(date(2027, 1, 3), "week", week_start=7)
    datetime.date(2027, 1, 3)
    >>> get_start(date(2026, 12, 31), "month")
    datetime.date(2026, 12, 1)
    >>> get_start(date(2026, 12, 31), "quarter")
    datetime.date(2026, 10, 1)
    >>> get_start(date(2026, 1, 31), "quarter", shift=1)
    datetime.date(2025, 11, 1)
    """
    if granularity == "week":
        return day - timedelta(days=(day.isoweekday() - week_start) % 7)
    first = day.replace(day=1)
    if granularity == "month":
        return first
    return first - relativedelta(months=(day.month - 1 - shift) % 3)


def get_next(start, granularity, count=1):
    """Return the first day of the period that is ``count`` periods later.

    >>> get_next(date(2026, 11, 1), "quarter", 2)
    datetime.date(2027, 5, 1)
    """
    return start + STEPS[granularity] * count


def move(day, start, granularity, today, week_start=1, shift=0):
    """Return the same day in the period that begins on ``start``.

    The same weekday of a week, the same day of a month or else its last one, the same
    month and day of a quarter. Never before ``today``. Without a day, the last one of
    the period is taken.

    >>> today = date(2026, 1, 5)
    >>> move(date(2026, 1, 31), date(2026, 2, 1), "month", today)
    datetime.date(2026, 2, 28)
    >>> move(date(2026, 12, 30), date(2027, 1, 4), "week", today)
    datetime.date(2027, 1, 6)
    >>> move(date(2026, 8, 31), date(2026, 10, 1), "quarter", today)
    datetime.date(2026, 11, 30)
    >>> move(None, date(2026, 2, 1), "month", today)
    datetime.date(2026, 2, 28)
    >>> move(date(2026, 3, 2), date(2026, 1, 1), "month", today)
    datetime.date(2026, 1, 5)
    """
    last = get_next(start, granularity) - timedelta(days=1)
    if not day:
        return max(last, today)
    old_start = get_start(day, granularity, week_start, shift)
    if granularity == "week":
        moved = start + (day - old_start)
    else:
        months = (day.year - old_start.year) * 12 + day.month - old_start.month
        moved = start + relativedelta(months=months, day=day.day)
    return max(min(moved, last), today)


def get_bucket_ends(today, week_start=1, shift=0):
    """Return ``[(bucket, first day after it)]`` for the buckets with an end.

    >>> for bucket, end in get_bucket_ends(date(2026, 12, 30)):
    ...     print(bucket, end)
    late 2026-12-30
    this_week 2027-01-04
    this_month 2027-01-04
    next_month 2027-02-01
    this_quarter 2027-02-01
    """
    month = get_start(today, "month")
    ends = (
        today,
        get_next(get_start(today, "week", week_start), "week"),
        get_next(month, "month"),
        get_next(month, "month", 2),
        get_next(get_start(today, "quarter", shift=shift), "quarter"),
    )
    result, reached = [], today
    for bucket, end in zip(BUCKETS, ends, strict=False):
        reached = max(reached, end)
        result.append((bucket, reached))
    return result


def get_bucket(day, ends):
    """Return the bucket of a day, given the result of :func:`get_bucket_ends`.

    >>> get_bucket(date(2027, 1, 31), get_bucket_ends(date(2026, 12, 30)))
    'next_month'
    """
    if not day:
        return "none"
    return next((bucket for bucket, end in ends if day < end), "later")
