from odoo import api, models


class Base(models.AbstractModel):
    _inherit = "base"

    @api.model
    def _get_guarding_modules(self):
        return super()._get_guarding_modules() | {"sales_campaign_goals"}
