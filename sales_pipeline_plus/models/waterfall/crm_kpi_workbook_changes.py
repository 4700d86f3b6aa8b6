from odoo import models


class CrmKpiWorkbook(models.AbstractModel):
    _inherit = "crm.kpi.workbook"
