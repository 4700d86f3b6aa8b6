from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.misc import clean_context

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaignMeet(models.TransientModel):
    """Note a company met at a trade show, standing, on a phone."""

    _name = "sales.campaign.meet"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Company Met"

    campaign_id = fields.Many2one("sales.campaign", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Known Company",
        help="Search by name, e-mail or phone. The company and the person chosen are "
        "both added to the campaign.",
    )
    name = fields.Char(string="New Company")
    email = fields.Char(string="E-mail")
    phone = fields.Char()
    contact_name = fields.Char(
        string="Contact's Name",
        help="The person met. The e-mail and the phone are theirs, if one is named.",
    )
    note = fields.Text()
    match_ids = fields.Many2many(
        "res.partner",
        string="Already Known?",
        compute="_compute_match_ids",
    )
    added_count = fields.Integer(string="Added So Far", readonly=True)
    last_partner_id = fields.Many2one(
        "res.partner", string="Last Company Added", readonly=True
    )

    @api.depends("name", "email", "phone", "partner_id")
    def _compute_match_ids(self):
        for meet in self:
            domain = meet._get_match_domain()
            meet.match_ids = [
                Command.set(
                    []
                    if meet.partner_id or domain.is_false()
                    else self.env["res.partner"].search(domain, limit=5).ids
                )
            ]

    def _get_match_domain(self):
        """Return the domain of the companies and people that this might be."""
        name = (self.name or "").strip()
        email = (self.email or "").strip()
        phone = (self.phone or "").strip()
        domains = []
        if len(name) > 2:
            domains.append(Domain("name", "ilike", name))
        if "@" in email:
            domains.append(Domain("email_normalized", "=", email.lower()))
        if sum(map(str.isdigit, phone)) > 5:
            domains.append(Domain("phone_mobile_search", "ilike", phone))
        return Domain.OR(domains) if domains else Domain.FALSE

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_add_next(self):
        """Add the company, and be ready for the next one."""
        check_records(self)
        self.ensure_one()
        company = self._add()
        return self._open(
            self.campaign_id,
            added_count=self.added_count + 1,
            last_partner_id=company.id,
        )

    def action_add_close(self):
        """Add the company, and go back to the campaign."""
        check_records(self)
        self.ensure_one()
        self._add()
        return {"type": "ir.actions.act_window_close"}

    @api.model
    def _open(self, campaign, **defaults):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Company Met: %s", campaign.title),
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_campaign_id": campaign.id,
                **{f"default_{name}": value for name, value in defaults.items()},
            },
        }

    def _add(self):
        """Link the company and the person met, created where they are new.

        :return: the company
        """
        # what is a default of this dialog is none of the partners'
        self = self.with_context(  # pylint: disable=context-overridden
            clean_context(self.env.context)
        )
        person = self.env["res.partner"]
        if self.partner_id:
            person = self.partner_id
            company = person.commercial_partner_id
        elif (self.name or "").strip():
            company = self.env["res.partner"].create(self._prepare_company_vals())
        else:
            raise UserError(
                self.env._(
                    "Choose a company in “Known Company”, or enter the name of a new "
                    "one."
                )
            )
        if (self.contact_name or "").strip():
            person = self._find_person(company) or self.env["res.partner"].create(
                self._prepare_person_vals(company)
            )
        (company | person)._link_campaigns(self.campaign_id)
        self._log_meeting(company)
        return company

    def _log_meeting(self, company):
        """Write that the company was met: a contact, of the kind of a meeting held."""
        texts = {"campaign": self.campaign_id.title, "note": (self.note or "").strip()}
        meeting = self.env.ref(
            "mail.mail_activity_data_meeting", raise_if_not_found=False
        )
        company.message_post(
            body=self.env._("Met at “%(campaign)s”: %(note)s", **texts)
            if texts["note"]
            else self.env._("Met at “%(campaign)s”.", **texts),
            subtype_xmlid="mail.mt_note",
            mail_activity_type_id=meeting and meeting.id,
        )

    def _prepare_company_vals(self):
        vals = {"name": self.name.strip(), "is_company": True}
        if not (self.contact_name or "").strip():
            vals.update(email=self.email, phone=self.phone)
        return vals

    def _prepare_person_vals(self, company):
        return {
            "name": self.contact_name.strip(),
            "parent_id": company.id,
            "type": "contact",
            "email": self.email,
            "phone": self.phone,
        }

    def _find_person(self, company):
        """Return the person of that name in the company."""
        return self.env["res.partner"].search(
            [
                ("commercial_partner_id", "=", company.id),
                ("is_company", "=", False),
                ("name", "=ilike", self.contact_name.strip()),
            ],
            limit=1,
        )
