from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLeadContact(models.Model):
    """A person on an opportunity, with what he has to do with it.

    The primary one is by definition the opportunity's own contact, ``partner_id``:
    this is not stored a second time, so the two cannot differ.
    """

    _name = "crm.lead.contact"
    _inherit = ["crm.lead.detail.mixin"]
    _description = "Contact of an Opportunity"
    _order = "lead_id, sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        required=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="lead_id.company_id")
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    role_ids = fields.Many2many(
        "crm.contact.role",
        "crm_lead_contact_role_rel",
        "contact_id",
        "role_id",
        string="Roles",
        ondelete="restrict",
        context={"active_test": False},
        help="What this person has to do with the decision; there can be several.",
    )
    is_primary = fields.Boolean(
        string="Primary",
        compute="_compute_is_primary",
        inverse="_inverse_is_primary",
        search="_search_is_primary",
        help="The contact that the opportunity itself names. Mark another one to make "
        "it the opportunity's contact.",
    )
    is_automatic = fields.Boolean(
        string="Taken over from the Opportunity",
        copy=False,
        help="It came with the opportunity's contact. When that one is replaced, it "
        "goes again, unless it was given a role or a comment.",
    )
    comment = fields.Char()
    function = fields.Char(related="partner_id.function")
    email = fields.Char(related="partner_id.email")
    phone = fields.Char(related="partner_id.phone")

    _lead_partner_uniq = models.Constraint(
        "UNIQUE(lead_id, partner_id)",
        "This person is already a contact of the opportunity. Change that line, which "
        "can have several roles.",
    )

    @api.depends("partner_id", "lead_id.partner_id")
    def _compute_is_primary(self):
        for contact in self:
            partner = contact.lead_id.partner_id
            contact.is_primary = bool(partner) and contact.partner_id == partner

    def _inverse_is_primary(self):
        for contact in self:
            lead = contact.lead_id
            if contact.is_primary and lead.partner_id != contact.partner_id:
                # Who was primary stays a contact.
                contact._get_automatic().is_automatic = False
                lead.partner_id = contact.partner_id
            elif not contact.is_primary and lead.partner_id == contact.partner_id:
                lead.partner_id = False

    @api.model
    def _search_is_primary(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["lead_id", "partner_id"])
        self.env["crm.lead"].flush_model(["partner_id"])
        primary = SQL(
            """(SELECT contact.id
                  FROM crm_lead_contact AS contact
                  JOIN crm_lead AS lead
                    ON lead.id = contact.lead_id
                   AND lead.partner_id = contact.partner_id)"""
        )
        domains = []
        if True in value:
            domains.append(Domain("id", "in", primary))
        if False in value:
            domains.append(Domain("id", "not in", primary))
        return Domain.OR(domains)

    def _get_automatic(self):
        """Return the lines of the same opportunities that came by themselves."""
        return self.lead_id.sudo().contact_ids.filtered("is_automatic")

    def _is_bare(self):
        """Tell whether a line came by itself and says nothing about the person."""
        self.ensure_one()
        return self.is_automatic and not self.role_ids and not self.comment

    @api.model_create_multi
    def create(self, vals_list):
        """Complete the line that came with the opportunity's contact.

        Whoever adds the opportunity's own contact, with its roles, need not know that
        there is a line already.
        """
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if not vals.get("is_primary"):
                # Only marking says something about a new line.
                vals.pop("is_primary", None)
        known = self._find_bare(vals_list)
        contacts = super().create(
            [
                vals
                for vals in vals_list
                if (vals.get("lead_id"), vals.get("partner_id")) not in known
            ]
        )
        if not known:
            return contacts
        created = iter(contacts)
        result = self.browse()
        for vals in vals_list:
            key = (vals.get("lead_id"), vals.get("partner_id"))
            contact = known.get(key)
            if contact:
                if contact in result:
                    # The second of two equal lines is one too many.
                    contact |= super().create([vals])
                contact.write({**vals, "is_automatic": False})
            result += contact or next(created)
        return result

    @api.model
    def _find_bare(self, vals_list):
        """Return {(lead id, partner id): line} of the lines that new ones complete."""
        keys = {
            (vals.get("lead_id"), vals.get("partner_id"))
            for vals in vals_list
            if not vals.get("is_automatic")
        }
        if not keys:
            return {}
        lines = self.search(
            [
                ("lead_id", "in", [lead_id for lead_id, _partner_id in keys]),
                ("partner_id", "in", [partner_id for _lead_id, partner_id in keys]),
                ("is_automatic", "=", True),
            ]
        )
        return {
            (line.lead_id.id, line.partner_id.id): line
            for line in lines
            if (line.lead_id.id, line.partner_id.id) in keys and line._is_bare()
        }

    def write(self, vals):
        """Let an opportunity follow its primary line when that names someone else."""
        primary = self.browse()
        if "partner_id" in vals:
            primary = self.filtered(
                lambda contact: (
                    contact.is_primary and contact.partner_id.id != vals["partner_id"]
                )
            )
        result = super().write(vals)
        for contact in primary:
            contact.lead_id.partner_id = contact.partner_id
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_primary(self):
        for contact in self.filtered("is_primary"):
            raise UserError(
                self.env._(
                    "“%(contact)s” is the primary contact of “%(lead)s” and cannot be "
                    "removed from its contacts. Mark another one as primary, or empty "
                    "the contact of the opportunity, first.",
                    contact=contact.partner_id.display_name,
                    lead=contact.lead_id.display_name,
                )
            )
