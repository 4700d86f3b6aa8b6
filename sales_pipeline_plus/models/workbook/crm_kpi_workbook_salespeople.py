from odoo import api, models


class CrmKpiWorkbook(models.AbstractModel):
    """The salespeople side by side."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _write_salespeople(self, book, question):
        sheet, last_row = self._write_breakdown(
            book,
            question,
            self.env._("Salespeople"),
            self.env._(
                "Each opportunity counts for the salesperson it has now; a shared one "
                "for each who has a share of it, with this part of its amounts"
            ),
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
