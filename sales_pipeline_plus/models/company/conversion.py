"""From several currencies into one, each amount at its own day."""

from bisect import bisect_right
from dataclasses import dataclass

from odoo.tools import SQL


def get_rate(own, shared, day):
    """Return the rate of a currency on a day, as Odoo chooses it.

    The company's own latest one up to that day, else the latest one for all companies,
    else the first of either that came later; 1 without any.

    :param own: [(day, rate)] of the company, sorted
    :param shared: [(day, rate)] of no company, sorted

    >>> get_rate([(3, 30.0), (5, 50.0)], [(1, 10.0)], 4)
    30.0
    >>> get_rate([(3, 30.0)], [(1, 10.0)], 2), get_rate([(3, 30.0)], [], 2)
    (10.0, 30.0)
    >>> get_rate([], [], 2)
    1.0
    """
    for rates in (own, shared):
        number = bisect_right(rates, day, key=lambda each: each[0])
        if number:
            return rates[number - 1][1]
    return next((rates[0][1] for rates in (own, shared) if rates), 1.0)


@dataclass(frozen=True)
class Steps:
    """A factor that changes on certain days.

    ``factors`` has one more than ``days``: the first is the one before all of them.

    >>> steps = Steps((3, 5), (0.5, 2.0, 4.0))
    >>> [steps.get_factor(day) for day in (1, 3, 4, 5, 9)]
    [0.5, 2.0, 2.0, 4.0, 4.0]
    """

    days: tuple
    factors: tuple

    def get_factor(self, day):
        return self.factors[bisect_right(self.days, day)]

    @classmethod
    def between(cls, source, target):
        """Return the steps from one currency to another.

        :param source: (own, shared) rates, see :func:`get_rate`
        :param target: likewise

        >>> Steps.between(([(3, 2.0)], []), ([], [(5, 3.0)]))
        Steps(days=(3, 5), factors=(1.5, 1.5, 1.5))
        """
        days = sorted({day for rates in (*source, *target) for day, _rate in rates})
        # Before the first day the rates are those of that day.
        moments = [*days[:1], *days] or [None]
        return cls(
            tuple(days),
            tuple(get_rate(*target, day) / get_rate(*source, day) for day in moments),
        )


@dataclass(frozen=True)
class Conversion:
    """Amounts of companies in one currency.

    ``steps`` is {company id: :class:`Steps`} of those with another currency; what is
    not in it is not converted. Each amount is rounded to ``rounding`` by itself, so
    that parts always add up to their whole.
    """

    steps: dict
    rounding: float

    def convert(self, amount, company_id, day):
        """Return one amount, to be rounded by the currency."""
        steps = self.steps.get(company_id)
        return amount * steps.get_factor(day) if steps else amount

    def get_sql(self, amount, company, day):
        """Return the SQL of a converted and rounded amount.

        :param amount: SQL of the amount
        :param company: SQL of the id of its company; NULL is not converted
        :param day: SQL of the date whose rate counts, never NULL
        """
        # Amounts of no company may have cents where the currency has none.
        own = self.get_rounded_sql(amount) if self.rounding > 0.01 else amount
        if not self.steps:
            return own
        factor = self.get_factor_sql(company, day)
        return SQL(
            "CASE WHEN %s IN %s THEN %s ELSE %s END",
            company,
            tuple(self.steps),
            self.get_rounded_sql(SQL("%s * %s", amount, factor)),
            own,
        )

    def get_units_sql(self, amount):
        """Return the SQL of an amount as a whole number of smallest units (cents)."""
        return SQL("round((%s)::numeric / %s)", amount, self.rounding)

    def get_rounded_sql(self, amount):
        """Return the SQL of a rounded amount."""
        return SQL("%s * %s", self.get_units_sql(amount), self.rounding)

    def get_factor_sql(self, company, day):
        """Return the SQL of the factor of a company's amounts on a day."""
        companies_of = {}
        for company_id, steps in self.steps.items():
            companies_of.setdefault(steps, []).append(company_id)
        if not companies_of:
            return SQL("1::float8")
        cases = [
            SQL(
                "WHEN %s IN %s THEN (%s::float8[])[width_bucket(%s, %s::date[]) + 1]",
                company,
                tuple(company_ids),
                list(steps.factors),
                day,
                list(steps.days),
            )
            for steps, company_ids in companies_of.items()
        ]
        return SQL("CASE %s ELSE 1 END", SQL(" ").join(cases))
