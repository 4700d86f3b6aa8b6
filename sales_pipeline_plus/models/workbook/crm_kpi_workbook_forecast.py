from odoo import api, fields, models

from ...workbook.book import Column
from .crm_kpi_workbook_sheets import FIRST_ROW


class CrmKpiWorkbook(models.AbstractModel):
    """Open opportunities by the month of their decision."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _write_forecast(self, book, question):
        """Open opportunities by the month of their decision."""
        sheet = book.add_sheet(self.env._("Forecast"))
        codes = ["open_count", "pipeline_amount", "weighted_amount"]
        book.write_title(
            sheet,
            self.env._("Forecast"),
            self.env._(
                "Open opportunities by the month of their expected closing; past "
                "months are late"
            ),
        )
        rows = self._get_rows(self._ask(question, codes, "month"), codes)
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Month of Expected Closing"), "month"),
                *(
                    Column(self._get_label(code), self._get_unit(code))
                    for code in codes
                ),
            ],
            [
                [
                    fields.Date.to_date(key["id"])
                    if key["id"]
                    else (self.env._("No date"), "text"),
                    *values,
                ]
                for key, values in rows
            ],
            empty_text=self._get_no_data(),
        )
        if rows:
            book.add_chart(
                sheet,
                "column",
                self.env._("Forecast"),
                (FIRST_ROW, len(codes) + 2),
                [
                    {
                        "name": self._get_label(code),
                        "categories": (FIRST_ROW + 1, 0, last_row, 0),
                        "values": (FIRST_ROW + 1, column, last_row, column),
                    }
                    for column, code in ((2, "pipeline_amount"), (3, "weighted_amount"))
                ],
                unit="amount",
            )
