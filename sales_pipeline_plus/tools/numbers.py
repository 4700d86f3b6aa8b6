"""Which values Odoo can keep as a number. By RPC and import any value may come."""

from math import isfinite, nan

# What PostgreSQL keeps in a column of whole numbers.
LARGEST_INTEGER = 2**31 - 1
READERS = {"float": float, "integer": int, "monetary": float}


def read_number(value, kind="float"):
    """Return the number that Odoo would keep, or NaN for what is none.

    :param str kind: the type of the field

    >>> read_number(False), read_number("12.5"), read_number("12.5", "integer")
    (0.0, 12.5, nan)
    >>> [read_number(value) for value in ("inf", "ten", [1], [])]
    [nan, nan, nan, nan]
    """
    is_nothing = value is None or value is False or value == ""
    try:
        number = READERS[kind](0 if is_nothing else value)
    except (OverflowError, TypeError, ValueError):
        return nan
    is_kept = isfinite(number) and (kind != "integer" or abs(number) <= LARGEST_INTEGER)
    return number if is_kept else nan
