"""The arithmetic of the qualification grid, without any record.

Every answer is worth 0 to 5 points: a yes is worth as much as the top of the scale. The
score is the weighted share of the points that could be had, in percent. It is computed
with whole numbers, so that equal answers always give equal scores.
"""

YES_NO = "yes_no"
SCALE = "scale"
BEST = 5


def get_points(answer_type, yes_no=None, scale=None):
    """Return what an answer is worth, 0 to 5; no answer is worth nothing.

    >>> get_points("yes_no", yes_no="yes"), get_points("yes_no", yes_no="no")
    (5, 0)
    >>> get_points("scale", scale="3"), get_points("scale", scale="0")
    (3, 0)
    >>> get_points("yes_no"), get_points("scale"), get_points("scale", yes_no="yes")
    (0, 0, 0)
    """
    if answer_type == YES_NO:
        return BEST if yes_no == "yes" else 0
    return int(scale) if scale else 0


def compute_score(weighted_points):
    """Return the score in percent, rounded half up to two decimals.

    :param weighted_points: pairs (weight, points); a weight counts with two decimals

    >>> compute_score([(3, 5), (1, 0)])
    75.0
    >>> compute_score([(1, 5), (1, 5), (1, 0)])
    66.67
    >>> compute_score([(2, 3)])
    60.0

    Tenths do not add up exactly as floats; here they do:

    >>> compute_score([(0.1, 5), (0.2, 5), (0.7, 0)])
    30.0

    Half a hundredth is rounded up:

    >>> compute_score([(1, 5), (31, 0)])
    3.13

    Nothing answered, and nothing to answer:

    >>> compute_score([(3, 0), (2, 0)]), compute_score([])
    (0.0, 0.0)
    """
    earned = possible = 0
    for weight, points in weighted_points:
        hundredths = round(weight * 100)
        earned += hundredths * points
        possible += hundredths * BEST
    if not possible:
        return 0.0
    return (20000 * earned + possible) // (2 * possible) / 100
