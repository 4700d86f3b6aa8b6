from odoo import api, models

from ...kpi.catalogue import GROUPS
from ...workbook.book import Column
from .crm_kpi_workbook_sheets import FIRST_ROW


class CrmKpiWorkbook(models.AbstractModel):
    """What each figure means."""

    _inherit = "crm.kpi.workbook"

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
                for kpi in self.env["crm.kpi"]._get_known_kpis()
            ],
        )
