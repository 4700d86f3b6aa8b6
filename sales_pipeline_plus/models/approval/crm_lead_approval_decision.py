from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from ...tools.arguments import check_records
from ...tools.texts import with_colon
from .crm_lead_concern_entry import MAX_NAMED

# What who has asked is told of, and what nobody has decided.
TOLD = ("approved", "refused", "lapsed")
UNDECIDED = ("moot", "lapsed")


class CrmLead(models.Model):
    """What becomes of a request: approved, refused, withdrawn, void or lapsed."""

    _inherit = "crm.lead"

    def action_approve_move(self):
        """Move those of these that wait for an approval, as their approver.

        It is a move like any other: what the stage and the pipeline ask for is asked
        of it, and the stay says that the approver has moved it.

        :raise UserError: if none of them waits, or the user may not approve
        """
        check_records(self)
        waiting = self._filter_waiting()
        for stage, leads in waiting.grouped("approval_stage_id").items():
            leads.write({"stage_id": stage.id})

    def action_withdraw_approval(self):
        """Withdraw the user's requests for these.

        :raise UserError: if none of them waits, or somebody else has asked
        """
        check_records(self)
        waiting = self._filter_waiting()
        waiting.check_access("write")
        approvals = self.env["crm.lead.approval"].sudo()._get_waiting(waiting)
        foreign = approvals.filtered(lambda a: a.requested_by_id != self.env.user)
        if foreign:
            raise UserError(
                self.env._(
                    "Only who asked for an approval can withdraw the request: %s.",
                    ", ".join(foreign.lead_id[:MAX_NAMED].mapped("display_name")),
                )
            )
        waiting._end_approvals("withdrawn")

    def _refuse_move(self, answer):
        """Refuse what these wait for; they stay where they are.

        :param str answer: why
        :raise UserError: if none of them waits, or the user may not decide
        """
        waiting = self._filter_waiting()
        waiting.check_access("write")
        refusals = [
            lead._get_entry_refusal(
                lead._get_restricted_line(lead.approval_stage_id.id),
                lead.approval_stage_id,
            )
            for lead in waiting
            if not lead._may_decide()
        ]
        if refusals:
            raise UserError("\n".join(refusals[:MAX_NAMED]))
        waiting._end_approvals("refused", answer)

    def _filter_waiting(self):
        """:raise UserError: if none of these waits for an approval"""
        waiting = self.filtered("approval_stage_id")
        if not waiting:
            raise UserError(
                self.env._(
                    "None of these opportunities is waiting for an approval any more."
                )
            )
        return waiting

    def _end_approvals(self, state, answer=False):
        """End what these wait for, say so in the chatter and to who has asked.

        :param str state: see ``crm.lead.approval``
        """
        waiting = self.sudo().filtered("approval_stage_id")
        if not waiting:
            return
        approvals = self.env["crm.lead.approval"].sudo()._get_waiting(waiting)
        approvals.write(
            {
                "state": state,
                "answer": answer,
                "date_decided": self.env.cr.now().replace(microsecond=0),
                "decided_by_id": state not in UNDECIDED and self.env.uid,
            }
        )
        approvals.activity_id.unlink()
        waiting.with_env(self.env)._write_facts({"approval_stage_id": False})
        texts = {
            approval.lead_id.id: approval._get_decision_text() for approval in approvals
        }
        self.browse(texts)._message_log_batch(bodies=texts)
        if state in TOLD:
            approvals._notify_decision()


class CrmLeadApproval(models.Model):
    _inherit = "crm.lead.approval"

    def _get_decision_text(self):
        self.ensure_one()
        texts = {"stage": self.stage_id.name, "user": self.decided_by_id.name}
        match self.state:
            case "approved":
                return self.env._("%(user)s approved the move to “%(stage)s”.", **texts)
            case "refused":
                return self.env._(
                    "%(user)s refused the move to “%(stage)s”: %(answer)s",
                    answer=self.answer,
                    **texts,
                )
            case "withdrawn":
                return self.env._(
                    "%(user)s no longer asks for the move to “%(stage)s”.", **texts
                )
            case "lapsed":
                return self._get_lapse_text()
        return self.env._(
            "The request for the move to “%(stage)s” is void: the opportunity went "
            "another way.",
            **texts,
        )

    def _get_lapse_text(self):
        line = self.lead_id._get_stage_line(self.stage_id.id)
        if line and line.entry_policy == "everybody":
            return self.env._(
                "The request for the move to “%s” has lapsed: whoever works on the "
                "opportunity may move it there now.",
                self.stage_id.name,
            )
        return self.env._(
            "The request for the move to “%s” has lapsed: the stage was taken out of "
            "the pipeline.",
            self.stage_id.name,
        )

    def _notify_decision(self):
        """Tell who has asked, in one notification for all."""
        for user, approvals in self.grouped("requested_by_id").items():
            if not user.active or user == self.env.user:
                continue
            env = self.with_context(lang=user.lang).env
            lines = [
                with_colon(
                    env, approval.lead_id.display_name, approval._get_decision_text()
                )
                for approval in approvals.with_env(env)
            ]
            self.env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids,
                subject=env._("Your request for approval: %s", lines[0])
                if len(lines) == 1
                else env._("Your requests for approval: %s", len(lines)),
                body=Markup("<br/>").join(lines),
                model=len(lines) == 1 and "crm.lead",
                res_id=len(lines) == 1 and approvals.lead_id.id,
                email_layout_xmlid="mail.mail_notification_light",
            )
