"""The funnel of the deals that entered a pipeline in a period.

Each deal is counted once, by its own way, and in one place:

- it *entered* the first stage, and every other one up to the furthest that it came to:
  a stage that was skipped is passed, and moving back does not undo that it was there;
- it is in its furthest stage that it *is lost*, *is still there* or *went away*: on
  hold, archived, moved to another pipeline, made a lead again, merged into another deal
  or deleted. In the stages before it *moved on*;
- a won deal moved on from all of them.

A merged deal counts by its own number: it went away where it was merged.

So in each stage ``entered = moved on + lost + still there + away``, in number and in
amount, and who moved on from a stage entered the next one.
"""

from typing import NamedTuple

from .arithmetic import percentage

WON, LOST, OPEN, AWAY = "won", "lost", "open", "away"
# What a number of a stage can be about.
PARTS = ("entered", "moved_on", LOST, OPEN, AWAY)


class Group(NamedTuple):
    """Deals that came as far as the stage ``furthest``, 1 for the first one, with the
    same ``result``."""

    furthest: int
    result: str
    count: int
    amount: float


def is_part(part, rank, furthest, result):
    """Whether deals are part of a number of the stage ``rank``.

    >>> [is_part("entered", 2, 3, "lost"), is_part("moved_on", 3, 3, "lost")]
    [True, False]
    >>> is_part("moved_on", 3, 1, "won"), is_part("lost", 3, 3, "lost")
    (True, True)
    """
    if part == "entered":
        return result == WON or furthest >= rank
    if part == "moved_on":
        return result == WON or furthest > rank
    return result == part and furthest == rank


def build_funnel(stage_count, groups):
    """Return what happened in each stage: a list of {part: (count, amount)}, the last
    one being the won deals.

    >>> groups = [Group(1, "lost", 2, 20.0), Group(2, "won", 1, 5.0)]
    >>> first, second, won = build_funnel(2, groups)
    >>> first["entered"], first["moved_on"], first["lost"]
    ((3, 25.0), (1, 5.0), (2, 20.0))
    >>> second["entered"] == first["moved_on"], won["entered"]
    (True, (1, 5.0))
    """
    rows = []
    for rank in range(1, stage_count + 1):
        rows.append({})
        for part in PARTS:
            some = [
                group
                for group in groups
                if is_part(part, rank, group.furthest, group.result)
            ]
            rows[-1][part] = _add_up(some)
    rows.append(
        {"entered": _add_up([group for group in groups if group.result == WON])}
    )
    return rows


def _add_up(groups):
    return (
        sum(group.count for group in groups),
        sum(group.amount for group in groups),
    )


def get_drop_off(row):
    """Return the percentage that did not move on, of those who are no longer there.

    >>> row = {"entered": (9, 0), "moved_on": (2, 0), "open": (5, 0)}
    >>> get_drop_off(row)
    50.0
    >>> get_drop_off({"entered": (5, 0), "moved_on": (0, 0), "open": (5, 0)}) is None
    True
    """
    decided = row["entered"][0] - row["open"][0]
    return percentage(decided - row["moved_on"][0], decided)
