"""How wide a forecast's range must be to hold 8 times in 10. Plain functions.

"No data" is None, never 0.

Sources:

- The sum of amounts that are won or not, each with its own chance, independently: its
  variance is the sum of theirs (Poisson's binomial), Y. H. Wang, "On the number of
  successes in independent trials", Statistica Sinica 3 (1993), 295-312.
- A range from past errors (split conformal), with errors in units of the spread that
  was foreseen: J. Lei, M. G'Sell, A. Rinaldo, R. J. Tibshirani and L. Wasserman,
  "Distribution-free predictive inference for regression", Journal of the American
  Statistical Association 113 (2018), 1094-1111.
- The quantile at (n + 1) * 0.8 between two of them, so that the range is neither too
  narrow nor, with few errors, too wide: R. J. Hyndman and Y. Fan, "Sample quantiles in
  statistical packages", The American Statistician 50 (1996), 361-365, type 6.
- A chance that goes towards one that is itself only learned is wrong by both: C. N.
  Morris, "Parametric empirical Bayes inference: theory and applications", Journal of
  the American Statistical Association 78 (1983), 47-55.
- What all deals of a window have in common (random effect), by moments: R. DerSimonian
  and N. Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7 (1986),
  177-188; weighted by the variance of a squared normal error, twice its square.
"""

from math import floor, sqrt
from typing import NamedTuple

COVERAGE = 0.8
# With fewer, the quantile is beyond the largest error: (n + 1) * 0.8 > n.
FEWEST_ERRORS = 4
# Within so many standard deviations lies that share of a normal distribution.
NORMAL = 1.2815515655446004
# By how much business swings from window to window where nobody knows better, as a
# share of what comes, and how many windows that weighs as much as
USUAL_SWING = 0.1
SWING_WEIGHT = 2


class Error(NamedTuple):
    """What came less what was foreseen; ``variance`` and ``common`` of the forecast,
    see :func:`get_spread`."""

    value: float
    variance: float
    common: float


def get_variance(chance, squares, amount=0, known=None):
    """Return the variance of what a group of deals brings that have the same chance.

    :param chance: 0 to 1
    :param squares: sum of the squared amounts
    :param amount: sum of the amounts
    :param known: how many deals the chance was learned from; what it may be wrong by
        hits all deals alike. None: it is taken for certain

    >>> get_variance(0.5, 100)
    25.0
    >>> get_variance(0.5, 100, 10, 24)
    26.0
    """
    spread = chance * (1 - chance)
    if known is None:
        return spread * squares
    return spread * (squares + amount * amount / (known + 1))


def get_lean(chance, amount, count, weight):
    """Return how much of what a stage brings hangs on its parent's chance, in standard
    deviations of one deal: the share that it has of the stage's own chance.

    :param amount: what is open in the stage
    :param count: past deals of the stage
    :param weight: how many deals the parent counts for

    >>> get_lean(0.5, 100, 0, 8), get_lean(0.5, 100, 8, 8)
    (50.0, 25.0)
    """
    return amount * weight / (count + weight) * sqrt(chance * (1 - chance))


def get_common(value, windows):
    """Return the variance of a sum if all that comes swings by 100 % from window to
    window: that of the one to come, and of the mean of those that it is learned from.

    >>> get_common(100, 1), get_common(100, 4)
    (20000.0, 12500.0)
    """
    return value * value * (1 + 1 / windows)


def get_swing(errors):
    """Return the variance from window to window, as a share of what comes, squared:
    what the errors are more than the deals' chances alone explain.

    The fewer the errors, and the less they tell, the nearer it is to the usual one.

    :param errors: list of :class:`Error`

    >>> usual = get_swing([])
    >>> round(usual, 9)
    0.01
    >>> get_swing([Error(0, 1, 100)] * 9) < usual < get_swing([Error(9, 1, 100)] * 9)
    True
    >>> round(get_swing([Error(3, 1, 100)] * 100_000), 3)
    0.08
    """
    usual = USUAL_SWING**2
    total, weights = SWING_WEIGHT * usual, SWING_WEIGHT
    for error in errors:
        if error.common:
            # 1 where the deals' own chances are nothing beside the swing
            share = error.common * usual / (error.variance + error.common * usual)
            weight = share * share
            total += weight * (error.value**2 - error.variance) / error.common
            weights += weight
    return max(0, total / weights)


def get_spread(variance, common, swing):
    """Return the variance of a sum of deals in a window to come.

    :param variance: if each deal is won or not for itself
    :param common: of :func:`get_common`
    :param swing: of :func:`get_swing`

    >>> get_spread(10.0, 1000.0, 0.04)
    50.0
    """
    return variance + common * swing


def get_factor(scores):
    """Return how many times its foreseen spread a range reaches to both sides, by past
    errors; None if they are too few.

    :param scores: |what came - forecast| / foreseen standard deviation, of each of the
        past forecasts

    >>> get_factor([3, 1, 2, 4])
    4
    >>> get_factor([3, 1, 2, 4, 5, 6, 7, 9, 8])
    8
    >>> get_factor([1, 2, 3, 4, 5, 6])
    5.6
    >>> get_factor([1, 2, 3]) is None
    True
    """
    count = len(scores)
    if count < FEWEST_ERRORS:
        return None
    scores = sorted(scores)
    # No hair of a float below a whole number.
    rank = round((count + 1) * COVERAGE, 9)
    below = floor(rank)
    lower = scores[below - 1]
    if rank == below:
        return lower
    return lower + (rank - below) * (scores[below] - lower)


def get_range(forecast, variance, factor, bounds):
    """Return (low, high) within which the sum lies 8 times in 10.

    :param factor: of :func:`get_factor`; None: by the variance, as if the sum were
        normal
    :param bounds: (least, most) that can come; the forecast lies between them

    >>> get_range(100, 100.0, 2, (0, 500))
    (80.0, 120.0)
    >>> get_range(10, 100.0, 2, (0, 25)), get_range(-10, 100.0, 2, (-25, 0))
    ((0, 25), (-25, 0))
    >>> [round(bound, 1) for bound in get_range(100, 100.0, None, (0, 500))]
    [87.2, 112.8]
    """
    least, most = bounds
    reach = (NORMAL if factor is None else factor) * sqrt(variance)
    return max(least, forecast - reach), min(most, forecast + reach)
