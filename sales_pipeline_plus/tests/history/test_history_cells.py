import io
from datetime import date, datetime
from unittest import skipUnless
from zipfile import ZipFile

from openpyxl import Workbook

from odoo.tests import tagged

from .test_history_import import HistoryImportCase

try:
    import xlwt
except ImportError:
    xlwt = None

HEADERS = ["Deal ID", "Stage", "Amount", "Probability", "Close date", "Date"]
# Moment of the change, and how a spreadsheet shows it
MOMENT, DAY = datetime(2025, 4, 3, 9, 30), date(2025, 6, 5)
ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Deals">%s
<table:table-row table:number-rows-repeated="1048000">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def write_xlsx(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell in book.active["D"][1:]:
        cell.number_format = "0%"
    for cell in book.active["F"][1:]:
        cell.number_format = "dd/mm/yyyy hh:mm"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write_xls(rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Deals")
    styles = {
        3: xlwt.easyxf(num_format_str="0%"),
        4: xlwt.easyxf(num_format_str="dd/mm/yyyy"),
        5: xlwt.easyxf(num_format_str="dd/mm/yyyy hh:mm"),
    }
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if value is not None:
                sheet.write(y, x, value, styles.get(x, xlwt.Style.default_style))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def write_ods(rows):
    def write(value, x):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, date):
            kind = f'date" office:date-value="{value.isoformat()}'
            shown = f"{value:%d/%m/%y}"
        elif isinstance(value, str):
            kind, shown = "string", value
        else:
            kind = "percentage" if x == 3 else "float"
            kind, shown = f'{kind}" office:value="{value}', f"{value:.0f}"
        return (
            f'<table:table-cell office:value-type="{kind}">'
            f"<text:p>{shown}</text:p></table:table-cell>"
        )

    lines = ["".join(write(value, x) for x, value in enumerate(row)) for row in rows]
    text = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    file = io.BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS % text)
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestHistoryCells(HistoryImportCase):
    """Numbers, percentages and dates of a workbook are read as they are."""

    rows = [
        HEADERS,
        [101, "Contact made", 33.333, 0.25, DAY, MOMENT],
        [None] * 6,
        [102, "Request", 1200, 1, DAY, MOMENT],
    ]

    def _check(self, name, content):
        wizard = self._bring_in(name, content, tz="Europe/Paris", date_order="mdy")
        self.assertFalse(wizard.problems)
        self.assertFalse(wizard.has_fractions)
        for deal, amount, probability in (
            (self.lathe, 33.333, 25),
            (self.inserts, 1200, 100),
        ):
            self.env.cr.execute(
                "SELECT amount::float8, probability::float8, date_deadline, date "
                "FROM crm_lead_change WHERE lead_id = %s",
                [deal.id],
            )
            self.assertEqual(
                self.env.cr.fetchall(),
                [(amount, probability, DAY, datetime(2025, 4, 3, 7, 30))],
            )

    def test_xlsx(self):
        self._check("history.xlsx", write_xlsx(self.rows))

    @skipUnless(xlwt, "xlwt is not installed")
    def test_xls(self):
        self._check("history.xls", write_xls(self.rows))

    def test_ods(self):
        self._check("history.ods", write_ods(self.rows))

    def test_dates_without_a_format(self):
        """A date may be the number of days that the spreadsheet counts."""
        content = write_xlsx(
            [
                ["Deal ID", "Stage", "Amount", "Colour", "Date", "Size"],
                [101, "Contact made", 5, None, 45750.375],
                [102, "Request", 5, None, 45750],
            ]
        )
        self._bring_in("serial.xlsx", content, tz="Europe/Paris")
        moments = self.env["crm.lead.change"].search([], order="date").mapped("date")
        self.assertEqual(moments, [datetime(2025, 4, 3, 7), datetime(2025, 4, 3, 12)])

    def test_wrong_cells(self):
        """An error in a cell is told of its row alone."""
        content = write_xlsx(
            [
                ["Deal ID", "Stage", "Amount", "Date"],
                [101, "Contact made", "#N/A", "2025-03-03"],
                [102, "Request", True, "2025-03-03"],
                [102, "Quotation", 5, "2025-03-04"],
            ]
        )
        wizard = self._open("errors.xlsx", content)
        self.assertEqual(
            wizard.problems,
            "Row 2: “#N/A” is no number.\nRow 3: “True” is no number.",
        )
        self.assertEqual(wizard.change_count, 1)

    def test_broken_files(self):
        for name, content in (
            ("broken.xlsx", b"PK\x03\x04 broken"),
            ("broken.ods", write_ods(self.rows)[:200]),
            ("empty.csv", b""),
        ):
            with self.subTest(name), self.assertRefused(Exception, ""):
                self._open(name, content)
