from odoo import api, fields, models
from odoo.fields import Command

from ..tools.arguments import check_records, get_context_id, get_context_ids


class CrmLeadApprovalRequest(models.TransientModel):
    """Asks those who may to move opportunities into a stage, with a reason.

    Those that the user may move there are moved at once.
    """

    _name = "crm.lead.approval.request"
    _inherit = ["crm.dialog.mixin"]
    _description = "Ask for the Approval of a Move"

    lead_ids = fields.Many2many("crm.lead", string="Opportunities", required=True)
    stage_id = fields.Many2one("crm.stage", required=True)
    asked_ids = fields.Many2many(
        "crm.lead", string="Need an Approval", compute="_compute_asked"
    )
    free_ids = fields.Many2many(
        "crm.lead", string="Move at Once", compute="_compute_asked"
    )
    approver_ids = fields.Many2many("res.users", compute="_compute_asked")
    who = fields.Char("Who May", compute="_compute_asked")
    approver_id = fields.Many2one(
        "res.users",
        string="Ask",
        compute="_compute_approver_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', approver_ids)]",
    )
    reason = fields.Text(
        required=True, help="Why it is to move. Who is asked reads it."
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.lead":
            lead_ids = get_context_ids(self.env, "active_ids")
            values["lead_ids"] = [Command.set(lead_ids)]
            values["stage_id"] = get_context_id(self.env, "approval_stage_id")
        return values

    @api.depends("lead_ids", "stage_id")
    def _compute_asked(self):
        for dialog in self:
            asked, users = dialog.lead_ids.browse(), self.env["res.users"]
            words = []
            for lead in dialog.lead_ids._origin:
                line = lead._get_restricted_line(dialog.stage_id.id)
                if line and lead.stage_id != dialog.stage_id:
                    if not lead._may_enter(line):
                        asked += lead
                        words.append(lead._get_entry_words(line))
                        several = lead._get_entry_users(line)
                        # One alone is asked without a choice.
                        users |= several if len(several) > 1 else users
            dialog.asked_ids = asked
            dialog.free_ids = (dialog.lead_ids._origin - asked).filtered(
                lambda lead, stage=dialog.stage_id: lead.stage_id != stage
            )
            dialog.approver_ids = users.with_env(self.env)
            dialog.who = "; ".join(dict.fromkeys(words))

    @api.depends("approver_ids")
    def _compute_approver_id(self):
        """Propose the leader of the team where they are one of several."""
        for dialog in self:
            leaders = dialog.asked_ids.sudo().team_id.user_id.with_env(self.env)
            dialog.approver_id = (dialog.approver_ids & leaders)[:1]

    def action_request(self):
        """Ask for the approval, and move those that need none.

        :raise UserError: naming each of which nothing can be asked, and why
        """
        check_records(self)
        self.ensure_one()
        reason = self._get_given_text("reason")
        if self.free_ids:
            self.free_ids.write({"stage_id": self.stage_id.id})
        self.asked_ids._request_approval(self.stage_id, reason, self.approver_id)
        return {"type": "ir.actions.act_window_close", "infos": {"asked": True}}
