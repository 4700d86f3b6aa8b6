from odoo import api, models
from odoo.fields import Domain


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_goal_label(self):
        return self.env._("Leads and opportunities")

    @api.model
    def _get_goal_sequence(self):
        return 20

    @api.model
    def _get_goal_base_domain(self, condition, measure):
        """Lost opportunities, which Odoo archives, count when the condition is about
        the result of an opportunity."""
        if self._mentions(condition, "active"):
            return Domain.TRUE
        domain = Domain("active", "=", True)
        if self._mentions(condition, "won_status", "deal_status", "lost_reason_id"):
            domain |= Domain("won_status", "=", "lost")
        return domain

    @api.model
    def _get_goal_defaults(self, goal):
        return {
            **super()._get_goal_defaults(goal),
            "type": "opportunity",
            "campaign_id": goal.campaign_id.utm_campaign_id.id,
        }
