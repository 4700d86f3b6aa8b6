"""How a record of several campaigns is shared out among them, without the ORM.

A campaign is a pair of its start, a date or None, and its id.
"""

from datetime import date

from .goal_pace import split_exactly

MODELS = ("first", "last", "equal", "main")


def get_weights(model, campaigns, main=None):
    """Return ``{id of the campaign: weight}`` of a record, the earliest first.

    The first campaign is the one with the earliest start, the last the one with the
    latest; among those that start on one day, the lower id comes first. One without a
    start is neither, unless none has one. The main one is the first for want of it.

    :param model: first, last, equal or main
    :param main: id of the record's main campaign

    >>> fair, phoning = (date(2026, 3, 2), 7), (date(2026, 1, 5), 9)
    >>> get_weights("first", [fair, phoning])
    {9: 1, 7: 0}
    >>> get_weights("last", [fair, phoning, (None, 1)])
    {9: 0, 7: 1, 1: 0}
    >>> get_weights("equal", [fair, phoning])
    {9: 1, 7: 1}
    >>> get_weights("main", [fair, phoning], main=7)
    {9: 0, 7: 1}
    >>> get_weights("main", [fair, phoning])
    {9: 1, 7: 0}
    >>> get_weights("last", [(None, 4), (None, 2)])
    {2: 0, 4: 1}
    """
    ordered = sorted(campaigns, key=lambda each: (each[0] or date.max, each[1]))
    if model == "equal":
        return {number: 1 for _start, number in ordered}
    dated = [number for start, number in ordered if start]
    dated = dated or [number for _start, number in ordered]
    chosen = dated[-1] if model == "last" else dated[0]
    if model == "main" and any(number == main for _start, number in ordered):
        chosen = main
    return {number: int(number == chosen) for _start, number in ordered}


def share_out(amount, weights, digits=2):
    """Return ``{id of the campaign: share}``; the shares add up to the amount exactly.

    Cents that cannot be divided go to the earliest campaigns.

    >>> share_out(100, {9: 1, 7: 1, 4: 1})
    {9: 33.34, 7: 33.33, 4: 33.33}
    >>> share_out(-10, {9: 0, 7: 1})
    {9: 0.0, 7: -10.0}
    """
    shares = split_exactly(amount, list(weights.values()), digits)
    return dict(zip(weights, shares, strict=True))


def get_places(weights):
    """Return ``{id of the campaign: (rank, number)}``: of how many campaigns that share
    equally it is which, from 0; ``(0, 0)`` of one without a share.

    The shares of :func:`share_out` are then the amount divided by the number, and one
    unit more for the first ones, as many as are left over.

    >>> get_places({9: 1, 7: 0, 4: 1})
    {9: (0, 2), 7: (0, 0), 4: (1, 2)}
    """
    sharing = [number for number, weight in weights.items() if weight]
    return {
        number: (sharing.index(number), len(sharing)) if weight else (0, 0)
        for number, weight in weights.items()
    }
