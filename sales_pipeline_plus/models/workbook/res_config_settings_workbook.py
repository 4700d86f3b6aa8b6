from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """For how long workbooks are kept."""

    _inherit = "res.config.settings"

    workbook_days = fields.Integer("Days of Workbooks", default=30)

    @api.constrains("workbook_days")
    def _check_workbook_days(self):
        for settings in self:
            self.env["crm.workbook"]._check_days(settings.workbook_days)

    @api.model
    def get_values(self):
        return {
            **super().get_values(),
            "workbook_days": self.env["crm.workbook"]._get_days(),
        }

    def set_values(self):
        result = super().set_values()
        for settings in self:
            self.env["crm.workbook"]._set_days(settings.workbook_days)
        return result
