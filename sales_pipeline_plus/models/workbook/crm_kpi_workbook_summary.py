from odoo import api, fields, models

from ...kpi.catalogue import GROUPS
from ...workbook.book import BAD, GOOD, Column
from .crm_kpi_workbook_sheets import FIRST_ROW

CHANGE_KIND = {"percentage": "points"}


class CrmKpiWorkbook(models.AbstractModel):
    """Every figure with its comparison, and the course of the last months."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _write_summary(self, book, question):
        """Every figure with its comparison, and the course of the last months."""
        sheet = book.add_sheet(self.env._("Summary"), is_landscape=False, pages=0)
        kpis = self.env["crm.kpi"]._get_known_kpis()
        answer = self._ask(question, [kpi.code for kpi in kpis])
        book.write_title(
            sheet,
            self.env._("Summary"),
            self._get_period_text(answer["period"]),
        )
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Topic")),
                Column(self.env._("Figure")),
                Column(self.env._("Value"), "amount", width=20),
                Column(self.env._("Compared With"), "amount", width=20),
                Column(self.env._("Change"), "change", width=14),
            ],
            [
                self._get_summary_row(kpi, answer)
                for kpi in self.env["crm.kpi"]._get_known_kpis()
            ],
        )
        self._color_changes(book, sheet, answer)
        book.write_remark(
            sheet,
            last_row + 1,
            self.env._(
                "Empty: no data. Green: better, red: worse. Rates change in points."
            ),
        )
        self._write_trend(book, question, sheet, last_row + 4)

    @api.model
    def _get_summary_row(self, kpi, answer):
        cell = answer["values"][kpi.code][0]
        return [
            self.env._(GROUPS[kpi.group]),
            self.env._(kpi.label),
            (cell["value"], kpi.unit),
            (cell["comparison"], kpi.unit),
            (cell["change"], CHANGE_KIND.get(kpi.unit, "change")),
        ]

    @api.model
    def _color_changes(self, book, sheet, answer):
        """Colour each change by which way is better."""
        for row, kpi in enumerate(
            self.env["crm.kpi"]._get_known_kpis(), start=FIRST_ROW + 1
        ):
            change = answer["values"][kpi.code][0]["change"]
            if not change or kpi.better == "neutral":
                continue
            is_good = (change > 0) == (kpi.better == "higher")
            kind = CHANGE_KIND.get(kpi.unit, "change")
            color = GOOD if is_good else BAD
            book.write_cell(sheet, row, 4, change, kind, font_color=color)

    @api.model
    def _write_trend(self, book, question, sheet, row):
        """The last twelve periods as a table, and two charts of them."""
        codes = ["created_count", "won_count", "lost_count", "won_amount", "win_rate"]
        filters = {
            key: value for key, value in question.filters.items() if key != "comparison"
        }
        trend = self.env["crm.kpi"].get_trend(filters, codes)
        days = [fields.Date.to_date(each["start"]) for each in trend["periods"]]
        is_months = all(day.day == 1 for day in days)
        book.write_table(
            sheet,
            row,
            [
                Column(self.env._("From"), "month" if is_months else "date"),
                *(
                    Column(self._get_label(code), self._get_unit(code))
                    for code in codes
                ),
            ],
            [
                [day, *(trend["values"][code][index] for code in codes)]
                for index, day in enumerate(days)
            ],
        )
        # The columns are as wide as the upper table needs them.
        for index, width in enumerate((24, 28, 18, 18, 15, 11)):
            sheet.set_column(index, index, width)
        sheet.set_h_pagebreaks([row - 1])
        first, last = row + 1, row + len(days)
        for place, title, columns, kind, unit in (
            (
                last + 2,
                self.env._("Created, Won and Lost"),
                (1, 2, 3),
                "column",
                "count",
            ),
            (last + 19, self.env._("Amount Won"), (4,), "line", "amount"),
        ):
            book.add_chart(
                sheet,
                kind,
                title,
                (place, 0),
                [
                    {
                        "name": self._get_label(codes[column - 1]),
                        "categories": (first, 0, last, 0),
                        "values": (first, column, last, column),
                    }
                    for column in columns
                ],
                size=(800, 320),
                category_format="mmm yy" if is_months else book.style.date,
                unit=unit,
            )
