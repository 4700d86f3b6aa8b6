from odoo import api, models


class CrmKpiWorkbook(models.AbstractModel):
    """How decision dates were put off."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _write_slips(self, book, question):
        self._write_breakdown(
            book,
            question,
            self.env._("Postponed Closings"),
            self.env._("How the expected closing of open opportunities was put off"),
            "salesperson",
            self.env._("Salesperson"),
            ["open_count", "late_count", "late_amount", "postponed_count", "slip_days"],
            ("postponed_count",),
            ("open_count", "postponed_count"),
        )
