from odoo import api, models

from odoo.addons.sales_pipeline_plus.workbook.book import Column

FIRST_ROW = 3


class CrmKpiWorkbook(models.AbstractModel):
    _inherit = "crm.kpi.workbook"

    @api.model
    def _get_sheets(self):
        sheets = super()._get_sheets()
        place = sheets.index(self._write_definitions)
        return [*sheets[:place], self._write_teams, *sheets[place:]]

    @api.model
    def _write_teams(self, book, question):
        """The engine answers for the sheet, with the filters of the workbook."""
        codes = ["created_count", "won_count", "won_amount"]
        answer = self._ask(question, codes, "team")
        name = self.env._("Teams")
        sheet = book.add_sheet(name)
        book.write_title(sheet, name, self.env._("What each sales team has won"))
        book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Sales Team"), width=30),
                *(
                    Column(self._get_label(code), self._get_unit(code))
                    for code in codes
                ),
            ],
            [[key["label"], *values] for key, values in self._get_rows(answer, codes)],
            empty_text=self._get_no_data(),
        )
