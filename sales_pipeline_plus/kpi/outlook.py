"""What will come of the open deals within a window, by several methods, each held
against the past. Plain functions, without any record.

The past is a list of :class:`Past`, the oldest first: windows as long as the one asked
for, none of which overlaps another, each with the deals that were open as it began. So
a deal counts once for each window that it was open in, and every window is one trial.

A method forecasts a past window from what was known as it began: from the windows that
were over by then. "No data" is None, never 0.

Sources, besides those of ``forecast_arithmetic``, ``outlook_range`` and
``recalibration``:

- Forecasting each past window from those before it (rolling origin): L. J. Tashman,
  "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16
  (2000), 437-450.
- Half a success and half a failure where nothing else is known (Jeffreys): L. D. Brown,
  T. T. Cai and A. DasGupta, "Interval estimation for a binomial proportion",
  Statistical Science 16 (2001), 101-133.
"""

from collections import defaultdict
from datetime import timedelta
from math import sqrt
from typing import NamedTuple

from .forecast_arithmetic import get_bias, get_wape, shrink_rate
from .outlook_inputs import Inputs
from .outlook_range import (
    FEWEST_ERRORS,
    Error,
    get_common,
    get_factor,
    get_lean,
    get_range,
    get_spread,
    get_swing,
    get_variance,
)
from .recalibration import recalibrate

METHODS = ("stage_window", "own", "stage", "recalibrated", "last_year")
USUAL = "stage_window"
# Those that give each deal a chance of its own have a range before there are errors.
BY_CHANCE = ("stage_window", "recalibrated")
# How many deals a pipeline's chance weighs as much as, beside those of a stage
WEIGHT = 8
YEAR = timedelta(weeks=52)
HAIR = 1e-6


class Group(NamedTuple):
    """Deals in one stage of a pipeline with the same percentage, none of them worth
    less than nothing (a credit) among others that are not.

    ``squares`` is the sum of the squared amounts; ``by_stage`` and ``by_own`` the sums
    of what is to be decided by the end of the window, weighted with the percentage of
    the stage and of the deal; ``won`` and ``won_amount`` what was won in the window.
    """

    pipeline: int
    stage: int
    percent: float
    count: int
    amount: float
    squares: float
    by_stage: float
    by_own: float
    won: int = 0
    won_amount: float = 0.0


class Past(NamedTuple):
    """A window that is over. ``last_year``: what came of the window a year before it,
    None if nothing is known of then. ``cells``: the deals of the groups by what more
    is known of them than their stage, see ``outlook_inputs``."""

    start: object
    groups: tuple
    last_year: float | None = None
    cells: tuple = ()


class Chance(NamedTuple):
    """``chance`` to be won within the window, 0 to 1; ``weight``, how many deals it is
    learned from, those that the parents count for included; ``count`` and ``won``, the
    past deals of the stage itself; ``parent_weight``, how many deals the chance of its
    pipeline is learned from."""

    chance: float
    weight: float
    count: int
    won: int
    parent_weight: float


class Forecast(NamedTuple):
    """``value`` in money; of the sum that was foreseen by chances, if it can be, the
    ``variance`` and what the deals have in ``common``, see ``outlook_range``. Of a
    single stage also ``lean``: the part of its standard deviation that it has from its
    pipeline's chance, which the pipeline's other stages share."""

    value: float | None
    variance: float | None
    common: float | None
    lean: float = 0.0


def get_windows(weeks, today, days, most):
    """Return the Mondays at which past windows of so many days began, the oldest first:
    they are over by today, and none overlaps another.

    :param weeks: Mondays with snapshots, the latest first

    >>> from datetime import date
    >>> weeks = [date(2026, 11, 23) - timedelta(weeks=n) for n in range(10)]
    >>> [str(day) for day in get_windows(weeks, date(2026, 11, 26), 15, 9)]
    ['2026-09-28', '2026-10-19', '2026-11-09']
    """
    found, limit = [], today
    for week in weeks:
        if len(found) < most and week + timedelta(days=days) <= limit:
            found.append(week)
            limit = week
    return found[::-1]


class Learning:
    """What the past windows tell, the more of them are added.

    >>> learning = Learning()
    >>> learning.get_chance(1, 7) is None
    True
    >>> learning.add(Past(None, (Group(1, 7, 20, 40, 0, 0, 0, 0, won=13),)))
    >>> learning.get_chance(1, 7)._replace(chance=None)
    Chance(chance=None, weight=48, count=40, won=13, parent_weight=40)
    >>> [round(learning.get_chance(1, stage).chance, 3) for stage in (7, 8)]
    [0.325, 0.326]
    """

    def __init__(self, past=(), weight=WEIGHT):
        self.weight = weight
        self.windows = 0
        self._counts = defaultdict(lambda: [0, 0])
        self._of_percent = defaultdict(lambda: [0, 0])
        for window in past:
            self.add(window)

    def add(self, window):
        self.windows += 1
        for group in window.groups:
            for counts in (
                self._counts[()],
                self._counts[group.pipeline,],
                self._counts[group.pipeline, group.stage],
                self._of_percent[group.percent],
            ):
                counts[0] += group.count
                counts[1] += group.won

    def get_chance(self, pipeline, stage):
        """Return the :class:`Chance` of a stage, None if nothing is known at all.

        The stage's share goes towards its pipeline's, and that towards the company's,
        where deals are few: (won + weight * parent) / (count + weight).
        """
        if not self._counts:
            return None
        count, won = self._counts[()]
        parent = (won + 0.5) / (count + 1)
        for key in ((pipeline,), (pipeline, stage)):
            # What a pipeline does not tell, its own parent does.
            above = max(count, self.weight)
            count, won = self._counts.get(key, (0, 0))
            parent = shrink_rate(won, count, parent, self.weight)
        return Chance(parent, count + self.weight, count, won, above)

    def get_share(self, pipeline, stage):
        """Return the chance alone, where something is known."""
        return self.get_chance(pipeline, stage).chance

    def recalibrate(self):
        """Return the recalibration of the percentages, None if too little is known."""
        return recalibrate(
            (percent, *counts) for percent, counts in self._of_percent.items()
        )


def foresee(learning, groups, last_year, inputs=None, cells=()):
    """Return {method: :class:`Forecast`} of a window.

    :param learning: from the windows that were over as it began
    :param groups: the deals that were open as it began
    :param last_year: what came of the window a year before, or None
    :param inputs, cells: see :func:`foresee_stages`
    """
    by_stage = foresee_stages(learning, groups, inputs, cells)
    is_known = bool(by_stage) or not groups
    total = variance = common = None
    if is_known:
        total = sum(each.value for each in by_stage.values())
        variance = _add_variances(by_stage)
        common = get_common(total, learning.windows) if by_stage else 0
    fitted = learning.recalibrate()
    recalibrated = fitted and sum(
        fitted.get_chance(group.percent) * group.amount for group in groups
    )
    spread = variance, common
    return {
        "stage_window": Forecast(total, *spread),
        "own": Forecast(sum(group.by_own for group in groups), *spread),
        "stage": Forecast(sum(group.by_stage for group in groups), *spread),
        "recalibrated": Forecast(recalibrated, *spread),
        "last_year": Forecast(last_year, *spread),
    }


def foresee_stages(learning, groups, inputs=None, cells=()):
    """Return {(pipeline, stage): :class:`Forecast`} by stage and window, empty without
    any past.

    :param inputs: the :class:`Inputs` of the past, whose used ones enter
    :param cells: the same deals by inputs, or a sample of them
    """
    sums = defaultdict(lambda: [0, 0])
    for group in groups:
        sums[group.pipeline, group.stage][0] += group.amount
        sums[group.pipeline, group.stage][1] += group.squares
    result = {}
    for key, (amount, squares) in sums.items():
        found = learning.get_chance(*key)
        if found:
            variance = get_variance(found.chance, squares, amount, found.weight)
            lean = get_lean(found.chance, amount, found.count, learning.weight)
            lean /= sqrt(found.parent_weight + 1)
            value = found.chance * amount
            common = get_common(value, learning.windows)
            result[key] = Forecast(value, variance + lean * lean, common, lean)
    if result and inputs and inputs.used and cells:
        for key, ratio in inputs.get_ratios(cells, learning.get_share).items():
            if key in result:
                # No more than all of it, be it less than nothing.
                value = result[key].value
                value = value and value * min(ratio, sums[key][0] / value)
                common = get_common(value, learning.windows)
                result[key] = result[key]._replace(value=value, common=common)
    return result


def get_bounds(groups):
    """Return (least, most) of what can come of groups.

    >>> get_bounds([Group(1, 7, 20, 2, 90, 0, 0, 0), Group(1, 7, 20, 1, -5, 0, 0, 0)])
    (-5, 90)
    """
    amounts = [group.amount for group in groups]
    return (
        sum(amount for amount in amounts if amount < 0),
        sum(amount for amount in amounts if amount > 0),
    )


def _add_variances(by_stage):
    """Return the variance of all stages together: what a pipeline's chance is wrong by
    hits its stages alike."""
    leans = defaultdict(float)
    for (pipeline, _stage), each in by_stage.items():
        leans[pipeline] += each.lean
    return sum(each.variance - each.lean**2 for each in by_stage.values()) + sum(
        lean * lean for lean in leans.values()
    )


def _get_errors(forecast, actual):
    """Return the error in a list, which is empty if no spread was foreseen."""
    if not forecast.variance:
        return []
    return [Error(actual - forecast.value, forecast.variance, forecast.common)]


class Backtest:
    """How each method would have done in the past.

    ``pairs`` is {method: {number of the window: (forecast, what came)}}; ``errors``
    {method: [Error]}, where a spread was foreseen; ``held`` {method: [whether the
    range, as it would have been told then, held]}. ``stage_errors`` are those of all
    single stages, of so many ``stage_windows``.
    """

    def __init__(self, past, weight=WEIGHT):
        self.pairs = {method: {} for method in METHODS}
        self.errors = {method: [] for method in METHODS}
        self.held = {method: [] for method in METHODS}
        self.stage_errors = []
        self.stage_windows = 0
        self.learning = Learning(weight=weight)
        self.inputs = Inputs()
        self.starts = [window.start for window in past]
        for number, window in enumerate(past):
            # A window without a deal is no trial.
            if window.groups:
                self._add(number, window)
                self.learning.add(window)
                self.inputs.add(window.cells)

    def _add(self, number, window):
        actual = sum(group.won_amount for group in window.groups)
        possible = get_bounds(window.groups)
        forecasts = foresee(
            self.learning, window.groups, window.last_year, self.inputs, window.cells
        )
        for method, forecast in forecasts.items():
            if forecast.value is None:
                continue
            bounds = self.get_range(method, forecast, possible)
            if bounds:
                # A hair of a float is no miss.
                low, high = bounds
                self.held[method].append(low - HAIR <= actual <= high + HAIR)
            self.pairs[method][number] = forecast.value, actual
            self.errors[method] += _get_errors(forecast, actual)
        self._add_stages(window)
        if self.pairs[USUAL].get(number) and window.cells:
            # It is chosen by the trials that are over.
            self.inputs.try_out(window.cells, self.learning.get_share)

    def _add_stages(self, window):
        came = defaultdict(float)
        for group in window.groups:
            came[group.pipeline, group.stage] += group.won_amount
        errors = [
            error
            for key, forecast in foresee_stages(
                self.learning, window.groups, self.inputs, window.cells
            ).items()
            for error in _get_errors(forecast, came[key])
        ]
        self.stage_errors += errors
        self.stage_windows += bool(errors)

    def get_range(self, method, forecast, possible):
        """Return (low, high) of a method's forecast, by its errors so far, else by the
        variance if it gives chances; None if there is neither.

        :param possible: see :func:`get_bounds`
        """
        if forecast.value is None or forecast.variance is None:
            return None
        if not self.is_by_errors(method) and method not in BY_CHANCE:
            return None
        return self._get_range(forecast, self.errors[method], possible)

    def get_stage_range(self, forecast, possible):
        """Return (low, high) of what comes of a single stage."""
        is_enough = self.stage_windows >= FEWEST_ERRORS
        errors = self.stage_errors if is_enough else ()
        return self._get_range(forecast, errors, possible)

    def _get_range(self, forecast, errors, possible):
        """All errors are in units of the spread as it is known now."""
        swing = get_swing(self.errors[USUAL])
        factor = get_factor(
            [
                abs(error.value) / sqrt(get_spread(error.variance, error.common, swing))
                for error in errors
            ]
        )
        variance = get_spread(forecast.variance, forecast.common, swing)
        least, most = possible
        # Not all methods keep to what is open.
        bounds = min(least, forecast.value), max(most, forecast.value)
        return get_range(forecast.value, variance, factor, bounds)

    def is_by_errors(self, method):
        """Whether a range comes from past errors, and not from the variance."""
        return len(self.errors[method]) >= FEWEST_ERRORS

    def get_pairs(self, method):
        """Return the pairs of a method that the usual one has, too: all are measured
        over the same windows."""
        pairs = self.pairs[method]
        return [pairs[number] for number in self._get_numbers(method)]

    def get_starts(self, method):
        """Return the days at which the windows of these pairs began."""
        return [self.starts[number] for number in self._get_numbers(method)]

    def _get_numbers(self, method):
        return [number for number in self.pairs[USUAL] if number in self.pairs[method]]

    def is_compared(self, method):
        """Whether a method could forecast all windows that the usual one could."""
        return self.pairs[USUAL].keys() <= self.pairs[method].keys()

    def get_error(self, method):
        """Return the weighted absolute error in percent, or None."""
        return get_wape(self.get_pairs(method))

    def get_bias(self, method):
        """Return the bias in percent, or None."""
        return get_bias(self.get_pairs(method))

    def get_best(self):
        """Return the method with the least error of those that are compared, None while
        too little is known."""
        if len(self.pairs[USUAL]) < FEWEST_ERRORS:
            return None
        errors = {
            method: self.get_error(method)
            for method in METHODS
            if self.is_compared(method)
        }
        if errors[USUAL] is None:
            return None
        return min(errors, key=errors.get)
