"""A workbook with real tables, in one style."""

import re
from dataclasses import dataclass
from math import ceil

import xlsxwriter
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from .text import clean, get_length, get_sheet_name, get_table_name, is_like_formula

ACCENT = "#714B67"
HEADER = "#EFE9EE"
MUTED = "#6C757D"
GOOD = "#1A7F37"
BAD = "#B3261E"
SERIES = ("#714B67", "#017E84", "#E4A900", "#5B8DB8", "#A94442")
TEXTS = ("text", "wrapped")
DATES = ("month", "date", "datetime")
TABLE_STYLE = "Table Style Light 15"
NARROWEST, WIDEST = 9, 60
# A remark that is longer is wrapped over the first columns.
REMARK_LENGTH, REMARK_COLUMNS = 120, 7
# The rows that a column's width is made for.
MEASURED_ROWS = 200
# Excel's own limit, less the title rows.
MOST_ROWS = 1_048_000


@dataclass(frozen=True)
class Column:
    """A column of a table.

    ``kind``: text, wrapped, count, number, amount, percentage (0-100), points, change
    (in percent), days, hours, month, date, datetime. ``bar`` draws a bar into each
    cell.
    """

    label: str
    kind: str = "text"
    bar: bool = False
    width: float | None = None


@dataclass(frozen=True)
class Style:
    """How numbers and dates look: Excel formats, in the codes of the file format."""

    amount: str
    date: str
    datetime: str
    is_right_to_left: bool = False
    percentage: str = "0.0%"
    days: str = "#,##0.0"
    hours: str = "#,##0.0"
    points: str = "0.0"


class TableWorksheet(Worksheet):
    """A sheet that can hold a table and still write each row to disk at once.

    Only the sheets that need it are written so; the others can be changed until the
    workbook is complete.
    """

    def _opt_close(self):
        # xlsxwriter asks it of all sheets or of none.
        return super()._opt_close() if self.row_data_fh else None

    def add_streamed_table(self, first_row, last_row, columns, options):
        """Add a table from column 0 whose rows are written later, one after the other.

        xlsxwriter refuses tables in its constant memory, since it notes each of their
        cells: so it makes one of a single row, which is then told how long it is.
        """
        self.constant_memory = False
        self.add_table(first_row, 0, first_row + 1, len(columns) - 1, options)
        self.constant_memory = True
        cells = xl_range(first_row, 0, last_row, len(columns) - 1)
        table = self.tables[-1]
        table["range"] = table["a_range"] = table["autofilter"] = cells


class Book:
    """A workbook under way; use it as a context manager, then it is complete.

    :param target: path or binary file to write to
    :param Style style: how numbers and dates look
    :param str page_text: translated "Page {page} of {pages}"
    """

    def __init__(self, target, style, page_text, properties=None):
        self.style = style
        self.page_text = page_text
        self.workbook = xlsxwriter.Workbook(
            target,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
                "remove_timezone": True,
            },
        )
        self.workbook.set_properties(properties or {})
        self.formats = {}
        self.table_names = []

    def __enter__(self):
        return self

    def __exit__(self, exception_type, _exception, _traceback):
        if exception_type is None:
            self.workbook.close()
            return
        # What was written so far lies in open temporary files.
        for sheet in self.workbook.worksheets():
            sheet._opt_close()

    # ------------------------------------------------------------
    # Formats
    # ------------------------------------------------------------

    def get_format(self, **properties):
        """Return the format with these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(
                {"font_name": "Calibri", "valign": "vcenter", **properties}
            )
        return self.formats[key]

    def get_kind_format(self, kind, **properties):
        """Return the format of a kind of column, see :class:`Column`."""
        style = self.style
        numbers = {
            "count": "#,##0",
            "amount": style.amount,
            "number": "#,##0.00",
            "percentage": style.percentage,
            "points": f"+{style.points};-{style.points};{style.points}",
            "change": f"+{style.percentage};-{style.percentage};{style.percentage}",
            "days": style.days,
            "hours": style.hours,
            "month": "mmm yyyy",
            "date": style.date,
            "datetime": style.datetime,
        }
        if kind in numbers:
            properties["num_format"] = numbers[kind]
        if kind in DATES:
            properties.setdefault("align", "left")
        if kind == "wrapped":
            properties["text_wrap"] = True
        return self.get_format(**properties)

    # ------------------------------------------------------------
    # Sheets
    # ------------------------------------------------------------

    def add_sheet(self, name, is_streamed=False, is_landscape=True, pages=1, across=1):
        """Return a new sheet, ready to print; its name is made to fit.

        :param is_streamed: rows are written to disk one by one, and cannot be changed
        :param pages: the pages that it is printed on, from top to bottom; 0: as needed
        :param across: the pages from left to right, each of which begins with the
            first column
        """
        self.workbook.constant_memory = is_streamed
        sheet = self.workbook.add_worksheet(
            get_sheet_name(name, self.workbook.sheetnames), TableWorksheet
        )
        self.workbook.constant_memory = True
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.fit_to_pages(across, pages)
        if across > 1:
            sheet.repeat_columns(0)
        sheet.center_horizontally()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        if is_landscape:
            sheet.set_landscape()
        if self.style.is_right_to_left:
            sheet.right_to_left()
        page = self.page_text.replace("&", "&&").format(page="&P", pages="&N")
        sheet.set_footer(f"&L&8&A&R&8{page}")
        return sheet

    def write_title(self, sheet, title, remark=""):
        """Write a sheet's title and the line under it; tables begin at row 3."""
        sheet.set_row(0, 26)
        sheet.write_string(
            0, 0, clean(title), self.get_format(bold=True, font_size=16, color=ACCENT)
        )
        self.write_remark(sheet, 1, remark)

    def write_contents(self, sheet, row, column):
        """Write the names of the other sheets as links to them."""
        style = self.get_format(font_color=ACCENT, underline=1)
        others = [each for each in self.workbook.worksheets() if each is not sheet]
        for number, other in enumerate(others, start=row):
            quoted = other.name.replace("'", "''")
            sheet.write_url(
                number, column, f"internal:'{quoted}'!A1", style, string=other.name
            )

    def write_remark(self, sheet, row, text):
        """Write a line under something; a long one gets the lines that it needs."""
        text = clean(text)
        style = {"italic": True, "color": MUTED}
        lines = ceil(get_length(text) / REMARK_LENGTH)
        if lines > 1:
            sheet.set_row(row, 15 * lines)
            sheet.merge_range(
                row,
                0,
                row,
                REMARK_COLUMNS,
                "",
                self.get_format(**style, text_wrap=True),
            )
            style["text_wrap"] = True
        sheet.write_string(row, 0, text, self.get_format(**style))

    # ------------------------------------------------------------
    # Cells and tables
    # ------------------------------------------------------------

    def write_cell(self, sheet, row, column, value, kind, **properties):
        """Write a value by the kind of its column. None stays empty: no data."""
        if kind in TEXTS and is_like_formula(clean(value)):
            properties["quote_prefix"] = True
        style = self.get_kind_format(kind, **properties)
        self._write_value(sheet, row, column, value, kind, style)

    def _write_value(self, sheet, row, column, value, kind, style):
        if kind in TEXTS:
            sheet.write_string(row, column, clean(value), style)
        elif value is None or value is False:
            sheet.write_blank(row, column, None, style)
        elif kind in DATES:
            sheet.write_datetime(row, column, value, style)
        else:
            if kind in ("percentage", "change"):
                # Excel's percentages are fractions.
                value /= 100
            sheet.write_number(row, column, value, style)

    def write_table(self, sheet, row, columns, rows, count=None, empty_text=""):
        """Write a table from column 0: filters, frozen header, bars, widths that fit.

        :param row: the header's row; of the first table of a sheet it is frozen
        :param columns: list of :class:`Column`
        :param rows: iterable of lists of values, in their order; where a cell needs a
            kind of its own, (value, kind)
        :param count: number of rows, needed on a sheet that is written to disk
        :param empty_text: what the only row says if there is none
        :return: the last row
        """
        if count is None:
            rows = list(rows)
            count = len(rows)
        if not count:
            rows, count = [[empty_text] + [None] * (len(columns) - 1)], 1
        last_row = row + count
        headers = self._get_headers(columns)
        self._add_table(sheet, row, last_row, columns, headers)
        # A header has two lines and the filter's button.
        widths = [
            max([get_length(header) // 2, *map(get_length, header.split())]) + 4
            for header in headers
        ]
        for number, values in enumerate(rows, start=row + 1):
            self._set_height(sheet, number, columns, values)
            self._write_row(sheet, number, columns, values, empty_text)
            if number - row <= MEASURED_ROWS:
                widths = [
                    max(width, self._get_width(value, column.kind) + 2)
                    for width, value, column in zip(
                        widths, values, columns, strict=True
                    )
                ]
        for index, column in enumerate(columns):
            if column.bar and count > 1:
                sheet.conditional_format(
                    row + 1,
                    index,
                    last_row,
                    index,
                    {
                        "type": "data_bar",
                        "bar_color": "#C9B6C3",
                        "bar_solid": True,
                        "min_type": "num",
                        "min_value": 0,
                    },
                )
            width = column.width or min(max(widths[index], NARROWEST), WIDEST)
            sheet.set_column(index, index, width)
        return last_row

    def _write_row(self, sheet, row, columns, values, empty_text):
        """Write the cells of a row, most of them in the format of their column."""
        for index, (column, value) in enumerate(zip(columns, values, strict=True)):
            kind = column.kind
            if isinstance(value, tuple):
                value, kind = value
            elif value == empty_text:
                kind = "text"
            if isinstance(value, str) and is_like_formula(value):
                self.write_cell(sheet, row, index, value, kind)
            else:
                style = self.formats.get(kind) or self.get_kind_format(kind)
                self.formats[kind] = style
                self._write_value(sheet, row, index, value, kind, style)

    def _set_height(self, sheet, row, columns, values):
        """Make a row as high as its wrapped texts need, by a cautious guess."""
        lines = [
            ceil(get_length(clean(value)) * 1.1 / column.width)
            for column, value in zip(columns, values, strict=True)
            if column.kind == "wrapped"
        ]
        if lines:
            sheet.set_row(row, 15 * max(lines) + 3)

    def _add_table(self, sheet, row, last_row, columns, headers):
        name = get_table_name(sheet.name, self.table_names)
        self.table_names.append(name)
        styles = [
            self.get_format(
                bold=True,
                text_wrap=True,
                bottom=1,
                bg_color=HEADER,
                align="left" if column.kind in (*TEXTS, *DATES) else "right",
            )
            for column in columns
        ]
        options = {
            "name": name,
            "style": TABLE_STYLE,
            "columns": [
                {"header": header, "header_format": style}
                for header, style in zip(headers, styles, strict=True)
            ],
        }
        sheet.set_row(row, 34)
        if sheet.constant_memory:
            sheet.add_streamed_table(row, last_row, columns, options)
            for index, header in enumerate(headers):
                sheet.write_string(row, index, header, styles[index])
        else:
            sheet.add_table(row, 0, last_row, len(columns) - 1, options)
        if len(sheet.tables) == 1:
            sheet.freeze_panes(row + 1, 1)
            sheet.repeat_rows(row)
        else:
            # The header of one table does not fit the rows of another.
            sheet.repeat_row_range = ""

    def _get_headers(self, columns):
        """Return the labels; Excel wants them all different, whatever their case."""
        headers = []
        for column in columns:
            label, number = clean(column.label) or " ", 1
            header = label
            while header.lower() in (each.lower() for each in headers):
                number += 1
                header = f"{label} ({number})"
            headers.append(header)
        return headers

    def _get_axis_format(self, unit):
        """Return the format of an axis: the unit's, without decimals."""
        style = {
            "amount": self.style.amount,
            "percentage": self.style.percentage,
            "days": self.style.days,
            "hours": self.style.hours,
        }.get(unit, "#,##0")
        return re.sub(r"\.0+", "", style)

    def _get_width(self, value, kind):
        if isinstance(value, tuple):
            value, kind = value
        if value is None or value is False:
            return 0
        if kind in TEXTS or isinstance(value, str):
            lines = clean(value).splitlines() or [""]
            return max(get_length(line) for line in lines)
        if kind in DATES:
            return get_length(getattr(self.style, kind, "mmm yyyy"))
        digits = len(f"{value:,.1f}" if kind != "count" else f"{value:,.0f}")
        if kind in ("days", "hours"):
            style = getattr(self.style, kind)
            return digits + get_length("".join(re.findall('"(.*?)"', style)))
        return digits + (get_length(self.style.amount) // 3 if kind == "amount" else 3)

    # ------------------------------------------------------------
    # Charts
    # ------------------------------------------------------------

    def add_chart(
        self,
        sheet,
        kind,
        title,
        place,
        series,
        size=(720, 320),
        category_format=None,
        unit="count",
    ):
        """Put a native chart on a sheet.

        :param kind: column, bar or line
        :param place: (row, column) of its upper left corner
        :param series: list of dicts: ``name``; ``categories`` and ``values``, each
            (first row, column, last row, column)
        :param category_format: Excel's format of the categories, if they are dates
        :param unit: kind of the values, see :class:`Column`, which the axis is in
        """
        chart = self.workbook.add_chart({"type": kind})
        for index, each in enumerate(series):
            color = SERIES[index % len(SERIES)]
            style = (
                {"line": {"color": color, "width": 2.25}}
                if kind == "line"
                else {
                    "fill": {"color": color},
                    "gap": 60,
                }
            )
            chart.add_series(
                {
                    "name": clean(each["name"]),
                    "categories": [sheet.name, *each["categories"]],
                    "values": [sheet.name, *each["values"]],
                    **style,
                }
            )
        chart.set_title({"name": clean(title), "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"} if len(series) > 1 else {"none": True})
        axis = {"major_gridlines": {"visible": True, "line": {"color": "#DEE2E6"}}}
        if kind == "bar":
            chart.set_y_axis({"reverse": True})
            chart.set_x_axis({**axis, "num_format": self._get_axis_format(unit)})
        else:
            chart.set_y_axis({**axis, "num_format": self._get_axis_format(unit)})
            if category_format:
                chart.set_x_axis({"num_format": category_format, "text_axis": True})
        chart.set_size({"width": size[0], "height": size[1]})
        chart.show_blanks_as("gap")
        sheet.insert_chart(*place, chart, {"object_position": 2})
