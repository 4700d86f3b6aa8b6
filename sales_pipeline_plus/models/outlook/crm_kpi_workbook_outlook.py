from odoo import api, fields, models
from odoo.tools import format_date

from ...workbook.book import Column
from ..figures.crm_kpi import RECORD_FILTERS
from ..workbook.crm_kpi_workbook_sheets import FIRST_ROW


class CrmKpiWorkbook(models.AbstractModel):
    """What will come until the quarter ends: the same numbers as on the page."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _get_sheets(self):
        sheets = super()._get_sheets()
        place = sheets.index(self._write_forecast) + 1
        return [*sheets[:place], self._write_outlook, *sheets[place:]]

    @api.model
    def _write_outlook(self, book, question):
        answer = self.env["crm.kpi"].get_outlook(
            {
                name: ids
                for name, ids in question.filters.items()
                if name in RECORD_FILTERS
            }
        )
        sheet = book.add_sheet(self.env._("What Will Come"), pages=0)
        book.write_title(
            sheet,
            self.env._("What Will Come"),
            self.env._(
                "From %(today)s to %(end)s. %(words)s",
                today=format_date(self.env, fields.Date.context_today(self)),
                end=format_date(self.env, answer["period"]["end"]),
                words=" ".join(answer["words"]),
            ),
        )
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Method"), width=34),
                Column(self.env._("To Come"), "amount", width=18),
                Column(self.env._("At Least, 8 Times in 10"), "amount", width=18),
                Column(self.env._("At Most, 8 Times in 10"), "amount", width=18),
                Column(self.env._("Error"), "percentage"),
                Column(self.env._("Bias"), "percentage"),
                Column(self.env._("Ranges That Held"), "count"),
                Column(self.env._("Ranges"), "count"),
                Column(self.env._("Forecasts of the Past"), "count"),
            ],
            [
                [
                    self.env._("%s (used)", method["label"])
                    if method["is_best"]
                    else method["label"],
                    *(method[name] for name in ("value", "low", "high")),
                    *(method[name] for name in ("error", "bias")),
                    *(method[name] for name in ("held", "ranges", "windows")),
                ]
                for method in answer["methods"]
            ],
        )
        self._write_outlook_stages(book, sheet, last_row + 3, answer["stages"])

    @api.model
    def _write_outlook_stages(self, book, sheet, row, stages):
        book.write_table(
            sheet,
            row,
            [
                Column(self.env._("Stage"), width=44),
                Column(self.env._("To Come"), "amount", width=18),
                Column(self.env._("At Least, 8 Times in 10"), "amount", width=18),
                Column(self.env._("At Most, 8 Times in 10"), "amount", width=18),
                Column(self.env._("Chance"), "percentage"),
                Column(self.env._("Open"), "count"),
                Column(self.env._("Open Amount"), "amount", width=18),
                Column(self.env._("Open in the Past"), "count"),
                Column(self.env._("Of These, Won"), "count"),
            ],
            [
                [
                    stage[name]
                    for name in (
                        *("label", "value", "low", "high", "chance", "count"),
                        *("amount", "past_count", "past_won"),
                    )
                ]
                for stage in stages
            ],
            empty_text=self._get_no_data(),
        )
