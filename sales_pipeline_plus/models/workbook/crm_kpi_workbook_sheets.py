from odoo import api, models

from ...workbook.book import Column

FIRST_ROW = 3
# More bars than these cannot be read.
MOST_BARS = 20


class CrmKpiWorkbook(models.AbstractModel):
    """What several sheets share."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _write_breakdown(
        self,
        book,
        question,
        name,
        remark,
        breakdown,
        label,
        codes,
        bars,
        chart_codes,
        sort_code=None,
    ):
        """Write a sheet of figures by the keys of a breakdown, with a bar chart.

        :param bars: the figures with a bar in each cell
        :param chart_codes: the figures drawn
        :param sort_code: the figure whose biggest values come first, if any
        :return: the sheet and the last row of its table
        """
        sheet = book.add_sheet(name)
        book.write_title(sheet, name, remark)
        rows = self._get_rows(self._ask(question, codes, breakdown), codes)
        if sort_code:
            rank = codes.index(sort_code)
            rows.sort(key=lambda row: row[1][rank] or 0, reverse=True)
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(label, width=30),
                *(
                    Column(
                        self._get_label(code), self._get_unit(code), bar=code in bars
                    )
                    for code in codes
                ),
            ],
            [[key["label"], *values] for key, values in rows],
            empty_text=self._get_no_data(),
        )
        if rows:
            last_bar = min(last_row, FIRST_ROW + MOST_BARS)
            book.add_chart(
                sheet,
                "bar",
                name,
                (last_row + 4, 0),
                [
                    {
                        "name": self._get_label(code),
                        "categories": (FIRST_ROW + 1, 0, last_bar, 0),
                        "values": (
                            FIRST_ROW + 1,
                            codes.index(code) + 1,
                            last_bar,
                            codes.index(code) + 1,
                        ),
                    }
                    for code in chart_codes
                ],
                size=(820, min(160 + 26 * len(rows), 640)),
                unit=self._get_unit(chart_codes[0]),
            )
        return sheet, last_row
