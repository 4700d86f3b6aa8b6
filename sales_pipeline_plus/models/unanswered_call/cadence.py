"""When somebody who did not answer is called again, without any record."""

MAX_DAYS = 365
MAX_TRIES = 10


def read_cadence(text):
    """Return the days between one call and the next, as a tuple.

    :raise ValueError: if the text is no such list

    >>> read_cadence("1, 3,7"), read_cadence(" "), read_cadence(False)
    ((1, 3, 7), (), ())
    >>> read_cadence("1, 0")
    Traceback (most recent call last):
    ...
    ValueError: 0
    """
    if not (text or "").strip():
        return ()
    cadence = tuple(int(part) for part in text.replace(";", ",").split(","))
    for days in cadence:
        if not 0 < days <= MAX_DAYS:
            raise ValueError(days)
    if len(cadence) >= MAX_TRIES:
        raise ValueError(len(cadence))
    return cadence


def get_pause(cadence, number):
    """Return the days to the next call after the one of this number, or None if that
    was the last one.

    >>> [get_pause((1, 3), number) for number in (1, 2, 3, 4)]
    [1, 3, None, None]
    """
    return cadence[number - 1] if number <= len(cadence) else None
