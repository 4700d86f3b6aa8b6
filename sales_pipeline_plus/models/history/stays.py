"""The stays of a deal in stages, out of its changes. Plain, without any record.

What a history does not say is None: "no data".
"""

from datetime import timedelta
from typing import NamedTuple

FACTS = ("amount", "deadline", "probability")


class Change(NamedTuple):
    """What became true at a moment; None: the change says nothing about it.

    ``status`` is won or lost, or open for a deal that goes on.
    """

    moment: object
    stage: int | None = None
    status: str | None = None
    amount: float | None = None
    deadline: object = None
    probability: float | None = None
    user: int | None = None


class Stay(NamedTuple):
    """A stay from ``start`` to ``end``; without an end it lasts, as far as is known.

    ``ending`` is moved or lost. The facts are those of its start.
    """

    stage: int
    start: object
    end: object = None
    ending: str | None = None
    amount: float | None = None
    deadline: object = None
    probability: float | None = None
    user: int | None = None


def get_stays(changes):
    """Return the stays of one deal in the order of its changes.

    >>> stays = get_stays([Change(1, 7, amount=5), Change(3, amount=6), Change(4, 8)])
    >>> [(stay.stage, stay.start, stay.end, stay.ending) for stay in stays]
    [(7, 1, 4, 'moved'), (8, 4, None, None)]
    >>> [stay.amount for stay in stays]
    [5, 6]
    >>> lost = get_stays([Change(1, 7), Change(2, status="lost"), Change(5, 8)])
    >>> [(stay.stage, stay.start, stay.end, stay.ending) for stay in lost]
    [(7, 1, 2, 'lost'), (8, 5, None, None)]
    """
    stays, facts = [], dict.fromkeys(FACTS)
    is_there, last_stage = False, None
    for change in changes:
        facts.update(_get_facts(change))
        stage = change.stage
        if change.status == "lost":
            if is_there:
                stays[-1] = stays[-1]._replace(end=change.moment, ending="lost")
            is_there = False
            continue
        if change.status == "open" and not is_there:
            stage = stage or last_stage
        if not stage or (is_there and stage == stays[-1].stage):
            if is_there and stays[-1].start == change.moment:
                # Fields that change together come in several rows.
                stays[-1] = stays[-1]._replace(**_get_facts(change))
            continue
        if is_there:
            stays[-1] = stays[-1]._replace(end=change.moment, ending="moved")
        stays.append(Stay(stage, change.moment, user=change.user, **facts))
        is_there, last_stage = True, stage
    return stays


def _get_facts(change):
    return {
        name: value for name in FACTS if (value := getattr(change, name)) is not None
    }


def count_slips(days):
    """Return how often a date was put off and pulled forward.

    >>> count_slips([5, 8, 8, 7, 9]), count_slips([5]), count_slips([])
    ((2, 1), (0, 0), (0, 0))
    """
    steps = list(zip(days, days[1:], strict=False))
    return sum(b > a for a, b in steps), sum(b < a for a, b in steps)


def get_states(changes, stays, moments):
    """Return [(moment, stage, facts)] for the moments at which a deal was open.

    :param moments: in ascending order

    >>> changes = [Change(1, 7, amount=5), Change(3, amount=6)]
    >>> for state in get_states(changes, get_stays(changes), [0, 2, 4]):
    ...     print(state)
    (2, 7, {'amount': 5, 'deadline': None, 'probability': None})
    (4, 7, {'amount': 6, 'deadline': None, 'probability': None})
    """
    states, facts, place = [], dict.fromkeys(FACTS), 0
    for moment in moments:
        while place < len(changes) and changes[place].moment <= moment:
            facts.update(_get_facts(changes[place]))
            place += 1
        for stay in stays:
            if stay.start <= moment and (stay.end is None or moment < stay.end):
                states.append((moment, stay.stage, dict(facts)))
    return states


def get_mondays(start, end):
    """Return the Mondays from a day on, before another one.

    >>> from datetime import date
    >>> get_mondays(date(2025, 3, 4), date(2025, 3, 17))
    [datetime.date(2025, 3, 10)]
    """
    day = start + timedelta(days=-start.weekday() % 7)
    mondays = []
    while day < end:
        mondays.append(day)
        day += timedelta(weeks=1)
    return mondays
