from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.arguments import check_records
from ..tools.internal import INTERNAL


class CrmLeadLastCall(models.TransientModel):
    """Asks what becomes of an opportunity when nobody answered the last call.

    The call stays planned until something is chosen.
    """

    _name = "crm.lead.last.call"
    _inherit = ["crm.dialog.mixin"]
    _description = "After the Last Call"

    activity_id = fields.Many2one(
        "mail.activity", string="Planned Call", required=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(
        "crm.lead", string="Opportunity", compute="_compute_lead_id"
    )
    unanswered_call_count = fields.Integer(related="activity_id.unanswered_call_count")
    choice = fields.Selection(
        [
            ("contact", "Call somebody else"),
            ("hold", "Put the opportunity on hold…"),
            ("lost", "The opportunity is lost…"),
        ],
        string="What Next?",
        required=True,
        default="contact",
    )
    person_ids = fields.Many2many("res.partner", compute="_compute_person_ids")
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        domain="[('id', 'in', person_ids)]",
        help="Somebody of the customer, or another contact of the opportunity.",
    )

    @api.depends("activity_id")
    @api.depends_context("uid")
    def _compute_lead_id(self):
        """A call may be somebody's on an opportunity that they may not read."""
        for dialog in self:
            call = dialog.activity_id._get_deal_calls()
            leads = self.env["crm.lead"].browse(call.mapped("res_id"))
            dialog.lead_id = leads._filtered_access("read")

    @api.depends("activity_id")
    @api.depends_context("uid")
    def _compute_person_ids(self):
        """Offer the people of the company and of the deal that the user may read."""
        for dialog in self:
            lead = dialog.lead_id
            domain = Domain("id", "in", lead.contact_ids.partner_id.ids)
            if lead.partner_id:
                company = lead.partner_id.commercial_partner_id
                domain |= Domain("commercial_partner_id", "=", company.id) & Domain(
                    "is_company", "=", False
                )
            dialog.person_ids = self.env["res.partner"].search(
                domain & Domain("id", "!=", lead.partner_id.id)
            )

    def action_apply(self):
        """Do what was chosen.

        :return: the action of the dialog that goes on, if any
        :raise UserError: if the call was done meanwhile, or nobody is chosen
        """
        check_records(self)
        self.ensure_one()
        self.activity_id.check_access("write")
        self.lead_id.check_access("read")
        if not self.activity_id.can_log_unanswered_call:
            raise UserError(
                self.env._(
                    "“%s” is no planned call any more.", self.activity_id.display_name
                )
            )
        if self.choice == "contact":
            self._call_somebody_else()
            return False
        name = (
            "sales_pipeline_plus.crm_lead_put_on_hold_action"
            if self.choice == "hold"
            else "crm.crm_lead_lost_action"
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        action["context"] = {
            "active_model": "crm.lead",
            "active_id": self.lead_id.id,
            "active_ids": self.lead_id.ids,
            "default_lead_ids": self.lead_id.ids,
            "dialog_size": "medium",
        }
        return action

    def _call_somebody_else(self):
        """Plan the call anew, for another person: its tries begin with the first."""
        person = self.partner_id
        if person not in self.person_ids:
            raise UserError(
                self.env._(
                    "Choose whom to call about “%s”: somebody else of the customer, or "
                    "of the contacts of the opportunity.",
                    self.lead_id.display_name,
                )
            )
        call = self.activity_id
        self.env["crm.lead.unanswered.call"].sudo().search(
            [("activity_id", "=", call.id)]
        ).activity_id = False
        call.invalidate_recordset(["unanswered_call_count"])
        summary = self.env._("Call %s", person.name)
        if person.phone:
            summary = f"{summary}, {person.phone}"
        call.with_context(call_again=INTERNAL).write(
            {
                "summary": summary,
                "date_deadline": call._get_next_call_day(self.lead_id, 0),
            }
        )
