from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import check_records


class CrmLead(models.Model):
    """Calls about an opportunity that nobody answered, and the one that is planned."""

    _inherit = "crm.lead"

    unanswered_call_ids = fields.One2many(
        "crm.lead.unanswered.call", "lead_id", string="Calls Without an Answer"
    )
    can_log_unanswered_call = fields.Boolean(
        "Can Be Without an Answer",
        compute="_compute_can_log_unanswered_call",
        help="Whether a call is planned that can be recorded as one without an answer.",
    )

    @api.depends("activity_ids.active", "activity_ids.activity_type_id")
    @api.depends("pipeline_id", "date_hold", "won_status")
    def _compute_can_log_unanswered_call(self):
        for lead in self:
            lead.can_log_unanswered_call = bool(lead._get_planned_call())

    def _get_planned_call(self):
        """Return the call that is to be made next: the user's own before others'."""
        return self.activity_ids.filtered("can_log_unanswered_call").sorted(
            lambda call: (call.user_id != self.env.user, call.date_deadline, call.id)
        )[:1]

    def _get_call_cadence(self):
        """Return the days between the calls of an open opportunity, as a tuple; without
        one, calls without an answer are not recorded."""
        self.ensure_one()
        if self.type != "opportunity" or not self._is_open():
            return ()
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        layout = layouts.get(self.pipeline_id.id)
        return layout.call_cadence if layout else ()

    def action_log_unanswered_call(self):
        """Record that nobody answered the call that is to be made next.

        :return: as of :meth:`mail.activity.action_log_unanswered_call`
        :raise UserError: if there is none
        """
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        call = self._get_planned_call()
        if not call:
            raise UserError(
                self.env._(
                    "No call is planned on “%s” that can be recorded as one without an "
                    "answer. Plan one, in a pipeline that says after how many days to "
                    "call again.",
                    self.display_name,
                )
            )
        return call.action_log_unanswered_call()
