from odoo import api, models

from ...workbook.book import Column
from .crm_kpi_workbook_sheets import FIRST_ROW


class CrmKpiWorkbook(models.AbstractModel):
    """The open pipeline and the stays, by pipeline and stage."""

    _inherit = "crm.kpi.workbook"

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
            self.env._(
                "Stays that ended in the period: how many, how many of them went on, "
                "and after how long"
            ),
            ["stage_stays", "stage_conversion", "stage_days"],
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
                        self._get_label(code), self._get_unit(code), code in chart_codes
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
                unit=self._get_unit(chart_codes[0]),
            )

    @api.model
    def _get_pipelines(self, question):
        """Return the pipelines that the workbook is about and the user may see."""
        pipelines = self.env["crm.pipeline"].with_context(active_test=False)
        ids = question.filters.get("pipeline_ids")
        return pipelines.search([("id", "in", ids)] if ids else [])
