"""The cells of a workbook as they are, not as text. Plain, without any record.

As text, 33.333 could be thirty-three thousand, and 03/04/2025 a day in March or April.
A percentage is text with its sign: 25 % is 0.25 in its cell.
"""

import io
from datetime import date, datetime, time
from zipfile import ZipFile

from lxml import etree
from openpyxl import load_workbook
from openpyxl.styles.numbers import is_datetime

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# More equal cells in a row are an empty end of it.
MAX_REPEATED = 1000


def read_xlsx(content):
    """Return the rows of the first sheet, without the empty ones.

    :param bytes content: of the file
    :return: lists of texts, numbers, dates and datetimes; an empty cell is ""
    """
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    # Some programs write the size of a sheet wrongly.
    sheet.reset_dimensions()
    return _keep_filled([_read_xlsx_cell(cell) for cell in row] for row in sheet.rows)


def _read_xlsx_cell(cell):
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        is_day = is_datetime(cell.number_format) == "date"
        return value.date() if is_day and value.time() == time.min else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_number(value, cell.number_format)
    return value if isinstance(value, date) else str(value)


def read_xls(content):
    """Return the rows of the first sheet, see :func:`read_xlsx`."""
    import xlrd  # noqa: PLC0415 (as Odoo, where such a file comes)

    book = xlrd.open_workbook(file_contents=content, formatting_info=True)

    def read_cell(cell):
        if cell.ctype == xlrd.XL_CELL_NUMBER:
            style = book.xf_list[cell.xf_index].format_key
            return _read_number(cell.value, book.format_map[style].format_str)
        if cell.ctype == xlrd.XL_CELL_DATE:
            moment = xlrd.xldate_as_datetime(cell.value, book.datemode)
            return moment if cell.value % 1 else moment.date()
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return str(bool(cell.value))
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "")
        return cell.value

    return _keep_filled(
        [read_cell(cell) for cell in row] for row in book.sheet_by_index(0).get_rows()
    )


def read_ods(content):
    """Return the rows of the first table, see :func:`read_xlsx`."""
    with ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as file:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        root = etree.parse(file, parser)
    table = next(root.iter(f"{TABLE}table"))
    rows = []
    for row in table.iter(f"{TABLE}table-row"):
        cells = []
        for cell in row.iterchildren(
            f"{TABLE}table-cell", f"{TABLE}covered-table-cell"
        ):
            times = int(cell.get(f"{TABLE}number-columns-repeated", 1))
            value = _read_ods_cell(cell)
            cells += [value] * (times if value != "" else min(times, MAX_REPEATED))
        times = int(row.get(f"{TABLE}number-rows-repeated", 1))
        rows += [cells] * (times if any(value != "" for value in cells) else 1)
    return _keep_filled(rows)


def _read_ods_cell(cell):
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "date":
        text = cell.get(f"{OFFICE}date-value")
        moment = datetime.fromisoformat(text)
        return moment if "T" in text else moment.date()
    if kind in ("float", "currency", "percentage"):
        number = float(cell.get(f"{OFFICE}value"))
        return _read_number(number, "%" if kind == "percentage" else "")
    return "\n".join("".join(line.itertext()) for line in cell.iter(f"{TEXT}p"))


def _read_number(number, style):
    """
    >>> _read_number(101.0, "General"), _read_number(0.125, "0.0%")
    (101, '12.5%')
    """
    if "%" in style:
        return f"{round(number * 100, 6):g}%"
    return int(number) if number % 1 == 0 else number


def _keep_filled(rows):
    def is_filled(value):
        return bool(value.strip()) if isinstance(value, str) else True

    return [row for row in rows if any(map(is_filled, row))]
