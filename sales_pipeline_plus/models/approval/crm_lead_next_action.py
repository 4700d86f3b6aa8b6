from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """That somebody is asked for an approval is no next action with the customer."""

    _inherit = "crm.lead"

    @api.model
    def _get_activities_sql(self):
        activities = super()._get_activities_sql()
        type_id = self._get_approval_type_id()
        if not type_id:
            return activities
        return SQL(
            "%s AND mail_activity.activity_type_id IS DISTINCT FROM %s",
            activities,
            type_id,
            to_flush=self.env["mail.activity"]._fields["activity_type_id"],
        )
