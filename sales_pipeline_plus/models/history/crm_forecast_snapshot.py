from odoo import fields, models


class CrmForecastSnapshot(models.Model):
    _inherit = "crm.forecast.snapshot"

    is_from_history = fields.Boolean(
        "Rebuilt",
        readonly=True,
        help="Rebuilt from an imported history, not taken in its week.",
    )
