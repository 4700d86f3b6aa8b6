from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.arguments import check_records
from .res_partner import SALESPERSON


class ResPartner(models.Model):
    """When a customer was last spoken to about opportunities, and what comes next."""

    _inherit = "res.partner"

    sales_last_contact = fields.Datetime(
        "Last Contact",
        compute="_compute_sales_last_contact",
        groups=SALESPERSON,
        help="The last activity done, or meeting held, on an opportunity of the "
        "customer.",
    )
    sales_next_lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity of the Next Action",
        compute="_compute_sales_next_action",
        groups=SALESPERSON,
    )
    sales_next_action_date = fields.Date(
        "Next Action",
        compute="_compute_sales_next_action",
        groups=SALESPERSON,
        help="The earliest action planned on an open opportunity of the customer.",
    )
    sales_next_action_summary = fields.Char(
        "What Is Next", compute="_compute_sales_next_action", groups=SALESPERSON
    )

    def _get_customer_leads_domain(self):
        """Return the domain of the opportunities of the companies of these partners."""
        return Domain("type", "=", "opportunity") & Domain(
            "partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids
        )

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_sales_last_contact(self):
        latest = {}
        for model, link, field_name, more in (
            ("crm.activity.report", "lead_id", "date", Domain.TRUE),
            (
                "calendar.event",
                "opportunity_id",
                "start",
                Domain("start", "<=", fields.Datetime.now()),
            ),
        ):
            records = self.env[model].with_context(active_test=False)
            if not records.has_access("read"):
                continue
            for lead, moment in records._read_group(
                more & Domain(link, "any", self._get_customer_leads_domain()),
                [link],
                [f"{field_name}:max"],
            ):
                # Whoever reads the activity reads whose it is.
                company_id = lead.sudo().partner_id.commercial_partner_id.id
                latest[company_id] = max(latest.get(company_id, moment), moment)
        for partner in self:
            partner.sales_last_contact = latest.get(partner.commercial_partner_id.id)

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids", "tz", "uid")
    def _compute_sales_next_action(self):
        leads = self.env["crm.lead"]
        found = {}
        if leads.has_access("read"):
            for lead in leads.search(
                self._get_customer_leads_domain()
                & leads._get_open_domain()
                & Domain("next_action_date", "!=", False),
                order="next_action_date desc, id desc",
            ):
                # The earliest one is the last to be noted.
                found[lead.sudo().partner_id.commercial_partner_id.id] = lead
        for partner in self:
            lead = found.get(partner.commercial_partner_id.id, leads)
            partner.sales_next_lead_id = lead
            partner.sales_next_action_date = lead.next_action_date
            partner.sales_next_action_summary = lead.next_action_summary

    def action_open_next_action(self):
        """Open the opportunity of the next action."""
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        return self.sales_next_lead_id and {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.sales_next_lead_id.id,
            "views": [[False, "form"]],
        }

    def action_open_contacts_made(self):
        """Open the activities done on the opportunities of the customer."""
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        self.env["crm.activity.report"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Contacts Made"),
            "res_model": "crm.activity.report",
            "views": [[False, "list"], [False, "graph"], [False, "pivot"]],
            "domain": [("lead_id", "any", list(self._get_customer_leads_domain()))],
            "context": {"active_test": False},
        }
