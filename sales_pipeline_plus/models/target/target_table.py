"""What the head of a column says about a period. Plain, without any record."""

import re
from datetime import date, datetime

from babel.dates import get_month_names
from dateutil.relativedelta import relativedelta

from ...kpi.target_period import Span, get_start
from ...tools.arguments import FIRST_DAY, LAST_DAY

# Those that the addons are translated into
LANGUAGES = ("en", "fr", "de", "es", "it", "nl")
YEAR = r"(?P<year>(?:19|20|21)\d\d)"
# The words that a target or a fiscal year is headed with: "Actual 2025" is none.
FISCAL_WORDS = (
    "fy|year|ex|exercice|année|gj|geschäftsjahr|jahr|ej|ejercicio|año"
    "|es|esercizio|anno|bj|boekjaar|jaar"
)
TARGET_WORDS = (
    "target|quota|budget|goal|objectif|ziel|zielwert|objetivo|meta|presupuesto"
    "|obiettivo|valore obiettivo|doel|doelen"
)
FISCAL_YEAR = rf"(?:(?:{FISCAL_WORDS})s?\W*)?{YEAR}"
QUARTERS = (
    re.compile(rf"[qtk]\s*(?P<number>[1-4])\W*{FISCAL_YEAR}", re.IGNORECASE),
    re.compile(rf"{FISCAL_YEAR}\W*[qtk]\s*(?P<number>[1-4])", re.IGNORECASE),
    re.compile(rf"(?P<number>[1-4])\D*(?:trim|quart|kwart)\D*{YEAR}", re.IGNORECASE),
)
MONTHS = (
    re.compile(rf"(?P<month>0?[1-9]|1[0-2])[./-]{YEAR}"),
    re.compile(rf"{YEAR}[./-](?P<month>0?[1-9]|1[0-2])"),
)
WHOLE_YEAR = re.compile(
    rf"(?:(?:{TARGET_WORDS})s?\W*)?{FISCAL_YEAR}(?:/(?P<end>\d\d))?", re.IGNORECASE
)
NAMED_MONTH = re.compile(rf"(?P<name>[^\W\d]{{3,}})\.?(?:\W+de\b)?\W*{YEAR}")
DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")
# How the column of the owner's team is headed, besides the user's own language
TEAM_HEADERS = {
    "team",
    "sales team",
    "équipe",
    "équipe commerciale",
    "verkaufsteam",
    "vertriebsteam",
    "equipo",
    "equipo de ventas",
    "team di vendita",
    "verkoopteam",
}


def read_spans(headers, languages=LANGUAGES, fiscal_last_month=12):
    """Return {index of the column: Span} of the headers that are periods.

    Q1 2026, T1 2026, 2026-Q1; Jan 2026, janv. 2026, 01/2026, 2026-01; 2026, FY 2026;
    in the languages of the addons, and where two of them differ, in the last one. A day
    stands for the month that it lies in, or for the quarter or year where the days are
    that far apart. Quarters and years are named as those of the fiscal year are: by the
    year in which it ends.

    >>> read_spans(["Name", "Q1 2026", "2026-T2"])[2].start
    datetime.date(2026, 4, 1)
    >>> [span.start.month for span in read_spans(
    ...     ["Jan 2026", "févr. 2026", "03/2026", "2026-04", "mayo de 2026"]).values()]
    [1, 2, 3, 4, 5]
    >>> read_spans(["", "FY 2027"], fiscal_last_month=6)
    {1: Span(unit='year', start=datetime.date(2026, 7, 1))}
    >>> read_spans(["", "Q2 FY 2027"], fiscal_last_month=6)
    {1: Span(unit='quarter', start=datetime.date(2026, 10, 1))}
    >>> read_spans(["", "2026/27", "2026/28"], fiscal_last_month=6)
    {1: Span(unit='year', start=datetime.date(2026, 7, 1))}
    >>> read_spans(["", "2026/27", "Actual 2025", "Total 2026"])
    {}
    >>> len(read_spans(["", "Target 2025", "Objectif 2026", "2027", "Ziel GJ 2028"]))
    4
    >>> read_spans([date(2025, 5, 31), date(2025, 8, 31), date(2025, 11, 30)])[1]
    Span(unit='quarter', start=datetime.date(2025, 7, 1))
    """
    names = _get_months_by_name(languages)
    spans, days = {}, {}
    for index, header in enumerate(headers):
        day = _read_day(header)
        if day and FIRST_DAY <= day <= LAST_DAY:
            days[index] = day
            continue
        span = _read_span(str(header).strip(), names, fiscal_last_month)
        if span:
            spans[index] = span
    unit = _guess_unit(sorted(days.values()))
    for index, day in days.items():
        spans[index] = Span(unit, get_start(day, unit, fiscal_last_month))
    return dict(sorted(spans.items()))


def _get_months_by_name(languages):
    return {
        name.lower().rstrip("."): number
        for language in languages
        for width in ("wide", "abbreviated")
        for number, name in get_month_names(width, locale=language).items()
    }


def _read_day(header):
    if isinstance(header, datetime):
        return header.date()
    if isinstance(header, date):
        return header
    found = DAY.fullmatch(str(header).strip())
    try:
        return found and date(*map(int, found.groups()))
    except ValueError:
        return None


def _guess_unit(days):
    """Return what days that far apart stand for."""
    if len(days) < 2:
        return "month"
    least = min((b - a).days for a, b in zip(days, days[1:], strict=False))
    return "year" if least > 330 else "quarter" if least > 80 else "month"


def _read_span(text, names, fiscal_last_month):
    first_month = fiscal_last_month % 12 + 1

    def get_year(found):
        year = int(found["year"])
        return date(year - (first_month > 1), first_month, 1)

    for pattern in QUARTERS:
        if found := pattern.fullmatch(text):
            months = 3 * (int(found["number"]) - 1)
            return Span("quarter", get_year(found) + relativedelta(months=months))
    for pattern in MONTHS:
        if found := pattern.fullmatch(text):
            return Span("month", date(int(found["year"]), int(found["month"]), 1))
    if (found := NAMED_MONTH.fullmatch(text)) and found["name"].lower() in names:
        month = names[found["name"].lower()]
        return Span("month", date(int(found["year"]), month, 1))
    if found := WHOLE_YEAR.fullmatch(text):
        if not found["end"]:
            return Span("year", get_year(found))
        year = int(found["year"])
        # Two years are a fiscal year that is none of the calendar.
        if first_month > 1 and int(found["end"]) == (year + 1) % 100:
            return Span("year", date(year, first_month, 1))
    return None


def get_cell_name(row, column):
    """Return the name of a cell in a spreadsheet; both are counted from 0.

    >>> get_cell_name(0, 0), get_cell_name(4, 27)
    ('A1', 'AB5')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
