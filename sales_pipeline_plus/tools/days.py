"""Where days begin, and which day it is."""

from datetime import datetime, time

import pytz


def get_local(moment, zone):
    """Return what the clocks of a time zone show at a moment, both naive datetimes.

    >>> get_local(datetime(2026, 6, 30, 23), pytz.timezone("Europe/Paris"))
    datetime.datetime(2026, 7, 1, 1, 0)
    """
    return pytz.utc.localize(moment).astimezone(zone).replace(tzinfo=None)


def get_day(moment, zone):
    """Return the date in a time zone at a moment, a naive datetime in UTC.

    >>> get_day(datetime(2026, 6, 30, 23), pytz.timezone("Europe/Paris"))
    datetime.date(2026, 7, 1)
    """
    return get_local(moment, zone).date()


def get_start_of_day(day, zone):
    """Return the first moment of a day in a time zone, as a naive datetime in UTC.

    Where clocks are put back at midnight, the hour before comes twice, and both belong
    to the day; where they are put forward, the day begins at one.

    >>> from datetime import date
    >>> havana = pytz.timezone("America/Havana")
    >>> get_start_of_day(date(2026, 11, 1), havana)
    datetime.datetime(2026, 11, 1, 4, 0)
    >>> get_start_of_day(date(2026, 3, 8), havana)
    datetime.datetime(2026, 3, 8, 5, 0)
    >>> get_start_of_day(date(2026, 7, 1), pytz.timezone("Europe/Paris"))
    datetime.datetime(2026, 6, 30, 22, 0)
    """
    midnight = datetime.combine(day, time.min)
    try:
        local = zone.localize(midnight, is_dst=None)
    except pytz.InvalidTimeError as error:
        is_twice = isinstance(error, pytz.AmbiguousTimeError)
        local = zone.localize(midnight, is_dst=is_twice)
    return local.astimezone(pytz.utc).replace(tzinfo=None)
