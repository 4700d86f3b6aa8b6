from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    campaign_attribution = fields.Selection(
        related="company_id.campaign_attribution", readonly=False, required=True
    )
