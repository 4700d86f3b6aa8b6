"""What dates and numbers of another CRM's export say. Plain, without any record."""

import re
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

from babel.numbers import list_currencies

DAY = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%Y/%m/%d"}
TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M %p", " %I:%M:%S %p")
# Of another year is what somebody mistyped, or a stand-in for "never".
YEARS = range(1900, 2200)
# Milliseconds since 1970: as many digits as the years 1973 to 2286 have
EPOCH = re.compile(r"\d{12,13}")
SIGN = re.compile(r"[$\u00a2-\u00a5\u20a0-\u20cf]|\b[A-Z]{3}\b")
SCIENTIFIC = re.compile(r"\d+([.,]\d+)?[eE][+-]?\d+")
PLAIN = re.compile(r"\d+([.,]\d*)?|[.,]\d+")
GROUPED = re.compile(r"[1-9]\d{0,2}(?:([., '])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d*)?")
MAX_NUMBER = 1e15
# Spreadsheets count the days from here, at most to the year 2173.
FIRST_DAY = datetime(1899, 12, 30)
MAX_SERIAL = 100_000


def guess_order(texts):
    """Return the order of day, month and year in dates, or None if it stays open.

    >>> guess_order(["03/04/2025", "28/04/2025"]), guess_order(["3/31/2026"])
    ('dmy', 'mdy')
    >>> guess_order(["2025-03-04"]), guess_order(["03/04/2025"]) is None
    ('ymd', True)
    """
    for text in texts:
        parts = re.match(r"(\d+)[./-](\d+)[./-]\d+", text)
        if not parts:
            continue
        first, second = parts.groups()
        if len(first) == 4:
            return "ymd"
        if int(first) > 12:
            return "dmy"
        if int(second) > 12:
            return "mdy"
    return None


def read_moment(value, order, zone, day_zone=None):
    """Return a moment as naive datetime in UTC, and whether it has a time.

    Without a time it is noon of that day, so that it is the same day nearly everywhere.

    :param order: dmy, mdy or ymd, for dates that do not begin with the year
    :param zone: of a time that has no zone of its own
    :param day_zone: of a day without a time, if it is another one
    :raise ValueError: if it is no date

    >>> read_moment("2025-03-03T09:00:00Z", "dmy", UTC)
    (datetime.datetime(2025, 3, 3, 9, 0), True)
    >>> read_moment("3/31/2026", "mdy", UTC)
    (datetime.datetime(2026, 3, 31, 12, 0), False)
    >>> read_moment("31.03.2026 4:50 PM", "dmy", UTC)
    (datetime.datetime(2026, 3, 31, 16, 50), True)
    >>> read_moment("3/31/26, 9:05 UTC", "mdy", UTC)
    (datetime.datetime(2026, 3, 31, 9, 5), True)
    >>> read_moment("1740992400000", "dmy", UTC)
    (datetime.datetime(2025, 3, 3, 9, 0), True)
    >>> read_moment(45719.375, "dmy", UTC)
    (datetime.datetime(2025, 3, 3, 9, 0), True)
    """
    value, has_time = _read_aware(value, order, zone, day_zone)
    return value.astimezone(UTC).replace(tzinfo=None, microsecond=0), has_time


def read_day(value, order, zone):
    """Return the day of a date, or of a moment in a zone; see :func:`read_moment`.

    >>> from zoneinfo import ZoneInfo
    >>> read_day("2025-03-03", "dmy", ZoneInfo("Pacific/Auckland"))
    datetime.date(2025, 3, 3)
    >>> read_day("2025-03-03T23:00:00Z", "dmy", ZoneInfo("Pacific/Auckland"))
    datetime.date(2025, 3, 4)
    """
    return _read_aware(value, order, zone)[0].astimezone(zone).date()


def _read_aware(value, order, zone, day_zone=None):
    has_time = True
    if isinstance(value, int | float) and value < MAX_SERIAL:
        # A date in a cell that is not formatted as one
        value, has_time = _read_serial(value), value % 1 != 0
    elif isinstance(value, str | int | float):
        value, has_time = _parse_moment(str(value).strip(), order)
    elif not isinstance(value, datetime):
        value, has_time = datetime.combine(value, time.min), False
    if value.year not in YEARS:
        raise ValueError(value)
    if not has_time:
        value = value.replace(hour=12)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone if has_time else day_zone or zone)
    return value, has_time


def _read_serial(number):
    return FIRST_DAY + timedelta(seconds=round(number * 24 * 60 * 60))


def _parse_moment(text, order):
    if EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC), True
    text, is_utc = re.subn(r"\s*\b(UTC|GMT)$", "", text)
    text = re.sub(r"\s+([+-]\d{2}:?\d{2})$", r"\1", text)
    value, has_time = _parse_clock(text, order)
    return (value.replace(tzinfo=UTC) if is_utc else value), has_time


def _parse_clock(text, order):
    if re.match(r"\d{4}-\d", text):
        with suppress(ValueError):
            return datetime.fromisoformat(text), len(text) > 10
    text = re.sub(r"^(\d+)[.-](\d+)[.-](\d+)", r"\1/\2/\3", text)
    text = re.sub(r"^(\S+?)(,\s*|T|\s+)(?=\d)", r"\1 ", text)
    day = DAY["ymd"] if re.match(r"\d{4}/", text) else DAY[order]
    if re.match(r"\d+/\d+/\d{2}(\s|$)", text) and day != DAY["ymd"]:
        day = day.replace("%Y", "%y")
    for clock in TIMES:
        try:
            return datetime.strptime(text, day + clock), bool(clock)
        except ValueError:
            continue
    raise ValueError(text)


def guess_decimal(values):
    """Return the decimal mark of the amounts of a file, or None if it stays open.

    >>> guess_decimal(["33.333", "12.50"]), guess_decimal(["1.250.000", "33.333"])
    ('.', ',')
    >>> guess_decimal(["33.333", "7"]) is None, guess_decimal(["1.5", "1,5"]) is None
    (True, True)
    """
    found = set()
    for value in values:
        text = _strip_number(value)[0] if isinstance(value, str) else ""
        marks = [mark for mark in text if mark in ".,"]
        if GROUPED.fullmatch(text):
            if len(set(marks)) == 2 or (marks and not re.search(r"[.,]\d{3}$", text)):
                found.add(marks[-1])
            elif len(marks) > 1:
                found.add({".": ",", ",": "."}[marks[0]])
        elif PLAIN.fullmatch(text):
            found.update(marks)
    return found.pop() if len(found) == 1 else None


def read_number(value, decimal=None):
    """Return a number as people write it; one in parentheses is below zero.

    :param decimal: the decimal mark, as far as it is known; else a single mark before
        three digits groups them: ``12,500`` and ``12.500`` are twelve thousand and more
    :raise ValueError: if it is none, or has more than 15 digits

    >>> read_number("150,000.00"), read_number("12 500,5 €"), read_number("1.250.000")
    (150000.0, 12500.5, 1250000.0)
    >>> read_number("12,500"), read_number("12,50"), read_number("12.500", ".")
    (12500.0, 12.5, 12.5)
    >>> read_number("1234.567"), read_number("0.333"), read_number("(USD 1,300.00)")
    (1234.567, 0.333, -1300.0)
    """
    if isinstance(value, str):
        value = _parse_number(value, decimal)
    elif not isinstance(value, int | float):
        raise ValueError(value)
    if not abs(value) <= MAX_NUMBER:
        raise ValueError(value)
    return float(value)


def _parse_number(value, decimal):
    text, is_negative = _strip_number(value)
    grouped = GROUPED.fullmatch(text)
    if grouped and not (grouped[1] == decimal and text.count(decimal) == 1):
        text = text.replace(grouped[1], "")
    elif not PLAIN.fullmatch(text) and not SCIENTIFIC.fullmatch(text):
        raise ValueError(value)
    number = float(text.replace(",", "."))
    return -number if is_negative else number


def _strip_number(value):
    """Return a text without sign and currency, and whether it is below zero."""
    text = re.sub(r"\s", " ", value.replace("−", "-").replace("’", "'")).strip()
    is_negative = text.startswith("(") and text.endswith(")")
    if is_negative:
        text = text[1:-1]
    text = SIGN.sub(_drop_currency, text, count=1).strip()
    # Some write the sign behind the number.
    sign = re.match(r"[+-]", text) or re.search(r"-$", text)
    if sign and not is_negative:
        is_negative = sign[0] == "-"
        text = (text[: sign.start()] + text[sign.end() :]).strip()
    return text, is_negative


def _drop_currency(match):
    is_currency = len(match[0]) == 1 or match[0] in list_currencies()
    return "" if is_currency else match[0]


def read_percentage(value, is_fraction=False):
    """Return a number from 0 to 100.

    :param is_fraction: 1 is the whole
    :raise ValueError: if it is none

    >>> read_percentage("25 %"), read_percentage("0.29", True)
    (25.0, 29.0)
    >>> read_percentage("33.333")
    33.333
    """
    if isinstance(value, str):
        value = value.strip().removesuffix("%").strip()
        if PLAIN.fullmatch(value):
            # Nothing is grouped below a hundred.
            value = float(value.replace(",", "."))
    value = read_number(value)
    if is_fraction:
        value = round(value * 100, 6)
    if not 0 <= value <= 100:
        raise ValueError(value)
    return value


def has_fractions(values):
    """Tell whether the probabilities of a file are fractions of 1.

    >>> has_fractions(["0.25", "1", ""]), has_fractions(["0.5", "40"])
    (True, False)
    >>> has_fractions(["0", "1"]), has_fractions(["0.5%"])
    (False, False)
    """
    numbers = []
    for value in values:
        if "%" in str(value):
            return False
        try:
            numbers.append(read_percentage(value))
        except ValueError:
            continue
    return any(n % 1 for n in numbers) and max(numbers) <= 1
