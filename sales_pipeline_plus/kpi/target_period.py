"""Months, quarters and years of targets. They follow the company's fiscal year."""

from datetime import timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

# From the largest to the smallest
UNITS = {"year": 12, "quarter": 3, "month": 1}
PART_OF = {"year": "quarter", "quarter": "month"}


class Span(NamedTuple):
    """One month, quarter or year of a fiscal year, from its first day."""

    unit: str
    start: object

    @property
    def end(self):
        """The day after the last."""
        return self.start + relativedelta(months=UNITS[self.unit])

    def get_parts(self, unit=None):
        """Return the spans that it consists of, of the next smaller unit or of that.

        >>> from datetime import date
        >>> [part.start.month for part in Span("quarter", date(2026, 4, 1)).get_parts()]
        [4, 5, 6]
        >>> Span("month", date(2026, 4, 1)).get_parts()
        []
        """
        unit = unit or PART_OF.get(self.unit)
        if not unit:
            return []
        count = UNITS[self.unit] // UNITS[unit]
        step = relativedelta(months=UNITS[unit])
        return [Span(unit, self.start + step * number) for number in range(count)]

    def get_wider(self, fiscal_last_month):
        """Return the spans that it is a part of, from the smallest.

        >>> from datetime import date
        >>> [span.start for span in Span("month", date(2026, 5, 1)).get_wider(12)]
        [datetime.date(2026, 4, 1), datetime.date(2026, 1, 1)]
        """
        months = UNITS[self.unit]
        return [
            Span(unit, get_start(self.start, unit, fiscal_last_month))
            for unit in reversed(UNITS)
            if UNITS[unit] > months
        ]


def get_start(day, unit, fiscal_last_month=12):
    """Return the first day of the span that a day lies in.

    >>> from datetime import date
    >>> get_start(date(2026, 5, 31), "quarter")
    datetime.date(2026, 4, 1)
    >>> get_start(date(2026, 5, 31), "year", fiscal_last_month=6)
    datetime.date(2025, 7, 1)
    """
    first_month = fiscal_last_month % 12 + 1
    into = (day.month - first_month) % UNITS[unit]
    return day.replace(day=1) - relativedelta(months=into)


def cut(period, fiscal_last_month=12):
    """Return the fewest spans that make up a period; none if it has a part of a month.

    >>> from datetime import date
    >>> from odoo.addons.sales_pipeline_plus.kpi.period import Period
    >>> [span.unit for span in cut(Period(date(2026, 2, 1), date(2026, 8, 1)))]
    ['month', 'month', 'quarter', 'month']
    >>> cut(Period(date(2026, 1, 1), date(2027, 1, 1)))
    [Span(unit='year', start=datetime.date(2026, 1, 1))]
    >>> cut(Period(date(2026, 1, 5), date(2026, 1, 12)))
    []
    """
    if period.start.day != 1 or period.end.day != 1:
        return []
    spans, day = [], period.start
    while day < period.end:
        span = next(
            span
            for span in (Span(unit, day) for unit in UNITS)
            if span.end <= period.end
            and get_start(day, span.unit, fiscal_last_month) == day
        )
        spans.append(span)
        day = span.end
    return spans


def get_share_of_days(days, period, until):
    """Return which part of the days of a period lies before a day, from 0 to 1.

    :param days: sorted days that count, such as working days; where the period has
        none of them, all of its days count

    >>> from datetime import date
    >>> from odoo.addons.sales_pipeline_plus.kpi.period import Period
    >>> days = [date(2026, 6, day) for day in (1, 2, 3, 4)]
    >>> june = Period(date(2026, 6, 1), date(2026, 7, 1))
    >>> get_share_of_days(days, june, date(2026, 6, 4))
    0.75
    >>> get_share_of_days([], june, date(2026, 6, 16))
    0.5
    """
    if until <= period.start:
        return 0.0
    if until >= period.end:
        return 1.0
    inside = [day for day in days if period.start <= day < period.end]
    if not inside:
        whole = (period.end - period.start).days
        inside = [period.start + timedelta(days=number) for number in range(whole)]
    return sum(day < until for day in inside) / len(inside)
