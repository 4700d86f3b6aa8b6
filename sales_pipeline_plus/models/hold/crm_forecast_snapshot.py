from odoo import api, models


class CrmForecastSnapshot(models.Model):
    """What was on hold as the week began is no part of the forecast."""

    _inherit = "crm.forecast.snapshot"

    @api.model
    def _take_snapshots(self):
        self.env["crm.lead.hold"].flush_model()
        return super()._take_snapshots()
