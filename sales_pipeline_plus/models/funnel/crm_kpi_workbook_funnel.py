from odoo import api, models

from ...kpi.funnel import PARTS
from ...workbook.book import Column
from ..workbook.crm_kpi_workbook_sheets import FIRST_ROW


class CrmKpiWorkbook(models.AbstractModel):
    """The funnel and the cohorts: the same numbers as on the page."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _get_sheets(self):
        sheets = super()._get_sheets()
        place = sheets.index(self._write_stages) + 1
        return [
            *sheets[:place],
            self._write_funnel,
            self._write_cohorts,
            *sheets[place:],
        ]

    @api.model
    def _write_funnel(self, book, question):
        answer = self.env["crm.kpi"].get_funnel(question.filters)
        sheet = book.add_sheet(self.env._("Funnel"), pages=0)
        book.write_title(
            sheet,
            self.env._("Funnel"),
            self.env._(
                "The opportunities that entered a pipeline in the period, and what "
                "became of them until now; entered = moved on + lost + still there + "
                "away"
            ),
        )
        labels = {number["code"]: number["label"] for number in answer["numbers"]}
        rows = []
        for pipeline in answer["pipelines"]:
            for stage in pipeline["stages"]:
                parts = [stage[part] for part in PARTS]
                rows.append(
                    [
                        pipeline["label"],
                        stage["label"],
                        *(part and part["count"] for part in parts),
                        stage["drop_off"],
                        stage["days"],
                        *(part and part["amount"] for part in parts),
                    ]
                )
        last_row = book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Pipeline"), width=24),
                Column(self.env._("Stage"), width=24),
                *(Column(labels[part], "count") for part in PARTS),
                Column(labels["drop_off"], "percentage"),
                Column(labels["days"], "days"),
                *(
                    Column(self.env._("%s (amount)", labels[part]), "amount", width=18)
                    for part in PARTS
                ),
            ],
            rows,
            empty_text=self._get_no_data(),
        )
        if rows:
            book.add_chart(
                sheet,
                "bar",
                self.env._("Funnel"),
                (last_row + 2, 0),
                [
                    {
                        "name": labels["entered"],
                        "categories": (FIRST_ROW + 1, 0, last_row, 1),
                        "values": (FIRST_ROW + 1, 2, last_row, 2),
                    }
                ],
                size=(820, min(160 + 26 * len(rows), 640)),
                unit="count",
            )

    @api.model
    def _write_cohorts(self, book, question):
        answer = self.env["crm.kpi"].get_cohorts(question.filters)
        sheet = book.add_sheet(self.env._("Cohorts"), pages=0)
        book.write_title(
            sheet,
            self.env._("Cohorts"),
            self.env._(
                "Of the opportunities created in a month, the share won by the end of "
                "that month and of the months after it; empty while a month is not over"
            ),
        )
        row = FIRST_ROW
        for measure, label in (
            ("count", self.env._("Number")),
            ("amount", self.env._("Amount")),
        ):
            row = 2 + book.write_table(
                sheet,
                row,
                [
                    Column(self.env._("Created In"), width=16),
                    Column(label, measure, width=18),
                    *(
                        Column(
                            self.env._("+%s months", after)
                            if after
                            else self.env._("Same month"),
                            "percentage",
                        )
                        for after in range(answer["months"])
                    ),
                ],
                [
                    [
                        cohort["label"],
                        cohort[measure],
                        *(
                            cell and cell[f"{measure}_share"]
                            for cell in cohort["cells"]
                        ),
                    ]
                    for cohort in answer["rows"]
                ],
                empty_text=self._get_no_data(),
            )
