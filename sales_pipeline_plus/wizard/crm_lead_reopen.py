from odoo import api, fields, models
from odoo.fields import Command

from ..tools.arguments import check_records, get_context_ids


class CrmLeadReopen(models.TransientModel):
    """A sales manager reopens lost opportunities and says why."""

    _name = "crm.lead.reopen"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Reopen Lost Opportunities"

    lead_ids = fields.Many2many(
        "crm.lead",
        string="Opportunities",
        required=True,
        context={"active_test": False},
    )
    reason = fields.Char(required=True, help="Logged on each opportunity.")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.lead":
            lead_ids = get_context_ids(self.env, "active_ids")
            values.setdefault("lead_ids", [Command.set(lead_ids)])
        return values

    def action_reopen(self):
        """Restore the lost ones among them; the reason goes into their chatter."""
        check_records(self)
        self.ensure_one()
        self.lead_ids.filtered(lambda lead: lead.won_status == "lost").with_context(
            reopen_reason=self._get_given_text("reason")
        ).action_restore()
