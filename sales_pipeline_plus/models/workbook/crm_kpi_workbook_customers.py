from odoo import api, models

CODES = [
    "created_count",
    "won_count",
    "won_amount",
    "lost_count",
    "win_rate",
    "average_basket",
    "open_count",
    "pipeline_amount",
    "weighted_amount",
]


class CrmKpiWorkbook(models.AbstractModel):
    """Who buys what, and where: the biggest first."""

    _inherit = "crm.kpi.workbook"

    @api.model
    def _write_customers(self, book, question):
        self._write_ranking(
            book,
            question,
            self.env._("Customers"),
            self.env._("The contacts of a company count for it"),
            "customer",
            self.env._("Customer"),
        )

    @api.model
    def _write_countries(self, book, question):
        self._write_ranking(
            book,
            question,
            self.env._("Countries"),
            self.env._("By the country on the opportunity"),
            "country",
            self.env._("Country"),
        )

    @api.model
    def _write_products(self, book, question):
        self._write_ranking(
            book,
            question,
            self.env._("Products"),
            self.env._(
                "An opportunity with several products counts in each, its amounts "
                "divided by theirs"
            ),
            "product",
            self.env._("Product"),
        )

    @api.model
    def _write_ranking(self, book, question, name, remark, breakdown, label):
        self._write_breakdown(
            book,
            question,
            name,
            remark,
            breakdown,
            label,
            CODES,
            ("won_amount", "pipeline_amount"),
            ("won_amount", "pipeline_amount"),
            sort_code="won_amount",
        )
