from io import BytesIO

import openpyxl
from freezegun import freeze_time

from odoo.tests import tagged

from .common import ChangesCase


@tagged("post_install", "-at_install")
class TestChangesWorkbook(ChangesCase):
    """The sheet has the bars of the page."""

    def _get_tables(self, user, filters, moment):
        target = BytesIO()
        writer = self._get_kpi(user).env["crm.kpi.workbook"]
        with freeze_time(moment):
            writer._write_workbook(target, filters)
        sheet = openpyxl.load_workbook(target)["What Changed"]
        return [
            [[cell.value for cell in row] for row in sheet[table.ref]][1:]
            for table in sheet.tables.values()
        ]

    def _get_expected(self, user, moment, **filters):
        bars = self._get_changes(user, moment, **filters)
        return [
            [bar[name] for name in ("label", "deals", "count", "amount", "weighted")]
            for bar in bars.values()
        ]

    def test_sheet(self):
        with self._at(self.BEFORE):
            deals = [
                self._new_deal(self.equipment, self.offer, expected_revenue=amount)
                for amount in (100, 200, 300)
            ]
        self._take_week("2026-05-25 06:00:00")
        with self._at("2026-05-27 08:00:00"):
            deals[0].expected_revenue = 150
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            deals[1].action_set_won()
        june = {"start": "2026-06-01", "end": "2026-06-30"}
        bars, changes = self._get_tables(self.salesman, {"period": june}, self.NOW)
        expected = self._get_expected(self.salesman, self.NOW, start="2026-05-25")
        self.assertEqual(bars, expected)
        self.assertEqual([row[0] for row in changes], ["Closed as Won", "Amount Up"])
        self._take_week("2026-06-29 06:00:00")
        period = {"period": june, "team_ids": self.equipment_team.ids}
        later = "2026-07-03 09:00:00"
        bars, _changes = self._get_tables(self.manager, period, later)
        expected = self._get_expected(
            self.manager,
            later,
            start="2026-05-25",
            end="2026-06-29",
            team_ids=self.equipment_team.ids,
        )
        self.assertEqual(bars, expected)

    def test_nothing_to_compare(self):
        for moment in (self.NOW, "2026-07-03 09:00:00"):
            (bars,) = self._get_tables(
                self.salesman,
                {"period": {"start": "2026-06-01", "end": "2026-06-30"}},
                moment,
            )
            self.assertEqual(bars[0][0], "Nothing in this period")
