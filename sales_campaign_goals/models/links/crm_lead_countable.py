from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


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
    def _get_conversion_date_fields(self):
        return ["date_closed", "create_date"]

    @api.model
    def _get_conversion_day_sql(self, query, timezone):
        """A won or lost deal converts at its closing date, an open one today."""
        return SQL(
            "CASE WHEN %s IN ('won', 'lost') THEN %s"
            " ELSE (%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %s)::date END",
            self._field_to_sql(query.table, "won_status", query),
            super()._get_conversion_day_sql(query, timezone),
            fields.Datetime.now(),
            timezone,
        )

    @api.model
    def _get_goal_defaults(self, goal):
        return {
            **super()._get_goal_defaults(goal),
            "type": "opportunity",
            "campaign_id": goal.campaign_id.utm_campaign_id.id,
        }
