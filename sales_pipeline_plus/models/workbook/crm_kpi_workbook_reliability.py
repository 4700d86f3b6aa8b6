from odoo import api, models


class CrmKpiWorkbook(models.AbstractModel):
    """Whether the forecasts were right."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _write_reliability(self, book, question):
        codes = ["forecast_error", "forecast_bias"]
        sheet, last_row = self._write_breakdown(
            book,
            question,
            self.env._("Forecast Reliability"),
            self.env._(
                "Weighted forecasts four weeks before each month, against what was won"
            ),
            "salesperson",
            self.env._("Salesperson"),
            codes,
            (),
            ("forecast_error",),
        )
        answer = self._ask(question, codes)
        for row, code in enumerate(codes, start=last_row + 1):
            (cell,) = answer["values"][code]
            if cell["value"] is not None:
                text = self.env._(
                    "%(figure)s, all together", figure=self._get_label(code)
                )
                book.write_cell(sheet, row, 0, text, "text", bold=True)
                book.write_cell(sheet, row, 1, cell["value"], "percentage", bold=True)
