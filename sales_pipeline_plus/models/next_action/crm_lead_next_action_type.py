from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """The type of the next action: its icon, and what the agenda is coloured and
    filtered by."""

    _inherit = "crm.lead"

    next_action_type_id = fields.Many2one(
        "mail.activity.type",
        string="Type of Action",
        compute="_compute_next_action",
        search="_search_next_action_type_id",
        help="The type of the activity that is the next action; a meeting of the "
        "calendar has Odoo's own type Meeting.",
    )

    next_action_icon = fields.Char(related="next_action_type_id.icon")

    def _get_next_action_types(self, actions):
        """Return ``{lead id: type}`` for the given ``{lead id: NextAction}``."""
        activities = self.env["mail.activity"].sudo()
        return {
            lead_id: activities.browse(action.res_id).activity_type_id
            if action.model == activities._name
            else self._get_type_of_meetings()
            for lead_id, action in actions.items()
        }

    @api.model
    def _get_type_of_meetings(self):
        # No query in a loop over deals: ``env.ref`` looks at each call.
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mail_activity_data_meeting", raise_if_not_found=False
        )
        return self.env["mail.activity.type"].browse(type_id or ())

    @api.model
    def _search_next_action_type_id(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        ids = [type_id for type_id in value if type_id]
        found = Domain(
            "id",
            "in",
            SQL(
                """(SELECT lead_id
                      FROM (SELECT DISTINCT ON (lead_id) lead_id, model, id
                              FROM (%s) AS action
                          ORDER BY lead_id, date, model DESC, id) AS next_action
                 LEFT JOIN mail_activity
                        ON next_action.model = 'mail.activity'
                       AND mail_activity.id = next_action.id
                     WHERE CASE WHEN next_action.model = 'mail.activity'
                                THEN mail_activity.activity_type_id
                                ELSE %s END = ANY(%s))""",
                self._get_next_actions_sql(),
                self._get_type_of_meetings().id,
                ids,
            ),
        ) & Domain("next_action_date", "!=", False)
        if len(ids) < len(value):
            found |= Domain("next_action_date", "=", False)
        return found if operator == "in" else ~found
