from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .crm_lead_concern_entry import MAX_NAMED

APPROVAL_TYPE = "sales_pipeline_plus.mail_activity_type_approval"


class CrmLead(models.Model):
    """Asks those who may for an approval. The opportunity stays where it is until then.

    An activity tells who was asked; whoever may enter the stage can answer.
    """

    _inherit = "crm.lead"

    approval_stage_id = fields.Many2one(
        "crm.stage",
        string="Waiting for Approval",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        help="The stage that it enters once somebody who may approves.",
    )
    approval_reason = fields.Text(compute="_compute_approval")
    approval_requested_by_id = fields.Many2one("res.users", compute="_compute_approval")
    approval_approver_id = fields.Many2one("res.users", compute="_compute_approval")
    can_decide_approval = fields.Boolean(
        compute="_compute_approval", help="The user may approve or refuse."
    )
    can_withdraw_approval = fields.Boolean(
        compute="_compute_approval", help="The user has asked for it."
    )

    @api.depends("approval_stage_id", "pipeline_id", "team_id", "user_id")
    @api.depends_context("uid")
    def _compute_approval(self):
        waiting = self._origin.filtered("approval_stage_id")
        approvals = {
            approval.lead_id.id: approval
            for approval in self.env["crm.lead.approval"]._get_waiting(waiting)
        }
        for lead in self:
            approval = approvals.get(lead._origin.id, self.env["crm.lead.approval"])
            lead.approval_reason = approval.reason
            lead.approval_requested_by_id = approval.requested_by_id
            lead.approval_approver_id = approval.approver_id
            lead.can_withdraw_approval = approval.requested_by_id == self.env.user
            lead.can_decide_approval = bool(approval) and lead._may_decide()

    def _may_decide(self):
        """Tell whether the user may let it into the stage that it waits for."""
        line = self._get_restricted_line(self.approval_stage_id.id)
        return not line or self._may_enter(line)

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"approval_stage_id"}

    @api.model
    def _get_approval_type_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            APPROVAL_TYPE, raise_if_not_found=False
        )

    def _request_approval(self, stage, reason, approver=None):
        """Ask for an approval to move these into a stage of their pipeline.

        :param stage: the ``crm.stage``
        :param str reason: why they are to move
        :param approver: who is asked where several may; the ``res.users``
        :raise UserError: naming each of which nothing can be asked, and why
        """
        self.check_access("write")
        approvers = self._get_approvers(stage, approver or self.env["res.users"])
        approvals = self.env["crm.lead.approval"].sudo()
        approvals = approvals.create(
            [
                approvals._prepare(
                    lead, stage, reason=reason, approver_id=approvers[lead].id
                )
                for lead in self
            ]
        )
        self._write_facts({"approval_stage_id": stage.id})
        activities = self.env["mail.activity"].sudo()
        activities = activities.with_context(mail_activity_quick_update=True).create(
            [approval._prepare_activity() for approval in approvals]
        )
        for approval, activity in zip(approvals, activities, strict=True):
            approval.activity_id = activity
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "Asked %(approver)s to approve the move to “%(stage)s”. Reason: "
                    "%(reason)s",
                    approver=approvers[lead].name,
                    stage=stage.name,
                    reason=reason,
                )
                for lead in self
            }
        )

    def _get_approvers(self, stage, approver):
        """Return {lead: who is asked}.

        :raise UserError: naming each of which nothing can be asked, and why
        """
        approvers, refusals = {}, []
        for lead in self:
            line = lead._get_restricted_line(stage.id)
            texts = {"lead": lead.display_name, "stage": stage.name}
            is_movable = lead.active and lead.type == "opportunity"
            if lead.approval_stage_id:
                refusals.append(
                    self.env._(
                        "“%(lead)s” is already waiting for an approval, for "
                        "“%(other)s”. Withdraw that request first.",
                        other=lead.approval_stage_id.name,
                        **texts,
                    )
                )
            elif not (is_movable and line and line.entry_approval) or (
                lead.stage_id == stage or lead._may_enter(line)
            ):
                refusals.append(
                    self.env._(
                        "“%(lead)s” needs no approval that could be asked for to enter "
                        "“%(stage)s”. Move it there, or ask your sales manager.",
                        **texts,
                    )
                )
            else:
                users = lead._get_entry_users(line)
                asked = users if len(users) == 1 else users & approver.sudo()
                if not asked:
                    refusals.append(
                        self.env._(
                            "“%(lead)s”: choose whom to ask for the approval to enter "
                            "“%(stage)s”. Those who may: %(who)s.",
                            who=lead._get_entry_words(line),
                            **texts,
                        )
                    )
                approvers[lead] = asked
        refusals = refusals or self._get_approver_refusals(approvers)
        if refusals:
            raise UserError("\n".join(refusals[:MAX_NAMED]))
        return approvers

    def _get_approver_refusals(self, approvers):
        """Whoever is asked must be able to work on the opportunity."""
        refusals = []
        for user in self.env["res.users"].sudo().union(*approvers.values()):
            leads = self.filtered(lambda lead, user=user: approvers[lead] == user)
            reader = leads.with_user(user).with_context(
                allowed_company_ids=user.company_ids.ids
            )
            writable = reader._filtered_access("write")
            refusals.extend(
                self.env._(
                    "“%(lead)s”: %(user)s cannot approve it without access to the "
                    "opportunity. Ask somebody else, or make them a collaborator.",
                    lead=lead.display_name,
                    user=user.name,
                )
                for lead in leads
                if lead.id not in writable._ids
            )
        return refusals

    def _record_entry_by_itself(self):
        """Record what a machine let into a stage that not everybody may enter."""
        approvals = self.env["crm.lead.approval"].sudo()
        now = self.env.cr.now().replace(microsecond=0)
        approvals.create(
            [
                approvals._prepare(
                    lead,
                    lead.stage_id,
                    from_stage_id=False,
                    state="automatic",
                    date_decided=now,
                )
                for lead in self
            ]
        )
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "Came into “%s” by itself, which not everybody may enter.",
                    lead.stage_id.name,
                )
                for lead in self
            }
        )


class CrmLeadApproval(models.Model):
    _inherit = "crm.lead.approval"

    def _prepare_activity(self):
        """Return the values of the activity, in the language of who gets it."""
        self.ensure_one()
        user = self.approver_id
        lead = self.lead_id.with_context(lang=user.lang or self.env.lang, tz=user.tz)
        return {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": lead.id,
            "activity_type_id": lead._get_approval_type_id(),
            "automated": True,
            "summary": lead.env._(
                "%(user)s asks for “%(stage)s”",
                user=self.requested_by_id.name,
                stage=self.with_env(lead.env).stage_id.name,
            ),
            "note": plaintext2html(self.reason),
            "user_id": user.id,
            "date_deadline": fields.Date.context_today(lead),
        }
