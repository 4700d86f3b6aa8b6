from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .crm_forecast_snapshot import RETENTION_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    forecast_snapshot_months = fields.Integer(
        "Months of Forecast Snapshots",
        help="Older forecast snapshots are deleted. 0: they are kept for ever.",
    )

    @api.constrains("forecast_snapshot_months")
    def _check_forecast_snapshot_months(self):
        if any(settings.forecast_snapshot_months < 0 for settings in self):
            raise ValidationError(
                self.env._(
                    "Forecast snapshots cannot be kept for a negative number of "
                    "months. Give 0 to keep them for ever."
                )
            )

    @api.model
    def get_values(self):
        values = super().get_values()
        months = self.env["crm.forecast.snapshot"]._get_retention_months()
        values["forecast_snapshot_months"] = months
        return values

    def set_values(self):
        # Odoo forgets a parameter that is 0, which here means for ever.
        result = super().set_values()
        for settings in self:
            self.env["ir.config_parameter"].sudo().set_param(
                RETENTION_PARAMETER, str(settings.forecast_snapshot_months)
            )
        return result
