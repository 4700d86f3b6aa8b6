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


def get_target_state(made, target, expected, share, is_level, is_limit):
    """Return how it stands, None for no data.

    - *reached*: what is to be reached is; what is not to be passed was not, at the end.
    - *missed*: the period is over without that; or a most has been passed.
    - while the period runs: *ahead*, *on track* or *behind* what is expected by today,
      on track being within 5 % of it.
    - *to come*: the period has not begun, and nothing is made.

    A level, such as a rate, can still fall: it is reached or missed at the end only.

    :param expected: what should have been made by today
    :param share: of the period that is over, from 0 to 1
    :param is_limit: the target is a most

    >>> get_target_state(120, 100, 50, 0.5, False, False)
    'reached'
    >>> [get_target_state(made, 100, 50, 0.5, False, False) for made in (60, 51, 40)]
    ['ahead', 'on_track', 'behind']
    >>> get_target_state(99, 100, 100, 1, False, False)
    'missed'
    >>> [get_target_state(made, 10, 5, 0.5, False, True) for made in (2, 5, 8, 11)]
    ['ahead', 'on_track', 'behind', 'missed']
    >>> get_target_state(35, 30, 30, 0.5, True, False)
    'ahead'
    >>> get_target_state(0, 100, 0, 0, False, False)
    'upcoming'
    >>> get_target_state(None, 100, 50, 0.5, False, False) is None
    True
    """
    if made is None:
        return None
    is_kept = made <= target if is_limit else made >= target
    if share >= 1:
        return "reached" if is_kept else "missed"
    if not is_level and is_limit != is_kept:
        return "missed" if is_limit else "reached"
    if share <= 0 and not made:
        return "upcoming"
    difference = expected - made if is_limit else made - expected
    margin = TOLERANCE * abs(expected)
    if difference > margin:
        return "ahead"
    return "on_track" if difference >= -margin else "behind"
