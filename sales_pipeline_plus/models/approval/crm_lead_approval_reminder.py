import logging
from datetime import timedelta

from odoo import api, models

from ...tools.jobs import run_batch
from ...tools.workers import Workers

_logger = logging.getLogger(__name__)


class CrmLeadApproval(models.Model):
    """Each request that waits lies with somebody who may decide it.

    Who marks the activity as done, or deletes it, has decided nothing: it is planned
    anew. Where the approver may not decide any more, who may is asked instead.
    """

    _inherit = "crm.lead.approval"

    @api.model
    def _cron_remind_approvers(self):
        """Look at all that wait: who may decide can change in many ways."""
        waiting = self.search([("state", "=", "waiting")])
        run_batch(self.env, _logger, waiting, "_remind_approvers")

    def _remind_approvers(self):
        """Let each of these that waits have an activity of who may decide it, and end
        those that nobody needs to decide any more."""
        # Odoo's mail about each assignment would be many.
        waiting = self.sudo().with_context(mail_activity_quick_update=True)
        waiting = waiting.filtered(lambda approval: approval.state == "waiting")
        lapsed = waiting.filtered(
            lambda each: not each.lead_id._get_restricted_line(each.stage_id.id)
        )
        lapsed.lead_id._end_approvals("lapsed")
        waiting -= lapsed
        if not waiting:
            return
        workers = Workers(waiting.lead_id)
        vals_list, unasked, bodies = [], [], {}
        for approval in waiting:
            users = approval._get_present_approvers(workers)
            if not users:
                continue
            if approval.approver_id not in users:
                leader = users & approval.lead_id.team_id.user_id
                approval.approver_id = (leader or users)[:1]
                bodies[approval.lead_id.id] = approval._get_asking_text()
            if not approval.activity_id.active:
                unasked.append(approval)
                vals_list.append(approval._prepare_reminder())
            elif approval.activity_id.user_id not in users:
                approval.activity_id.user_id = approval.approver_id
        activities = waiting.env["mail.activity"].create(vals_list)
        for approval, activity in zip(unasked, activities, strict=True):
            approval.activity_id = activity
        self.env["crm.lead"].browse(bodies)._message_log_batch(bodies=bodies)

    def _get_present_approvers(self, workers):
        """Return those who may decide it now."""
        lead = self.lead_id
        users = lead._get_entry_users(lead._get_restricted_line(self.stage_id.id))
        return users.filtered(lambda user: lead.id in workers[user])

    def _prepare_reminder(self):
        """Return the values of one more activity; who has just done one gets a day."""
        values = self._prepare_activity()
        if self.activity_id.user_id == self.approver_id:
            values["date_deadline"] += timedelta(days=1)
        return values

    def _get_asking_text(self):
        return self.env._(
            "%(approver)s is asked now to approve the move to “%(stage)s”.",
            approver=self.approver_id.name,
            stage=self.stage_id.name,
        )


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def write(self, vals):
        result = super().write(vals)
        if not vals.get("active", True):
            self._get_waiting_approvals()._remind_approvers()
        return result

    def unlink(self):
        approvals = self._get_waiting_approvals()
        result = super().unlink()
        approvals._remind_approvers()
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        """What is asked within the house is no contact with the customer."""
        messages, following = super()._action_done(
            feedback=feedback, attachment_ids=attachment_ids
        )
        if kind := self.env["crm.lead"]._get_approval_type_id():
            asking = messages.filtered(
                lambda each: each.mail_activity_type_id.id == kind
            )
            asking.sudo().mail_activity_type_id = False
        return messages, following

    def _get_waiting_approvals(self):
        """Return the requests that wait and of which these tell the approver."""
        approvals = self.env["crm.lead.approval"].sudo()
        kind = self.env["crm.lead"]._get_approval_type_id()
        asking = self.sudo().filtered(lambda each: each.activity_type_id.id == kind)
        if not kind or not asking:
            return approvals
        return approvals.search(
            [("activity_id", "in", asking.ids), ("state", "=", "waiting")]
        )


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def write(self, vals):
        """The requests that wait are those of the new leader."""
        result = super().write(vals)
        if "user_id" in vals:
            leads = (
                self.env["crm.lead"]
                .sudo()
                .search(
                    [("team_id", "in", self.ids), ("approval_stage_id", "!=", False)]
                )
            )
            self.env["crm.lead.approval"].sudo()._get_waiting(leads)._remind_approvers()
        return result


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Who leaves is not asked any more."""
        result = super().write(vals)
        if not vals.get("active", True):
            approvals = self.env["crm.lead.approval"].sudo()
            approvals.search(
                [("approver_id", "in", self.ids), ("state", "=", "waiting")]
            )._remind_approvers()
        return result


class CrmLeadConcernApprover(models.AbstractModel):
    """Who may decide follows the salesperson and the team of an opportunity."""

    _name = "crm.lead.concern.approver"
    _inherit = "crm.lead.concern"
    _description = "Approvers of Changing Opportunities"

    def _get_watched_fields(self):
        return {"team_id", "user_id"}

    def _record(self, change):
        waiting = not change.is_creation and change.above.filtered("approval_stage_id")
        if waiting:
            approvals = self.env["crm.lead.approval"].sudo()
            approvals._get_waiting(waiting)._remind_approvers()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_concerns(self):
        return [*super()._get_concerns(), "crm.lead.concern.approver"]
