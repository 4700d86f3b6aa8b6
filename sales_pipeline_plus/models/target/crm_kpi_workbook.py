from odoo import api, fields, models

from ...kpi.catalogue.coverage import MEASURES
from ...kpi.catalogue.targets import can_have_target
from ...workbook.book import Column

FIRST_ROW = 3
BREAKDOWNS = (None, "team", "salesperson", "month")


class CrmKpiWorkbook(models.AbstractModel):
    """The sheets of the targets, and of the pipeline that they need."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _get_sheets(self):
        sheets = super()._get_sheets()
        place = sheets.index(self._write_salespeople) + 1
        return [
            *sheets[:place],
            self._write_targets,
            self._write_coverage,
            *sheets[place:],
        ]

    @api.model
    def _write_targets(self, book, question):
        """Each figure that has a target: in all, and by owner and month."""
        name = self.env._("Targets")
        sheet = book.add_sheet(name, pages=0)
        rows, note = self._get_target_rows(question)
        book.write_title(
            sheet,
            name,
            note
            or self.env._(
                "Expected by today: the share of the working days that are over"
            ),
        )
        book.write_table(
            sheet,
            FIRST_ROW,
            [
                Column(self.env._("Figure")),
                Column(self.env._("Whose or When"), width=26),
                Column(self.env._("Target"), "amount"),
                Column(self.env._("Made"), "amount"),
                Column(self.env._("Expected by Today"), "amount"),
                Column(self.env._("Gap"), "amount"),
                Column(self.env._("State")),
                Column(self.env._("Where the Target Comes From")),
            ],
            rows,
            empty_text=self.env._("There are no targets for this period"),
        )

    @api.model
    def _get_target_rows(self, question):
        """Return the rows of the sheet, and why there can be none."""
        engine = self.env["crm.kpi"]
        codes = [kpi.code for kpi in engine._get_known_kpis() if can_have_target(kpi)]
        codes = engine._get_codes_with_targets(question.filters, codes)
        filters = {**question.filters, "comparison": "none"}
        rows, note = [], ""
        for breakdown in BREAKDOWNS:
            answer = engine.get_figures(filters, codes, breakdown, with_targets=True)
            note = answer["target_note"]
            if note:
                break
            for code in codes:
                for key, cell in zip(
                    answer["keys"], answer["values"][code], strict=True
                ):
                    if cell["target"]:
                        rows.append(self._get_target_row(code, key, cell["target"]))
        order = {code: index for index, code in enumerate(codes)}
        labels = {self._get_label(code): order[code] for code in codes}
        return sorted(rows, key=lambda row: labels[row[0]]), note

    @api.model
    def _get_target_row(self, code, key, target):
        unit = self._get_unit(code)
        kind = "points" if unit == "percentage" else unit
        return [
            self._get_label(code),
            key["label"],
            *((target[name], unit) for name in ("target", "made", "expected")),
            (target["gap"], kind),
            target["state_label"],
            target["source_label"],
        ]

    @api.model
    def _write_coverage(self, book, question):
        """Whether the pipeline is enough, by salesperson and team."""
        name = self.env._("Enough Pipeline")
        sheet = book.add_sheet(name)
        book.write_title(
            sheet, name, self.env._("To reach the target of the amount won")
        )
        filters = {**question.filters, "comparison": "none"}
        row = FIRST_ROW
        for breakdown, label in (
            (None, self.env._("Total")),
            ("team", self.env._("Sales Team")),
            ("salesperson", self.env._("Salesperson")),
        ):
            answer = self.env["crm.kpi"].get_coverage(filters, breakdown)
            rows = [
                [
                    key["label"],
                    *(self._get_measure_cell(measure, found) for measure in MEASURES),
                    found["to_create"]["words"],
                ]
                for key, found in zip(answer["keys"], answer["rows"], strict=True)
            ]
            row = 3 + book.write_table(
                sheet,
                row,
                [
                    Column(label, width=24),
                    *(
                        Column(
                            self.env._(measure.label),
                            "number" if measure.unit == "times" else measure.unit,
                        )
                        for measure in MEASURES
                    ),
                    Column(self.env._("How"), "wrapped", width=60),
                ],
                rows,
                empty_text=self._get_no_data(),
            )

    @api.model
    def _get_measure_cell(self, measure, found):
        value = found[measure.code]["value"]
        if measure.unit == "date" and value:
            return fields.Date.to_date(value)
        return value
