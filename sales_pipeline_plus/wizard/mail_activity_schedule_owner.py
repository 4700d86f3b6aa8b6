from odoo import models


class MailActivitySchedule(models.TransientModel):
    """An action that is planned from a list of deals is for the deal's salesperson."""

    _inherit = "mail.activity.schedule"

    def _compute_activity_user_id(self):
        super()._compute_activity_user_id()
        if not self.env.context.get("plan_for_salesperson"):
            return
        for scheduler in self:
            if (
                scheduler.res_model == "crm.lead"
                and not scheduler.activity_type_id.default_user_id
            ):
                salespeople = scheduler._get_applied_on_records().user_id
                if len(salespeople) == 1:
                    scheduler.activity_user_id = salespeople
