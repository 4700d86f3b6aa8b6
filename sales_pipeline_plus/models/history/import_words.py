"""What the cells of an imported file say. Plain functions, without any record."""

from datetime import date, datetime, time

# In English, French, German, Spanish, Italian and Dutch
STATUSES = {
    "open": (
        *("open", "in progress", "pending", "ouvert", "ouverte", "en cours"),
        *("offen", "im gange", "abierto", "abierta", "en proceso"),
        *("aperto", "aperta", "in corso", "in behandeling"),
    ),
    "won": (
        *("won", "closed won", "closedwon", "gagné", "gagnée", "gagne", "signé"),
        *("gewonnen", "ganado", "ganada", "vinto", "vinta"),
    ),
    "lost": (
        *("lost", "closed lost", "closedlost", "perdu", "perdue", "abandonné"),
        *("verloren", "perdido", "perdida", "perso", "persa"),
    ),
}
STATUS_OF = {word: status for status, words in STATUSES.items() for word in words}


def get_status(text):
    """Return the status that a word means, or None.

    >>> get_status(" Perdu "), get_status("Closed Won"), get_status("Negotiation")
    ('lost', 'won', None)
    >>> get_status("Gewonnen"), get_status("Persa"), get_status("abierto")
    ('won', 'lost', 'open')
    """
    return STATUS_OF.get(text.strip().lower()) if isinstance(text, str) else None


def get_bare_day(value):
    """Return the day of a cell that has no time, else None.

    Odoo's import hands over a day without a time as midnight.

    >>> get_bare_day("2024-03-01"), get_bare_day("2024-03-01 00:00:00")
    (datetime.date(2024, 3, 1), datetime.date(2024, 3, 1))
    >>> get_bare_day("2024-03-01 08:30:00") is None, get_bare_day("soon") is None
    (True, True)
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value.date() if value.time() == time.min else None
    return value if isinstance(value, date) else None


def get_noon(day, zone, now):
    """Return noon of a day in a zone, or now where that is earlier, as aware datetime.

    A day that is read at midnight falls on another one in the zones west of it.

    >>> from datetime import UTC
    >>> from zoneinfo import ZoneInfo
    >>> now = datetime(2024, 3, 1, 9, tzinfo=UTC)
    >>> get_noon(date(2024, 2, 1), ZoneInfo("Europe/Paris"), now).isoformat()
    '2024-02-01T12:00:00+01:00'
    >>> get_noon(date(2024, 3, 1), ZoneInfo("Europe/Paris"), now).isoformat()
    '2024-03-01T10:00:00+01:00'
    """
    noon = datetime.combine(day, time(12), zone)
    now = now.astimezone(zone)
    return min(noon, now) if noon.date() == now.date() else noon
