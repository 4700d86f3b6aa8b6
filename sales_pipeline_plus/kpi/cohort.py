"""Cohorts: of the deals created in a month, the share won by the end of that month and
of each of the months after it."""

from dateutil.relativedelta import relativedelta

from .arithmetic import percentage

# Months of creation, and months after them.
LENGTH = 12


def get_cohort_months(period, today):
    """Return the first days of the months that end with the period's last one, at most
    the present one.

    >>> from datetime import date
    >>> from odoo.addons.sales_pipeline_plus.kpi.period import Period
    >>> months = get_cohort_months(
    ...     Period(date(2026, 1, 1), date(2027, 1, 1)), date(2026, 3, 10)
    ... )
    >>> months[0], months[-1], len(months)
    (datetime.date(2025, 4, 1), datetime.date(2026, 3, 1), 12)
    """
    last = min(period.end - relativedelta(days=1), max(today, period.start))
    first = last.replace(day=1) - relativedelta(months=LENGTH - 1)
    return [first + relativedelta(months=number) for number in range(LENGTH)]


def get_end(month, after):
    """Return the day after the last one of the month that comes ``after`` months later.

    >>> from datetime import date
    >>> get_end(date(2026, 11, 1), 1)
    datetime.date(2027, 1, 1)
    """
    return month + relativedelta(months=after + 1)


def build_cohort(month, today, created, won):
    """Return the cells of a month of creation: None where that month is not over yet.

    :param created: (count, amount) of the deals created
    :param won: {months after: (count, amount)} of those won then

    >>> from datetime import date
    >>> cells = build_cohort(
    ...     date(2026, 1, 1), date(2026, 3, 9), (4, 400.0), {0: (1, 50.0), 1: (1, 50.0)}
    ... )
    >>> cells[1]["count"], cells[1]["count_share"], cells[1]["amount_share"]
    (2, 50.0, 25.0)
    >>> cells[2] is None, len(cells)
    (True, 12)
    """
    cells, count, amount = [], 0, 0
    for after in range(LENGTH):
        of_month = won.get(after, (0, 0))
        count, amount = count + of_month[0], amount + of_month[1]
        cells.append(
            {
                "count": count,
                "amount": amount,
                "count_share": percentage(count, created[0]),
                "amount_share": percentage(amount, created[1]),
            }
            if get_end(month, after) <= today
            else None
        )
    return cells
