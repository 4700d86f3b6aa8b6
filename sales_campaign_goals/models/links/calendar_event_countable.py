from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    @api.model
    def _get_goal_label(self):
        return self.env._("Meetings")

    @api.model
    def _get_goal_sequence(self):
        return 50

    @api.model
    def _get_goal_condition_models(self):
        return super()._get_goal_condition_models() | {"calendar.event.type"}

    @api.model
    def _get_goal_visible_domain(self, names):
        """Odoo hides what private meetings of others are about."""
        if self.env.su or not names - self._get_public_fields():
            return Domain.TRUE
        return Domain(self._get_default_privacy_domain()) | Domain(
            "partner_ids", "in", self.env.user.partner_id.ids
        )

    @api.model
    def _get_goal_date_field(self):
        return "start"

    @api.model
    def _get_goal_views(self):
        return [(False, "list"), (False, "calendar"), (False, "form")]

    @api.model
    def _get_goal_partner_sql(self, query):
        """The companies of the attendees who are not users of this database."""
        attendees = self._fields["partner_ids"]
        query.add_join(
            "LEFT JOIN",
            "goal_attendee",
            SQL.identifier(attendees.relation),
            SQL(
                "%s = %s",
                SQL.identifier("goal_attendee", attendees.column1),
                SQL.identifier(query.table, "id"),
            ),
        )
        query.add_join(
            "LEFT JOIN",
            "goal_partner",
            SQL.identifier("res_partner"),
            SQL(
                """%s = %s AND NOT EXISTS (
                    SELECT FROM res_users AS colleague
                     WHERE colleague.partner_id = %s AND NOT colleague.share
                )""",
                SQL.identifier("goal_partner", "id"),
                SQL.identifier("goal_attendee", attendees.column2),
                SQL.identifier("goal_partner", "id"),
            ),
        )
        return self._get_company_of_sql(
            SQL.identifier("goal_partner", "commercial_partner_id")
        )
