from io import BytesIO

import openpyxl
from freezegun import freeze_time

from odoo.tests import tagged

from .test_outlook import OutlookCase


@tagged("post_install", "-at_install")
class TestOutlookWorkbook(OutlookCase):
    """The sheet has the numbers of the page."""

    def test_sheet(self):
        deals = [self._new(at="2026-05-20 08:00") for _number in range(3)]
        self._take("2026-06-01 06:00")
        self._win(deals[0], "2026-06-03")
        target = BytesIO()
        writer = self._get_kpi(self.salesman).env["crm.kpi.workbook"]
        with freeze_time(self.NOW):
            writer._write_workbook(target, {"period": "last_month"})
        sheet = openpyxl.load_workbook(target)["What Will Come"]
        methods, stages = (
            [[cell.value for cell in row] for row in sheet[table.ref]][1:]
            for table in sheet.tables.values()
        )
        answer = self._get_outlook(self.salesman, window="this_quarter")
        self.assertEqual(
            [row[1] for row in methods],
            [method["value"] for method in answer["methods"]],
        )
        self.assertEqual(methods[0][0], "Share Won by Stage (used)")
        [stage] = answer["stages"]
        self.assertEqual(
            stages[0][:4], [stage[n] for n in ("label", "value", "low", "high")]
        )
        self.assertEqual(stages[0][7:], [3, 1])
        self.assertIn(answer["words"][0], sheet.cell(2, 1).value)
