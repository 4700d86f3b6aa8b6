"""Two numbers that make percentages come true. Plain functions, without any record.

A percentage that somebody or something gives a deal says who is likelier than whom; how
often such deals are won within a window is another question. A line in the log odds,
``slope * log odds + shift``, answers it from what became of earlier ones.

Sources:

- Recalibration by two parameters: J. C. Platt, "Probabilistic outputs for support
  vector machines and comparisons to regularized likelihood methods", Advances in Large
  Margin Classifiers, MIT Press 1999, 61-74, whose smoothed targets keep a few
  observations from saying 0 % or 100 %. Isotonic regression needs far more of them:
  A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with supervised
  learning", ICML 2005.
- Newton's method with backtracking for it: H.-T. Lin, C.-J. Lin and R. C. Weng, "A note
  on Platt's probabilistic outputs for support vector machines", Machine Learning 68
  (2007), 267-276.
"""

from math import exp, log, log1p
from typing import NamedTuple

# Fewer of either kind tell nothing of a slope.
FEWEST_OF_A_KIND = 5
# 0 % and 100 % have no log odds.
LEAST_CHANCE = 0.005
MOST_STEPS = 100
SMALL = 1e-10


class Recalibration(NamedTuple):
    """``chance = 1 / (1 + exp(-(slope * log odds + shift)))``."""

    slope: float
    shift: float

    def get_chance(self, percent):
        """Return the chance, 0 to 1, of what has a percentage of 0 to 100.

        >>> Recalibration(1.0, 0.0).get_chance(25)
        0.25
        >>> round(Recalibration(1.0, -1.0).get_chance(50), 3)
        0.269
        """
        return _squash(self.slope * get_log_odds(percent) + self.shift)


def get_log_odds(percent):
    """Return the log odds of a percentage of 0 to 100.

    >>> get_log_odds(50), get_log_odds(0) == get_log_odds(-3) == get_log_odds(0.5)
    (0.0, True)
    """
    chance = min(max(percent / 100, LEAST_CHANCE), 1 - LEAST_CHANCE)
    return log(chance / (1 - chance))


def recalibrate(observations):
    """Return the :class:`Recalibration` that observations tell; None if they are too
    few, and where higher percentages are not likelier.

    :param observations: iterable of (percent, count, won): so many had it, so many of
        them were won

    >>> fitted = recalibrate([(20, 1000, 50), (50, 1000, 200), (80, 1000, 500)])
    >>> [round(fitted.get_chance(percent), 2) for percent in (20, 50, 80)]
    [0.05, 0.19, 0.5]
    >>> recalibrate([(20, 9, 4)]) is None
    True
    >>> recalibrate([(20, 50, 40), (80, 50, 10)]) is None
    True
    """
    observations = [each for each in observations if each[1]]
    won = sum(each[2] for each in observations)
    lost = sum(each[1] for each in observations) - won
    if min(won, lost) < FEWEST_OF_A_KIND:
        return None
    hit, miss = (won + 1) / (won + 2), 1 / (lost + 2)
    points = [
        (get_log_odds(percent), count, hits * hit + (count - hits) * miss)
        for percent, count, hits in observations
    ]
    fitted = _fit(points, log((won + 1) / (lost + 1)))
    return fitted if fitted.slope > 0 else None


def _squash(value):
    """Return ``1 / (1 + exp(-value))``, which never overflows.

    >>> _squash(0), _squash(-1000), _squash(1000)
    (0.5, 0.0, 1.0)
    """
    if value >= 0:
        return 1 / (1 + exp(-value))
    return exp(value) / (1 + exp(value))


def _get_loss(points, slope, shift):
    """Return the negative log likelihood."""
    total = 0.0
    for value, count, target in points:
        score = slope * value + shift
        # log(1 + exp(score)), which never overflows
        total += count * (max(score, 0) + log1p(exp(-abs(score)))) - target * score
    return total


def _fit(points, shift):
    """Go down by Newton's steps, each halved until it leads down."""
    slope = 0.0
    loss = _get_loss(points, slope, shift)
    for _step in range(MOST_STEPS):
        # Gradient and Hessian; the ridge keeps the latter from having no inverse.
        g_slope = g_shift = h_both = 0.0
        h_slope = h_shift = SMALL
        for value, count, target in points:
            chance = _squash(slope * value + shift)
            error = count * chance - target
            weight = count * chance * (1 - chance)
            g_slope += error * value
            g_shift += error
            h_slope += weight * value * value
            h_both += weight * value
            h_shift += weight
        determinant = h_slope * h_shift - h_both * h_both
        if determinant <= 0:
            break
        d_slope = -(h_shift * g_slope - h_both * g_shift) / determinant
        d_shift = -(h_slope * g_shift - h_both * g_slope) / determinant
        descent = g_slope * d_slope + g_shift * d_shift
        if -descent <= SMALL * max(1, loss):
            # What is left to gain is less than the loss is known by.
            break
        step = 1.0
        while step > SMALL:
            trial = slope + step * d_slope, shift + step * d_shift
            new_loss = _get_loss(points, *trial)
            if new_loss <= loss + 1e-4 * step * descent:
                (slope, shift), loss = trial, new_loss
                break
            step /= 2
        else:
            break
    return Recalibration(slope, shift)
