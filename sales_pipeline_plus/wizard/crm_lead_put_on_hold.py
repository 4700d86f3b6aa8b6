from odoo import api, fields, models
from odoo.fields import Command

from ..tools.arguments import check_records, get_context_ids


class CrmLeadPutOnHold(models.TransientModel):
    """Lets opportunities sleep until a date, for a reason."""

    _name = "crm.lead.put.on.hold"
    _inherit = ["crm.dialog.mixin"]
    _description = "Put Opportunities on Hold"

    lead_ids = fields.Many2many("crm.lead", string="Opportunities", required=True)
    company_ids = fields.Many2many("res.company", compute="_compute_company_ids")
    date_wake_up = fields.Date(
        "Wake-Up Date",
        required=True,
        help="The day on which they come back into their stage. An activity is "
        "planned for it.",
    )
    reason_id = fields.Many2one(
        "crm.hold.reason",
        required=True,
        domain="['|', ('company_id', '=', False), ('company_id', 'in', company_ids)]",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.lead":
            lead_ids = get_context_ids(self.env, "active_ids")
            leads = self.env["crm.lead"].browse(lead_ids).exists()
            leads.check_access("read")
            values["lead_ids"] = [Command.set(leads.ids)]
            if len(leads.hold_reason_id) == 1 and leads[:1].date_hold:
                # What is changed is shown.
                values["date_wake_up"] = leads[:1].date_wake_up
                values["reason_id"] = leads.hold_reason_id.id
        return values

    @api.depends("lead_ids")
    def _compute_company_ids(self):
        for dialog in self:
            companies = dialog.lead_ids.sudo().company_id.ids
            # A reason is for one company or for all.
            dialog.company_ids = companies if len(companies) == 1 else False

    def action_put_on_hold(self):
        """Put the opportunities on hold.

        :raise UserError: naming each that cannot be, or what is wrong
        """
        check_records(self)
        self.ensure_one()
        self.lead_ids._put_on_hold(self.date_wake_up, self.reason_id)
