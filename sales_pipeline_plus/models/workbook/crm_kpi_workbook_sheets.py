from odoo import api, fields, models

from ...kpi.catalogue import BY_CODE, GROUPS, KPIS
from ...workbook.book import BAD, GOOD, Column

FIRST_ROW = 3
CHANGE_KIND = {"percentage": "points"}


class CrmKpiWorkbook(models.AbstractModel):
    """The sheets whose numbers the engine answers."""

    _inherit = "crm.kpi.workbook"

    # ------------------------------------------------------------
    # Summary
    # ------------------------------------------------------------

    @api.model
    def _write_summary(self, book, question):
        """Every figure with its comparison, and the course of the last months."""
        sheet = book.add_sheet(self.env._("Summary"), is_landscape=False, pages=0)
        answer = self._ask(question, [kpi.code for kpi in KPIS])
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
            [self._get_summary_row(kpi, answer) for kpi in KPIS],
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
        for row, kpi in enumerate(KPIS, start=FIRST_ROW + 1):
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
                *(Column(self._get_label(code), BY_CODE[code].unit) for code in codes),
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
        for place, title, columns, kind in (
            (last + 2, self.env._("Created, Won and Lost"), (1, 2, 3), "column"),
            (last + 19, self.env._("Amount Won"), (4,), "line"),
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
            )

    # ------------------------------------------------------------
    # One table by one breakdown
    # ------------------------------------------------------------

    @api.model
    def _write_breakdown(
        self, book, question, name, remark, breakdown, label, codes, bars, chart_codes
    ):
        """Write a sheet of figures by the keys of a breakdown, with a bar chart.

        :param bars: the figures with a bar in each cell
        :param chart_codes: the figures drawn
        :return: the sheet and the last row of its table
        """
        sheet = book.add_sheet(name)
        book.write_title(sheet, name, remark)
        rows = self._get_rows(self._ask(question, codes, breakdown), codes)
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(label, width=30),
                *(
                    Column(self._get_label(code), BY_CODE[code].unit, bar=code in bars)
                    for code in codes
                ),
            ],
            [[key["label"], *values] for key, values in rows],
            empty_text=self._get_no_data(),
        )
        if rows:
            book.add_chart(
                sheet,
                "bar",
                name,
                (last_row + 4, 0),
                [
                    {
                        "name": self._get_label(code),
                        "categories": (FIRST_ROW + 1, 0, last_row, 0),
                        "values": (
                            FIRST_ROW + 1,
                            codes.index(code) + 1,
                            last_row,
                            codes.index(code) + 1,
                        ),
                    }
                    for code in chart_codes
                ],
                size=(820, min(160 + 26 * len(rows), 640)),
            )
        return sheet, last_row

    @api.model
    def _write_salespeople(self, book, question):
        sheet, last_row = self._write_breakdown(
            book,
            question,
            self.env._("Salespeople"),
            self.env._("Each opportunity counts for the salesperson it has now"),
            "salesperson",
            self.env._("Salesperson"),
            [
                "created_count",
                "won_count",
                "won_amount",
                "lost_count",
                "win_rate",
                "average_basket",
                "sales_cycle",
                "open_count",
                "pipeline_amount",
                "weighted_amount",
                "no_action_count",
            ],
            ("won_amount", "weighted_amount"),
            ("won_amount",),
        )
        (spread,) = self._ask(question, ["salesperson_spread"])["values"][
            "salesperson_spread"
        ]
        if spread["value"] is not None:
            book.write_cell(
                sheet, last_row + 1, 0, self._get_label("salesperson_spread"), "text"
            )
            book.write_cell(sheet, last_row + 1, 1, spread["value"], "percentage")

    @api.model
    def _write_lost_reasons(self, book, question):
        self._write_breakdown(
            book,
            question,
            self.env._("Lost Reasons"),
            self.env._("Opportunities lost in the period"),
            "lost_reason",
            self.env._("Lost Reason"),
            ["lost_count", "lost_amount"],
            ("lost_count",),
            ("lost_count",),
        )

    @api.model
    def _write_slips(self, book, question):
        self._write_breakdown(
            book,
            question,
            self.env._("Slips"),
            self.env._("How decision dates of open opportunities were put off"),
            "salesperson",
            self.env._("Salesperson"),
            ["open_count", "late_count", "late_amount", "postponed_count", "slip_days"],
            ("postponed_count",),
            ("open_count", "postponed_count"),
        )

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

    @api.model
    def _write_effort(self, book, question):
        codes = [
            "activity_count",
            "meeting_count",
            "effort_hours",
            "quotation_count",
            "quotation_amount",
            "hours_per_meeting",
            "hours_per_quotation",
            "hours_per_won",
        ]
        self._write_breakdown(
            book,
            question,
            self.env._("Effort by Salesperson"),
            self.env._("Hours of meetings held and activities done"),
            "salesperson",
            self.env._("Salesperson"),
            codes,
            ("effort_hours",),
            ("effort_hours",),
        )
        self._write_breakdown(
            book,
            question,
            self.env._("Effort by Customer Type"),
            self.env._(
                "By the customers' tags; a customer with several tags counts in each"
            ),
            "customer_type",
            self.env._("Customer Type"),
            [*codes, "new_customer_count", "average_basket"],
            ("effort_hours",),
            ("effort_hours",),
        )

    # ------------------------------------------------------------
    # Stages and months
    # ------------------------------------------------------------

    @api.model
    def _write_pipeline(self, book, question):
        self._write_stage_table(
            book,
            question,
            self.env._("Pipeline"),
            self.env._("Open opportunities by stage"),
            ["open_count", "pipeline_amount", "weighted_amount", "late_count"],
            ("pipeline_amount", "weighted_amount"),
        )

    @api.model
    def _write_stages(self, book, question):
        self._write_stage_table(
            book,
            question,
            self.env._("Stages"),
            self.env._("Stays that ended in the period: what went on, and after days"),
            ["stage_conversion", "stage_days"],
            ("stage_days",),
        )

    @api.model
    def _write_stage_table(self, book, question, name, remark, codes, chart_codes):
        """Write figures by pipeline and stage, the stages in the pipeline's order."""
        sheet = book.add_sheet(name)
        book.write_title(sheet, name, remark)
        rows = [
            [pipeline.name, key["label"], *values]
            for pipeline in self._get_pipelines(question)
            for key, values in self._get_rows(
                self._ask(question, codes, "stage", pipeline_ids=tuple(pipeline.ids)),
                codes,
            )
            if any(value is not None for value in values)
        ]
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Pipeline")),
                Column(self.env._("Stage")),
                *(
                    Column(
                        self._get_label(code), BY_CODE[code].unit, code in chart_codes
                    )
                    for code in codes
                ),
            ],
            rows,
            empty_text=self._get_no_data(),
        )
        if rows:
            book.add_chart(
                sheet,
                "bar",
                name,
                (last_row + 2, 0),
                [
                    {
                        "name": self._get_label(code),
                        "categories": (FIRST_ROW + 1, 0, last_row, 1),
                        "values": (
                            FIRST_ROW + 1,
                            codes.index(code) + 2,
                            last_row,
                            codes.index(code) + 2,
                        ),
                    }
                    for code in chart_codes
                ],
                size=(820, min(160 + 26 * len(rows), 640)),
            )

    @api.model
    def _get_pipelines(self, question):
        """Return the pipelines that the workbook is about and the user may see."""
        pipelines = self.env["crm.pipeline"].with_context(active_test=False)
        ids = question.filters.get("pipeline_ids")
        return pipelines.search([("id", "in", ids)] if ids else [])

    @api.model
    def _write_forecast(self, book, question):
        """Open opportunities by the month of their decision."""
        sheet = book.add_sheet(self.env._("Forecast"))
        codes = ["open_count", "pipeline_amount", "weighted_amount"]
        book.write_title(
            sheet,
            self.env._("Forecast"),
            self.env._(
                "Open opportunities by the month of their decision date; past months "
                "are late"
            ),
        )
        rows = self._get_rows(self._ask(question, codes, "month"), codes)
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Month of Decision"), "month"),
                *(Column(self._get_label(code), BY_CODE[code].unit) for code in codes),
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
            )

    # ------------------------------------------------------------
    # Definitions
    # ------------------------------------------------------------

    @api.model
    def _write_definitions(self, book, question):
        sheet = book.add_sheet(self.env._("Definitions"), pages=0)
        book.write_title(
            sheet, self.env._("Definitions"), self.env._("What each figure means")
        )
        book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Topic")),
                Column(self.env._("Figure")),
                Column(self.env._("Definition"), "wrapped", width=100),
            ],
            [
                [
                    self.env._(GROUPS[kpi.group]),
                    self.env._(kpi.label),
                    self.env._(kpi.definition),
                ]
                for kpi in KPIS
            ],
        )
