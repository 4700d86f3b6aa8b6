from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    forecast_snapshot_months = fields.Integer(
        "Months of Forecast Snapshots",
        help="Older forecast snapshots are deleted. 0: they are kept for ever.",
    )

    @api.constrains("forecast_snapshot_months")
    def _check_forecast_snapshot_months(self):
        snapshots = self.env["crm.forecast.snapshot"]
        for settings in self:
            snapshots._check_retention_months(settings.forecast_snapshot_months)

    @api.model
    def get_values(self):
        values = super().get_values()
        months = self.env["crm.forecast.snapshot"]._get_retention_months()
        values["forecast_snapshot_months"] = months
        return values

    def set_values(self):
        # Odoo forgets a parameter that is 0, which here means for ever.
        result = super().set_values()
        snapshots = self.env["crm.forecast.snapshot"]
        for settings in self:
            snapshots._set_retention_months(settings.forecast_snapshot_months)
        return result
