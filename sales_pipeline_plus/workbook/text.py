"""Texts that a workbook can hold, whoever wrote them."""

import re

# Excel counts UTF-16 units.
LONGEST_TEXT = 32_767
LONGEST_SHEET_NAME = 31
# A cell that begins so becomes a formula when it is typed again, or read from a CSV.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def get_length(text):
    """Return the length in UTF-16 units.

    >>> get_length("a😀")
    3
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text, length):
    """Return the text cut to a number of UTF-16 units, with an ellipsis, never within
    a character.

    >>> cut("abc", 3), cut("abcd", 3), cut("ab😀", 3)
    ('abc', 'ab…', 'ab…')
    """
    if get_length(text) <= length:
        return text
    units = text.encode("utf-16-le", "surrogatepass")[: 2 * (length - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def clean(value):
    """Return any value as a text that a cell can hold: not too long, without halves of
    characters.

    >>> clean(None), clean("a\\ud800b"), clean(12)
    ('', 'a?b', '12')
    >>> len(clean("x" * 40_000))
    32767
    """
    if value is None or value is False:
        return ""
    text = str(value).encode("utf-8", "replace").decode("utf-8")
    return cut(text, LONGEST_TEXT)


def is_like_formula(text):
    """Whether a program could take the text for a formula.

    >>> is_like_formula("=1+1"), is_like_formula("Pump -3"), is_like_formula("")
    (True, False, False)
    """
    return text.startswith(FORMULA_STARTS)


def get_table_name(wanted, taken):
    """Return a name for a table that Excel accepts and no other table has.

    >>> get_table_name("Won & Lost", []), get_table_name("Pipeline", ["pipeline"])
    ('Won_Lost', 'Pipeline_2')
    >>> get_table_name("Q4", []), get_table_name("2026", []), get_table_name("", [])
    ('_Q4', '_2026', '_')
    """
    base = re.sub(r"\W+", "_", clean(wanted)).strip("_")
    # What begins with a digit, or looks like a cell, is no name.
    if not base or re.match(r"\d|[a-z]{1,3}\d+$|[rc]\d*(c\d*)?$", base.lower()):
        base = f"_{base}"
    reserved = {name.lower() for name in taken}
    name, number = base, 1
    while name.lower() in reserved:
        number += 1
        name = f"{base}_{number}"
    return name


def get_sheet_name(wanted, taken):
    """Return a name that Excel accepts and no sheet has yet, whatever its case.

    >>> get_sheet_name("Won/Lost [2026]", [])
    'Won-Lost -2026-'
    >>> get_sheet_name("deals", ["Deals", "deals (2)"])
    'deals (3)'
    >>> get_sheet_name("'quoted'", []), get_sheet_name("", [])
    ('quoted', 'Sheet')
    >>> get_sheet_name("History", [])
    'History (2)'
    """
    # Excel keeps "History" for itself.
    reserved = {"history", *(name.lower() for name in taken)}
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", clean(wanted)).strip().strip("'")
    base = cut(base.strip() or "Sheet", LONGEST_SHEET_NAME)
    name, number = base, 1
    while name.lower() in reserved:
        number += 1
        suffix = f" ({number})"
        name = cut(base, LONGEST_SHEET_NAME - len(suffix)) + suffix
    return name
