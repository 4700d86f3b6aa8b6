from io import BytesIO

import openpyxl
from freezegun import freeze_time

from odoo.tests import tagged

from ...kpi.funnel import PARTS
from .common import NOW, PERIOD, FunnelCase


@tagged("post_install", "-at_install")
class TestFunnelWorkbook(FunnelCase):
    """The sheets have the numbers of the page."""

    def _get_tables(self, name):
        target = BytesIO()
        writer = self._get_kpi(self.salesman).env["crm.kpi.workbook"]
        with freeze_time(NOW):
            writer._write_workbook(target, {"period": PERIOD})
        sheet = openpyxl.load_workbook(target)[name]
        return [
            [[cell.value for cell in row] for row in sheet[table.ref]][1:]
            for table in sheet.tables.values()
        ]

    def test_sheets(self):
        with self._at("2026-03-02 09:00:00"):
            won, lost = (
                self._new_deal(self.equipment, self.qualified) for _number in range(2)
            )
        with self._at("2026-03-12 09:00:00"):
            won.action_set_won()
            lost.action_set_lost()
        stages = self._get_funnel(self.salesman)[self.equipment.id]
        [rows] = self._get_tables("Funnel")
        self.assertEqual(
            [row[2:7] for row in rows],
            [[part and part["count"] for part in self._get_parts(s)] for s in stages],
        )
        self.assertEqual(
            [row[9:] for row in rows],
            [[part and part["amount"] for part in self._get_parts(s)] for s in stages],
        )
        self.assertEqual(rows[0][7:9], [stages[0]["drop_off"] / 100, 10])
        counts, amounts = self._get_tables("Cohorts")
        self.assertEqual(counts[-1][1:5], [2, 0.5, 0.5, None])
        self.assertEqual(amounts[-1][1:5], [2 * 1234.56, 0.5, 0.5, None])

    def _get_parts(self, stage):
        return [stage[part] for part in PARTS]
