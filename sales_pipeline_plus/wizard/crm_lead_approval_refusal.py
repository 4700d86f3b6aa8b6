from odoo import api, fields, models
from odoo.fields import Command

from ..tools.arguments import check_records, get_context_ids


class CrmLeadApprovalRefusal(models.TransientModel):
    """Refuses the moves that opportunities wait for, and says why."""

    _name = "crm.lead.approval.refusal"
    _inherit = ["crm.dialog.mixin"]
    _description = "Refuse a Move"

    lead_ids = fields.Many2many("crm.lead", string="Opportunities", required=True)
    answer = fields.Text(
        "Why Not", required=True, help="Who has asked reads it, and it is logged."
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.lead":
            leads = self.env["crm.lead"].browse(get_context_ids(self.env, "active_ids"))
            leads.check_access("read")
            waiting = leads.filtered("approval_stage_id")
            values["lead_ids"] = [Command.set(waiting.ids)]
        return values

    def action_refuse(self):
        """Refuse; the opportunities stay where they are.

        :raise UserError: if none of them waits, or the user may not decide or says
            nothing
        """
        check_records(self)
        self.ensure_one()
        self.lead_ids._refuse_move(self._get_given_text("answer"))
