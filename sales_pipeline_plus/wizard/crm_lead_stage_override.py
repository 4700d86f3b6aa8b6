from odoo import api, fields, models
from odoo.fields import Command

from ..tools.arguments import check_records, get_context_ids


class CrmLeadStageOverride(models.TransientModel):
    """A sales manager lets opportunities into a stage without what it asks for."""

    _name = "crm.lead.stage.override"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Move Without What the Stage Asks For"

    lead_ids = fields.Many2many("crm.lead", string="Opportunities", required=True)
    available_stage_ids = fields.Many2many(
        "crm.stage", compute="_compute_available_stage_ids"
    )
    stage_id = fields.Many2one(
        "crm.stage",
        required=True,
        domain="[('id', 'in', available_stage_ids)]",
    )
    reason = fields.Char(
        required=True, help="Logged on each opportunity that lacks something."
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.lead":
            lead_ids = get_context_ids(self.env, "active_ids")
            values.setdefault("lead_ids", [Command.set(lead_ids)])
        return values

    @api.depends("lead_ids.pipeline_id")
    def _compute_available_stage_ids(self):
        for wizard in self:
            wizard.available_stage_ids = wizard.lead_ids._stage_find(
                domain=[], limit=None
            )

    def action_apply(self):
        """Move the opportunities; the reason goes into their chatter."""
        check_records(self)
        self.ensure_one()
        reason = self._get_given_text("reason")
        self.lead_ids.with_context(stage_override_reason=reason).write(
            {"stage_id": self.stage_id.id}
        )
