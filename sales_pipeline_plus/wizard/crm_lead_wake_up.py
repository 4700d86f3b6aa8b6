from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ..tools.arguments import check_records, get_context_ids


class CrmLeadWakeUp(models.TransientModel):
    """Asks for the expected closing date of what wakes up, where it has passed."""

    _name = "crm.lead.wake.up"
    _inherit = ["crm.dialog.mixin"]
    _description = "Wake Opportunities Up"

    lead_ids = fields.Many2many("crm.lead", string="Opportunities", required=True)
    passed_ids = fields.Many2many(
        "crm.lead", string="Closing Date Passed", compute="_compute_passed_ids"
    )
    date_deadline = fields.Date(
        "Expected Closing",
        required=True,
        help="For those whose expected closing date has passed while they were on "
        "hold; the others keep theirs.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "crm.lead":
            lead_ids = get_context_ids(self.env, "active_ids")
            leads = self.env["crm.lead"].browse(lead_ids).exists()
            leads.check_access("read")
            asleep = leads.filtered(lambda lead: lead._is_on_hold())
            values["lead_ids"] = [Command.set(asleep.ids)]
        return values

    @api.depends("lead_ids")
    def _compute_passed_ids(self):
        for dialog in self:
            # What was woken up or closed meanwhile keeps its date.
            asleep = dialog.lead_ids.filtered(lambda lead: lead._is_on_hold())
            dialog.passed_ids = asleep._filter_decision_passed()

    def action_wake_up(self):
        """Wake the opportunities up, those that were late with the new date.

        :raise UserError: if none of them is on hold, or the new date has passed
        :raise ValidationError: naming each one that lacks what its stage asks for
        """
        check_records(self)
        self.ensure_one()
        if self.passed_ids and self.date_deadline < fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(date)s has passed. Choose an expected closing that is still to "
                    "come.",
                    date=format_date(self.env, self.date_deadline),
                )
            )
        self.passed_ids.date_deadline = self.date_deadline
        return self.lead_ids.action_wake_up()
