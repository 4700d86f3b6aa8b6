from odoo import api, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_goal_label(self):
        return self.env._("Companies and contacts")

    @api.model
    def _get_goal_sequence(self):
        return 10

    @api.model
    def _get_goal_partner_sql(self, query):
        return self._get_company_of_sql(
            self._field_to_sql(self._table, "commercial_partner_id", query)
        )

    @api.model
    def _get_goal_defaults(self, goal):
        return {**super()._get_goal_defaults(goal), "is_company": True}
