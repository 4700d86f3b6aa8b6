from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_workbook import DAYS_PARAMETER


class ResConfigSettings(models.TransientModel):
    """For how long workbooks are kept."""

    _inherit = "res.config.settings"

    workbook_days = fields.Integer("Days of Workbooks", default=30)

    @api.constrains("workbook_days")
    def _check_workbook_days(self):
        if any(settings.workbook_days < 1 for settings in self):
            raise ValidationError(self.env._("Workbooks are kept for a day at least."))

    @api.model
    def get_values(self):
        return {
            **super().get_values(),
            "workbook_days": self.env["crm.workbook"]._get_days(),
        }

    def set_values(self):
        result = super().set_values()
        for settings in self:
            self.env["ir.config_parameter"].sudo().set_param(
                DAYS_PARAMETER, str(settings.workbook_days)
            )
        return result
