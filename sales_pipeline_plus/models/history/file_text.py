"""How the text of a CSV file is written. Plain functions, without any record."""

import csv
import io
import re

import chardet

from .history_file import get_columns

SEPARATORS = (",", ";", "\t", "|")
# Few bytes of a Western file are taken for many things that nobody exports.
EXPORTED = re.compile(
    r"ascii|utf|windows-125[013]|koi8|cp9\d\d|shift|gb|big5|euc", re.IGNORECASE
)


def guess_encoding(content):
    """Return the encoding of a file.

    >>> [guess_encoding("Étape;Niño".encode(code)) for code in ("utf-8", "latin-1")]
    ['utf-8', 'windows-1252']
    """
    found = chardet.detect(content)["encoding"] or "utf-8"
    return found.lower() if EXPORTED.match(found) else "windows-1252"


def guess_separator(text):
    """Return what separates the columns, as the headers tell; "" if they do not.

    The rows of a file need not be equally long.

    >>> guess_separator("Deal ID;Stage;Date, time\\n1;A;2025\\n1;B")
    ';'
    >>> guess_separator("One")
    ''
    """
    known = {}
    for separator in SEPARATORS:
        try:
            headers = next(csv.reader(io.StringIO(text), delimiter=separator), ())
        except csv.Error:
            continue
        known[separator] = len(get_columns(headers))
    best = max(known, key=known.get, default="")
    return best if known.get(best) else ""
