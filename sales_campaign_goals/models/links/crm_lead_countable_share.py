from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.models.share.crm_lead_share_sql import Part

ALIAS = "goal_shares"


class CrmLead(models.Model):
    """A shared opportunity counts for the goal of each who has a share of it: as one,
    and with his part of its amounts."""

    _inherit = "crm.lead"

    @api.model
    def _get_goal_user_domain(self, users):
        if not self.env["crm.lead.share"]._are_there():
            return super()._get_goal_user_domain(users)
        return self.env["crm.kpi"]._get_credit_of_domain(users.ids)

    @api.model
    def _get_goal_user_sql(self, query, user):
        own = super()._get_goal_user_sql(query, user)
        shares = self.env["crm.lead.share"]
        if not shares._are_there():
            return own
        query.add_join(
            "LEFT JOIN",
            ALIAS,
            SQL("(%s)", shares._get_wholes_sql()),
            SQL(
                "%s = %s",
                SQL.identifier(ALIAS, "lead_id"),
                SQL.identifier(query.table, "id"),
            ),
        )
        return SQL(
            "CASE WHEN %s IS NULL THEN %s ELSE %s = ANY(%s) END",
            SQL.identifier(ALIAS, "lead_id"),
            own,
            user,
            SQL.identifier(ALIAS, "users"),
        )

    @api.model
    def _get_goal_part(self, query, user):
        if not self.env["crm.lead.share"]._are_there():
            return None
        return Part(
            SQL(
                "CASE WHEN %s IS NOT NULL THEN %s END",
                user,
                SQL.identifier(ALIAS, "shares"),
            ),
            SQL("ARRAY[array_position(%s, %s)]", SQL.identifier(ALIAS, "users"), user),
        )
