from odoo import api, fields, models


class MailActivitySchedule(models.TransientModel):
    """An action on a deal says what is to be done.

    Odoo proposes a to-do that is called “To-Do”, which two clicks accept. Here a call
    is proposed, and the name of a type is no text: it is left empty and asked for.
    """

    _inherit = "mail.activity.schedule"

    activity_type_id = fields.Many2one(
        domain=lambda self: self.env["mail.activity.type"]._get_planning_domain()
    )

    @api.depends("res_model")
    def _compute_activity_type_id(self):
        proposed = self.filtered(
            lambda scheduler: (
                scheduler.res_model == "crm.lead" and not scheduler.activity_type_id
            )
        )
        result = super()._compute_activity_type_id()
        call = self.env["mail.activity.type"]._get_type_of_next_action()
        if call:
            proposed.activity_type_id = call
        return result

    @api.depends("activity_type_id")
    def _compute_summary(self):
        deals = self.filtered(lambda scheduler: scheduler.res_model == "crm.lead")
        written = {scheduler: scheduler.summary for scheduler in deals}
        result = super()._compute_summary()
        for scheduler, summary in written.items():
            activity_type = scheduler.activity_type_id
            if not activity_type.summary or activity_type.summary == activity_type.name:
                scheduler.summary = summary
        return result
