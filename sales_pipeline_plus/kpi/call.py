"""What people said would be won of a period, held against what was. Plain functions.

A call is a figure for a whole month or quarter. It is tried on periods that are over:
what it left to come, as it was stated with as many days left, against what came.

"No data" is None, never 0.

Sources, besides those of ``forecast_arithmetic`` and ``outlook_range``: the median of
the percentage errors, which one bad month does not spoil, R. J. Hyndman and A. B.
Koehler, "Another look at measures of forecast accuracy", International Journal of
Forecasting 22 (2006), 679-688.
"""

from statistics import median
from typing import NamedTuple

from .forecast_arithmetic import get_bias, get_wape
from .outlook_range import FEWEST_ERRORS, get_factor

# Who is judged by fewer periods is judged by chance.
FEWEST_PERIODS = FEWEST_ERRORS


class Trial(NamedTuple):
    """A period that is over.

    ``call``: what was called for the whole of it; ``before``: what was won of it by
    then; ``after``: what was won in the rest.
    """

    call: float
    before: float
    after: float

    @property
    def to_come(self):
        """What the call left to come; what is won already does not come undone.

        >>> Trial(100, 30, 50).to_come, Trial(20, 30, 0).to_come
        (70, 0)
        """
        return max(0, self.call - self.before)


class Test(NamedTuple):
    """How calls did: ``error`` and ``bias`` in percent of what came, ``held`` of
    ``ranges`` past ranges; ``factor``, how many times the call its range reaches to
    both sides, None if the periods are too few."""

    error: float | None
    bias: float | None
    windows: int
    held: int
    ranges: int
    factor: float | None


def hold(trials):
    """Return the :class:`Test` of trials, the oldest first.

    Errors are in units of the call; each range is by the errors of those before.

    >>> hold([Trial(100, 20, 60), Trial(100, 0, 120)])
    Test(error=22.22222222222222, bias=0.0, windows=2, held=0, ranges=0, factor=None)
    >>> hold([Trial(100, 0, 80)] * 5)[2:]
    (5, 1, 1, 0.2)
    """
    trials = list(trials)
    scores, held, ranges = [], 0, 0
    for trial in trials:
        came = trial.before + trial.after
        factor = get_factor(scores)
        if factor is not None:
            low, high = get_call_range(trial, factor)
            ranges += 1
            held += low - 1e-6 <= trial.after <= high + 1e-6
        if trial.call:
            scores.append(abs(came - trial.call) / trial.call)
    pairs = [(trial.to_come, trial.after) for trial in trials]
    return Test(
        get_wape(pairs), get_bias(pairs), len(pairs), held, ranges, get_factor(scores)
    )


def get_call_range(trial, factor):
    """Return (low, high) of what is to come by a call.

    >>> get_call_range(Trial(100, 30, None), 0.25)
    (45.0, 95.0)
    >>> get_call_range(Trial(100, 90, None), 0.25)
    (0, 35.0)
    """
    reach = factor * trial.call
    rest = trial.call - trial.before
    return max(0, rest - reach), max(0, rest + reach)


def get_reliability(calls):
    """Return (median error, bias) in percent of what was won; (None, None) with fewer
    than ``FEWEST_PERIODS`` periods.

    :param calls: iterable of (period, amount called, amount won)

    >>> get_reliability([(1, 120, 100), (2, 80, 100), (3, 100, 100), (4, 150, 100)])
    (20.0, 12.5)
    >>> get_reliability([(1, 120, 100)] * 9)
    (None, None)
    """
    calls = list(calls)
    if len({period for period, _amount, _won in calls}) < FEWEST_PERIODS:
        return None, None
    pairs = [(amount, won) for _period, amount, won in calls]
    errors = [100 * abs(amount - won) / won for amount, won in pairs if won > 0]
    return (median(errors) if errors else None), get_bias(pairs)


class Said(NamedTuple):
    """A call: for a ``team``, or for what a ``user`` of that team sells; ``rank``
    orders those of a week."""

    user: int
    team: object
    is_for_team: bool
    week: object
    rank: int
    amount: float


def get_holding(calls, day):
    """Return those calls for a period that make up its figure on a day.

    Of each author the latest one holds. A team's own call counts instead of those of
    its people; of several for a team, the latest.

    >>> ann = Said(1, "A", False, 1, 1, 10)
    >>> bob, later = Said(2, "A", False, 1, 2, 20), Said(2, "A", False, 3, 5, 25)
    >>> eve = Said(3, "B", False, 1, 3, 40)
    >>> lead = Said(9, "A", True, 2, 4, 33)
    >>> calls = [ann, bob, eve, lead, later]
    >>> [[call.amount for call in get_holding(calls, day)] for day in (0, 1, 2)]
    [[], [10, 20, 40], [40, 33]]
    >>> [call.amount for call in get_holding([ann, bob, later], 3)]
    [10, 25]
    """
    latest = {}
    for call in sorted(calls, key=lambda call: (call.week, call.rank)):
        if call.week <= day:
            key = ("team", call.team) if call.is_for_team else ("user", call.user)
            latest.pop(key, None)
            latest[key] = call
    teams = {call.team for call in latest.values() if call.is_for_team}
    held = [
        call for call in latest.values() if call.is_for_team or call.team not in teams
    ]
    return sorted(held, key=lambda call: call.rank)
