from odoo import api, models


class CrmKpiWorkbook(models.AbstractModel):
    """Why opportunities were lost."""

    _inherit = "crm.kpi.workbook"

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
