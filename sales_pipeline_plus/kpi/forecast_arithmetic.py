"""Was the forecast right? Plain functions, without any record.

"No data" is None, never 0.

Sources:

- WAPE, also MAD/Mean ratio: S. Kolassa and W. Schütz, "Advantages of the MAD/MEAN ratio
  over the MAPE", Foresight 6 (2007), 40-43.
- Brier score: G. W. Brier, "Verification of forecasts expressed in terms of
  probability", Monthly Weather Review 78 (1950), 1-3; here in its usual form for two
  outcomes, which is half of the original sum over both.
- Calibration by bins (reliability diagram): A. H. Murphy and R. L. Winkler,
  "Reliability of subjective probability forecasts of precipitation and temperature",
  Applied Statistics 26 (1977), 41-47.
- Shrinking a rate towards its parent's (m-estimate): B. Cestnik, "Estimating
  probabilities: a crucial task in machine learning", ECAI-90, 147-149.
"""

from datetime import timedelta

BIN_COUNT = 10
# How many deals the pipeline's own rate weighs as much as, beside those of a stage
PARENT_WEIGHT = 20


def get_wape(pairs):
    """Return the weighted absolute percentage error, in percent.

    Sum of |forecast - actual| over sum of actual. Pairs are (forecast, actual). Of
    nothing, or less, there is no percentage.

    >>> get_wape([(120, 100), (80, 100)])
    20.0
    >>> get_wape([(50, 0)]) is get_wape([(50, -10)]) is None
    True
    """
    pairs = list(pairs)
    actual = sum(pair[1] for pair in pairs)
    if actual <= 0:
        return None
    return 100 * sum(abs(forecast - won) for forecast, won in pairs) / actual


def get_bias(pairs):
    """Return the bias, in percent: positive when too much was forecast.

    Sum of (forecast - actual) over sum of actual. Pairs are (forecast, actual). Of
    nothing, or less, there is no percentage.

    >>> get_bias([(120, 100), (80, 100)])
    0.0
    >>> get_bias([(150, 100)])
    50.0
    >>> get_bias([]) is get_bias([(50, -10)]) is None
    True
    """
    pairs = list(pairs)
    actual = sum(pair[1] for pair in pairs)
    if actual <= 0:
        return None
    return 100 * sum(forecast - won for forecast, won in pairs) / actual


def get_forecast_week(start, weeks):
    """Return the Monday of the snapshot that saw a period so many weeks before it.

    It is the last Monday on or before the first day of the period less those weeks.

    >>> from datetime import date
    >>> get_forecast_week(date(2026, 7, 1), 0)
    datetime.date(2026, 6, 29)
    >>> get_forecast_week(date(2027, 1, 1), 4)
    datetime.date(2026, 11, 30)
    """
    day = start - timedelta(weeks=weeks)
    return day - timedelta(days=day.weekday())


def get_bin(probability):
    """Return the number of the bin of a probability in percent, from 0 to 9.

    A bin begins with its lower bound; the last one holds 100 as well.

    >>> [get_bin(probability) for probability in (0, 9.99, 10, 99, 100)]
    [0, 0, 1, 9, 9]
    """
    return min(BIN_COUNT - 1, max(0, int(probability // 10)))


def get_brier_score(observations):
    """Return the mean squared distance of the probabilities from what came.

    0 is perfect; always saying 50 % gives 0.25. Observations are (probability in
    percent, is won).

    >>> get_brier_score([(100, True), (0, False)])
    0.0
    >>> get_brier_score([(50, True), (50, False)])
    0.25
    >>> get_brier_score([]) is None
    True
    """
    squares = [(announced / 100 - won) ** 2 for announced, won in observations]
    return sum(squares) / len(squares) if squares else None


def get_calibration(observations):
    """Return for each bin (announced, obtained, number) of (probability, is won).

    >>> get_calibration([(20, False), (24, True), (90, True)])[2]
    (22.0, 50.0, 2)
    >>> get_calibration([(20, False), (24, True), (90, True)])[5]
    (None, None, 0)
    """
    bins = [[] for _number in range(BIN_COUNT)]
    for announced, won in observations:
        bins[get_bin(announced)].append((announced, won))
    return [
        (
            sum(announced for announced, _won in content) / len(content),
            100 * sum(won for _announced, won in content) / len(content),
            len(content),
        )
        if content
        else (None, None, 0)
        for content in bins
    ]


def shrink_rate(won, closed, parent, weight=PARENT_WEIGHT):
    """Return a rate from 0 to 1 that goes towards its parent's where deals are few.

    (won + weight * parent) / (closed + weight), the m-estimate.

    :param won: number of deals that came into the stage and were won
    :param closed: number of those that were won or lost
    :param parent: rate of the whole, from 0 to 1
    :param weight: how many deals the parent counts for

    >>> shrink_rate(7, 20, 0.35)
    0.35
    >>> shrink_rate(0, 0, 0.25), shrink_rate(0, 20, 0.5), shrink_rate(0, 60, 0.5)
    (0.25, 0.25, 0.125)
    """
    return (won + weight * parent) / (closed + weight)


def suggest_probability(won, closed, all_won, all_closed):
    """Return the probability that history suggests for a stage, in whole percents.

    The stage's rate goes towards the one of its pipeline, and that towards one half, as
    the rule of succession has it: one deal more won, one more lost.

    :param won: number of deals that came into the stage and were won
    :param closed: number of those that were won or lost; without any, None
    :param all_won: number of deals of the pipeline that were won
    :param all_closed: number of those that were won or lost

    Only a won stage has 100 %, so the most that is suggested is 99.

    >>> suggest_probability(8, 20, 39, 98)
    40
    >>> suggest_probability(0, 1, 39, 98), suggest_probability(1, 1, 39, 98)
    (38, 43)
    >>> suggest_probability(5000, 5000, 5000, 5000)
    99
    >>> suggest_probability(0, 0, 39, 98) is None
    True
    """
    if not closed:
        return None
    parent = shrink_rate(all_won, all_closed, 0.5, 2)
    return min(99, round(100 * shrink_rate(won, closed, parent)))
