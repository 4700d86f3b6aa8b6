"""What the rows of another CRM's export say. Plain functions, without any record.

An export has one row for each change of a deal. Some have a row for each field that
changed (Pipedrive, HubSpot), some a row with all that was true then (Salesforce). Which
one it is, the columns tell.
"""

import re
from typing import NamedTuple

from .history_words import COLUMNS, FIELDS

FACTS = tuple(FIELDS)


class Row(NamedTuple):
    """One row of an export; ``facts`` are texts as the file has them."""

    number: int
    deal: str
    deal_name: str
    row_id: str
    moment: object
    user: str
    facts: dict
    old_facts: dict
    activity: dict | None


def _get_key(text):
    return re.sub(r"^(deal|activity|opportunity) - ", "", str(text).strip().lower())


def _find(words, text):
    return next((name for name, known in words.items() if text in known), None)


def get_columns(headers):
    """Return {what a column is: its place} for the columns that are known.

    >>> get_columns(["Deal ID", "Time", "Colour", "Deal - Stage"])
    {'deal': 0, 'moment': 1, 'stage': 3}
    """
    columns = {}
    for place, header in enumerate(headers):
        name = _find(COLUMNS, _get_key(header))
        if name:
            columns.setdefault(name, place)
    return columns


def get_missing_columns(columns):
    """Return what a file lacks to be a history: deal, moment, or a fact.

    >>> get_missing_columns({"deal": 0, "moment": 1, "stage": 2})
    []
    >>> get_missing_columns({"stage": 2, "deal_name": 0})
    ['moment']
    """
    missing = []
    if not {"deal", "deal_name"} & columns.keys():
        missing.append("deal")
    if "moment" not in columns:
        missing.append("moment")
    is_long = {"field", "value"} <= columns.keys()
    if not is_long and not {*FACTS, "activity", "subject"} & columns.keys():
        missing.append("fact")
    return missing


def read_rows(headers, rows):
    """Yield a :class:`Row` for each row; fields of no interest are left out.

    >>> headers = ["Deal ID", "Property", "Value", "Timestamp"]
    >>> [row.facts for row in read_rows(headers, [["1", "dealstage", "Offer", "2025"]])]
    [{'stage': 'Offer'}]
    """
    columns = get_columns(headers)
    is_long = {"field", "value"} <= columns.keys()
    # Odoo's own export names an opportunity where others number it.
    columns.setdefault("deal_name", columns.get("deal"))

    def read(row, name):
        place = columns.get(name)
        value = row[place] if place is not None and place < len(row) else ""
        return value.strip() if isinstance(value, str) else value

    # The first row of a file is number 1, as a spreadsheet counts.
    for number, row in enumerate(rows, start=2):
        old_facts, activity = {}, None
        if is_long:
            name = _find(FIELDS, _get_key(read(row, "field")))
            if not name:
                continue
            facts = {name: read(row, "value")}
            old_facts = {name: read(row, "old_value")}
        else:
            facts = {name: read(row, name) for name in FACTS}
            old_facts = {"stage": read(row, "old_stage")}
            if {"activity", "subject"} & columns.keys():
                activity = {
                    name: str(read(row, name))
                    for name in ("activity", "subject", "note")
                }
                facts = {}
        yield Row(
            number=number,
            deal=str(read(row, "deal")),
            deal_name=str(read(row, "deal_name")),
            row_id=str(read(row, "row_id")),
            moment=read(row, "moment"),
            user=str(read(row, "user")),
            facts={name: value for name, value in facts.items() if value != ""},
            old_facts={name: value for name, value in old_facts.items() if value != ""},
            activity=activity,
        )
