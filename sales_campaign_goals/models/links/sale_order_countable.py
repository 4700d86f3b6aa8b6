from odoo import api, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _get_goal_label(self):
        return self.env._("Quotations and orders")

    @api.model
    def _get_goal_sequence(self):
        return 30

    @api.model
    def _get_goal_base_domain(self, condition, measure):
        domain = super()._get_goal_base_domain(condition, measure)
        if self._asks_for(condition, "state", "cancel"):
            return domain
        return domain & Domain("state", "!=", "cancel")

    @api.model
    def _get_goal_date_field(self):
        return "date_order"

    @api.model
    def _get_goal_defaults(self, goal):
        return {
            **super()._get_goal_defaults(goal),
            "campaign_id": goal.campaign_id.utm_campaign_id.id,
        }
