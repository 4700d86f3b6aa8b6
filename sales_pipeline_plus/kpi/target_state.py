"""What was made, held against its target."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Within so much of what is expected by today, one is on track.
TOLERANCE = 0.05
STATES = {
    "upcoming": _lt("To come"),
    "ahead": _lt("Ahead"),
    "on_track": _lt("On track"),
    "behind": _lt("Behind"),
    "reached": _lt("Reached"),
    "missed": _lt("Missed"),
}


def get_target_state(
    made, target, expected, *, has_begun, is_over, is_level=False, is_limit=False
):
    """Return how it stands, None for no data.

    - *reached*: what is to be reached is; what is not to be passed was not, at the end.
    - *missed*: the period is over without that; or a most has been passed.
    - while the period runs: *ahead*, *on track* or *behind* what is expected by today,
      on track being within 5 % of it.
    - *to come*: the period has not begun, and nothing is made.

    A level, such as a rate, can still fall: it is reached or missed at the end only.

    :param expected: what should have been made by today
    :param has_begun: whether today is in the period, or after it
    :param is_over: whether today is after it
    :param is_limit: the target is a most

    >>> now = {"has_begun": True, "is_over": False}
    >>> get_target_state(120, 100, 50, **now)
    'reached'
    >>> [get_target_state(made, 100, 50, **now) for made in (60, 51, 40)]
    ['ahead', 'on_track', 'behind']
    >>> get_target_state(99, 100, 100, has_begun=True, is_over=True)
    'missed'
    >>> [get_target_state(made, 10, 5, **now, is_limit=True) for made in (2, 5, 8, 11)]
    ['ahead', 'on_track', 'behind', 'missed']
    >>> get_target_state(35, 30, 30, **now, is_level=True)
    'ahead'
    >>> get_target_state(0, 100, 0, has_begun=False, is_over=False)
    'upcoming'
    >>> get_target_state(None, 100, 50, **now) is None
    True
    """
    if made is None:
        return None
    is_kept = made <= target if is_limit else made >= target
    if is_over:
        return "reached" if is_kept else "missed"
    if not is_level and is_limit != is_kept:
        return "missed" if is_limit else "reached"
    if not has_begun and not made:
        return "upcoming"
    difference = expected - made if is_limit else made - expected
    margin = TOLERANCE * abs(expected)
    if difference > margin:
        return "ahead"
    return "on_track" if difference >= -margin else "behind"
