from odoo import api, models


class CrmTeam(models.Model):
    """“My Pipeline” opens without what is on hold."""

    _inherit = "crm.team"

    @api.model
    def _action_update_to_pipeline(self, action):
        action = super()._action_update_to_pipeline(action)
        action["context"]["search_default_not_on_hold"] = 1
        return action
