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
"""

from math import floor, sqrt

COVERAGE = 0.8
# With fewer, the quantile is beyond the largest error: (n + 1) * 0.8 > n.
FEWEST_ERRORS = 4
# Within so many standard deviations lies that share of a normal distribution.
NORMAL = 1.2815515655446004


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


def get_score(forecast, actual, variance):
    """Return the error in units of the spread that was foreseen; None without one.

    >>> get_score(100, 130, 225.0), get_score(100, 130, 0) is None
    (2.0, True)
    """
    if not variance or forecast is None:
        return None
    return abs(actual - forecast) / sqrt(variance)


def get_range(forecast, variance, factor, most):
    """Return (low, high) within which the sum lies 8 times in 10.

    :param factor: of :func:`get_factor`; None: by the variance, as if the sum were
        normal
    :param most: what all deals are worth; no more can come

    >>> get_range(100, 100.0, 2, 500)
    (80.0, 120.0)
    >>> get_range(10, 100.0, 2, 25)
    (0, 25)
    >>> [round(bound, 1) for bound in get_range(100, 100.0, None, 500)]
    [87.2, 112.8]
    """
    reach = (NORMAL if factor is None else factor) * sqrt(variance)
    return max(0, forecast - reach), max(0, min(most, forecast + reach))
