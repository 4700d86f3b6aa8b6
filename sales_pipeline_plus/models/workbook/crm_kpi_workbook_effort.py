from odoo import api, models


class CrmKpiWorkbook(models.AbstractModel):
    """What was done, by salesperson and customer type."""

    _inherit = "crm.kpi.workbook"

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
