from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.arguments import check_records
from ...tools.days import get_day
from ...tools.internal import INTERNAL
from .cadence import get_pause

# The longest that a company may be closed before a call is planned all the same.
LONGEST_BREAK = timedelta(days=31)


class MailActivity(models.Model):
    """A planned call that nobody answered is made again.

    The call stays planned, for the day that the pipeline's cadence says, so that there
    is always a next action. The try itself is a fact, and no contact.
    """

    _inherit = "mail.activity"

    unanswered_call_count = fields.Integer(
        "Calls Without an Answer",
        compute="_compute_unanswered_call_count",
        help="How often this call was made and nobody answered.",
    )
    can_log_unanswered_call = fields.Boolean(
        "Can Be Without an Answer",
        compute="_compute_can_log_unanswered_call",
        help="Whether this is a call of an open opportunity whose pipeline says when "
        "somebody who did not answer is called again.",
    )

    def _compute_unanswered_call_count(self):
        """Whoever sees the activity sees how often it was tried."""
        counts = {
            activity.id: count
            for activity, count in self.env["crm.lead.unanswered.call"]
            .sudo()
            ._read_group(
                [("activity_id", "in", self._get_deal_calls().ids)],
                ["activity_id"],
                ["__count"],
            )
        }
        for activity in self:
            activity.unanswered_call_count = counts.get(activity._origin.id, 0)

    @api.depends("active", "activity_type_id.category", "res_id", "res_model")
    @api.depends_context("uid")
    def _compute_can_log_unanswered_call(self):
        calls = self._get_deal_calls().filtered(lambda call: call.active)
        leads = self.env["crm.lead"].sudo().browse(calls.mapped("res_id")).exists()
        able = leads.filtered(lambda lead: lead._get_call_cadence())
        for activity in self:
            activity.can_log_unanswered_call = (
                activity in calls and activity.res_id in able._ids
            )

    def _get_deal_calls(self):
        """Return the calls of leads and opportunities among these."""
        return self.filtered(
            lambda activity: (
                activity.res_model == "crm.lead"
                and activity.sudo().activity_type_id.category == "phonecall"
            )
        )

    def _to_store_defaults(self, target):
        return [
            *super()._to_store_defaults(target),
            "can_log_unanswered_call",
            "unanswered_call_count",
        ]

    def action_log_unanswered_call(self):
        """Record that nobody answered this call, and plan the next one.

        :return: the action of the dialog that asks what becomes of the opportunity if
            that was the last call, else False
        :raise UserError: if it is no planned call of an open opportunity whose pipeline
            says when to call again
        :raise AccessError: if the user may not change the activity
        """
        check_records(self)
        self.ensure_one()
        self.check_access("write")
        lead = self.env["crm.lead"].browse(
            self.res_id if self.res_model == "crm.lead" else []
        )
        lead.check_access("read")
        if not self.can_log_unanswered_call:
            raise UserError(
                self.env._(
                    "“%s” cannot be recorded as a call without an answer: only a "
                    "planned call of an open opportunity can, in a pipeline that says "
                    "after how many days to call again.",
                    self.display_name,
                )
            )
        if self._is_last_call_made() and self._was_called_today():
            # Nothing was chosen yet: asking again is no further call.
            return self._ask_after_last_call()
        number = self.unanswered_call_count + 1
        cadence = lead._get_call_cadence()
        pause = get_pause(cadence, number)
        day = pause and self._get_next_call_day(lead, pause)
        self.env["crm.lead.unanswered.call"].sudo().create(
            self._prepare_unanswered_call(lead.sudo(), number, day)
        )
        self.invalidate_recordset(["unanswered_call_count"])
        if day:
            self.with_context(call_again=INTERNAL).date_deadline = day
        self._log_unanswered_call(lead, number, len(cadence) + 1, day)
        return not day and self._ask_after_last_call()

    def _get_call_zone(self):
        """Return the time zone of the person in charge of the call."""
        return pytz.timezone(self.user_id.sudo().tz or self.env.tz.zone)

    def _was_called_today(self):
        zone = self._get_call_zone()
        last = self.env["crm.lead.unanswered.call"].sudo()
        last = last.search([("activity_id", "=", self.id)], limit=1)
        return get_day(last.date, zone) == get_day(fields.Datetime.now(), zone)

    def _get_next_call_day(self, lead, pause):
        """Return the working day of the next call, some days from today, where the
        person in charge of it is."""
        zone = self._get_call_zone()
        day = get_day(fields.Datetime.now(), zone) + timedelta(days=pause)
        company = lead.sudo().company_id or self.env.company
        return next(iter(company._get_working_days(day, day + LONGEST_BREAK)), day)

    def _prepare_unanswered_call(self, lead, number, day):
        return {
            "lead_id": lead.id,
            "date": fields.Datetime.now(),
            "number": number,
            "date_next": day,
            "called_by_id": self.env.uid,
            "pipeline_id": lead.pipeline_id.id,
            "stage_id": lead.stage_id.id,
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "company_id": lead.company_id.id,
            "activity_id": self.id,
        }

    def _log_unanswered_call(self, lead, number, tries, day):
        """Write a note: what is no contact is no message to anybody."""
        texts = {
            "call": self.display_name,
            "number": number,
            "tries": max(number, tries),
        }
        if day:
            body = self.env._(
                "No answer: %(call)s (call %(number)s of %(tries)s). The next call is "
                "planned for %(date)s.",
                date=format_date(self.env, day),
                **texts,
            )
        else:
            body = self.env._(
                "No answer: %(call)s (call %(number)s of %(tries)s). That was the last "
                "one.",
                **texts,
            )
        lead._message_log(body=body)

    def _ask_after_last_call(self):
        """Return the action of the dialog about what becomes of the opportunity."""
        dialog = self.env["crm.lead.last.call"].create({"activity_id": self.id})
        return dialog._get_dialog_action(self.env._("Nobody Answers"), "medium")
