"""What more than its stage tells whether a deal is won. Plain functions, no record.

Each input, such as whether the customer has bought before, has a few levels. Where more
was won at a level than the stages alone foresaw, its deals' chances rise by a factor,
which goes towards 1 where deals are few: (won + weight) / (foreseen + weight).

An input enters only if past forecasts with it would have erred less, by a margin: each
is tried on every past window with what was known as that began. With a short past none
enters. "No data" is None, never 0.

Sources: observed over expected as a factor on a base rate, shrunk towards 1 (the gamma
prior of a standardized ratio), D. Clayton and J. Kaldor, "Empirical Bayes estimates of
age-standardized relative risks", Biometrics 43 (1987), 671-681; forward selection, A.
J. Miller, "Selection of subsets of regression variables", Journal of the Royal
Statistical Society A 147 (1984), 389-425.
"""

from collections import defaultdict
from itertools import combinations
from typing import NamedTuple

INPUTS = ("age", "postponed", "customer", "source")
# All that can be used together
SETS = tuple(
    used for size in range(len(INPUTS) + 1) for used in combinations(INPUTS, size)
)
# Fewer trials, or a smaller gain, are chance.
FEWEST_TRIALS = 6
MARGIN = 0.1
SHARE_BETTER = 2 / 3
WEIGHT = 8


class Cell(NamedTuple):
    """Deals in one stage of a pipeline with the same ``levels``, one of each input;
    None is unknown. ``won`` of them were won within the window, for ``won_amount``."""

    pipeline: int
    stage: int
    levels: tuple
    count: int
    amount: float
    won: int = 0
    won_amount: float = 0.0


class Inputs:
    """What the inputs tell, and which are used, the more past windows are added.

    ``used`` are those that enter; ``errors`` is {set of inputs: [error of each trial]},
    and ``came`` the sum of what came in the trials.

    >>> inputs = Inputs()
    >>> levels = (None, None, True, None)
    >>> inputs.add([Cell(1, 7, levels, 40, 0, won=32)])
    >>> cells = [Cell(1, 7, levels, 2, 100.0), Cell(1, 7, (None,) * 4, 2, 100.0)]
    >>> inputs.get_ratios(cells, lambda pipeline, stage: 0.5, ("customer",))
    {(1, 7): 1.2142857142857144}
    >>> inputs.get_ratios(cells, lambda pipeline, stage: 0.5, ())
    {(1, 7): 1.0}
    """

    def __init__(self):
        self.used = ()
        self.errors = {each: [] for each in SETS}
        self.came = 0.0
        self._counts = defaultdict(lambda: defaultdict(lambda: [0, 0]))

    def add(self, cells):
        """Learn from a window that is over."""
        for cell in cells:
            for name, level in zip(INPUTS, cell.levels, strict=True):
                if level is not None:
                    counts = self._counts[name, level][cell.pipeline, cell.stage]
                    counts[0] += cell.count
                    counts[1] += cell.won

    def try_out(self, cells, get_chance):
        """Hold what was known so far against a window, and choose anew."""
        actual = sum(cell.won_amount for cell in cells)
        factors = self._get_factors(get_chance)
        self.came += actual
        for each, errors in self.errors.items():
            values = self._add_up(cells, get_chance, factors, each)
            errors.append(abs(sum(values.values()) - actual))
        self.used = self._choose()

    def get_ratios(self, cells, get_chance, used=None):
        """Return {(pipeline, stage): how many times what the stages alone foresee its
        deals are worth}.

        :param get_chance: from a pipeline and a stage to the chance, 0 to 1
        :param used: inputs, by default those that enter
        """
        used = self.used if used is None else used
        factors = self._get_factors(get_chance)
        plain = self._add_up(cells, get_chance, factors, ())
        values = self._add_up(cells, get_chance, factors, used)
        return {
            key: values[key] / value if value else 1 for key, value in plain.items()
        }

    def get_error(self, used):
        """Return the error with these inputs in percent of what came, or None."""
        used = tuple(name for name in INPUTS if name in used)
        return 100 * sum(self.errors[used]) / self.came if self.came else None

    @property
    def trials(self):
        return len(self.errors[()])

    def _get_factors(self, get_chance):
        factors = {}
        for key, stages in self._counts.items():
            won = sum(hits for _count, hits in stages.values())
            foreseen = sum(
                count * get_chance(*stage) for stage, (count, _hits) in stages.items()
            )
            factors[key] = (won + WEIGHT) / (foreseen + WEIGHT)
        return factors

    def _add_up(self, cells, get_chance, factors, used):
        numbers = [INPUTS.index(name) for name in used]
        values = defaultdict(float)
        for cell in cells:
            chance = get_chance(cell.pipeline, cell.stage)
            for number in numbers:
                chance *= factors.get((INPUTS[number], cell.levels[number]), 1)
            values[cell.pipeline, cell.stage] += min(1, chance) * cell.amount
        return dict(values)

    def _choose(self):
        """Return the inputs that enter: one after the other, as long as the next makes
        past forecasts better by the margin."""
        used = ()
        while self.trials >= FEWEST_TRIALS and len(used) < len(INPUTS):
            wider = [
                tuple(name for name in INPUTS if name in (*used, more))
                for more in INPUTS
                if more not in used
            ]
            best = min(wider, key=lambda each: sum(self.errors[each]))
            if not self._is_better(best, used):
                break
            used = best
        return used

    def _is_better(self, one, other):
        ours, theirs = self.errors[one], self.errors[other]
        wins = sum(a < b for a, b in zip(ours, theirs, strict=True))
        return (
            sum(ours) <= (1 - MARGIN) * sum(theirs)
            and wins >= SHARE_BETTER * self.trials
        )
