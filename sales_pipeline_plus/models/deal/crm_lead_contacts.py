from odoo import api, fields, models
from odoo.fields import Command


class CrmLead(models.Model):
    """The people on an opportunity; its own contact is the primary one."""

    _inherit = "crm.lead"

    contact_ids = fields.One2many(
        "crm.lead.contact",
        "lead_id",
        string="Contacts",
        compute="_compute_contact_ids",
        store=True,
        readonly=False,
        copy=True,
        help="The people who have a part in this opportunity, with their roles.",
    )

    @api.depends("partner_id")
    def _compute_contact_ids(self):
        """Have a line for the opportunity's own contact, in batch.

        The line of the one before goes, unless something was noted on it.
        """
        contacts = self.env["crm.lead.contact"].sudo()
        stale = contacts.browse()
        missing = []
        for lead in self.sudo():
            partner = lead.partner_id
            commands = []
            if partner:
                former = lead.contact_ids.filtered(
                    lambda line, p=partner: line.partner_id != p and line._is_bare()
                )
                commands = [Command.unlink(line.id) for line in former]
                if partner._origin not in lead.contact_ids.partner_id._origin:
                    vals = {"partner_id": partner._origin.id, "is_automatic": True}
                    commands.append(Command.create({**vals, "sequence": 0}))
                    if lead.id:
                        missing.append({**vals, "lead_id": lead.id, "sequence": 0})
                if lead.id:
                    stale |= former
            if not lead.id:
                lead.contact_ids = commands or lead.contact_ids
        stale.unlink()
        if missing:
            contacts.create(missing)

    @api.onchange("contact_ids")
    def _onchange_contact_ids(self):
        """Show at once whom the primary mark makes the opportunity's contact."""
        marked = self.contact_ids.filtered(
            lambda line: (
                line.is_primary and line.partner_id._origin != self.partner_id._origin
            )
        )
        if marked and marked[0].partner_id:
            for line in self.contact_ids:
                line.is_automatic = False
            self.partner_id = marked[0].partner_id._origin

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self._merge_dependences_contacts(opportunities)
        return result

    def _merge_dependences_contacts(self, opportunities):
        """Take over the contacts of the merged opportunities: each person once, with
        the roles and comments of all of them.

        :param opportunities: see ``_merge_dependences``
        """
        known = {line.partner_id: line for line in self.sudo().contact_ids}
        moved = self.env["crm.lead.contact"].sudo()
        for line in opportunities.sudo().contact_ids:
            own = known.get(line.partner_id)
            if not own:
                known[line.partner_id] = line
                moved |= line
                continue
            if line.role_ids - own.role_ids:
                own.role_ids |= line.role_ids
            if line.comment and line.comment not in (own.comment or ""):
                own.comment = "; ".join(filter(None, (own.comment, line.comment)))
        if moved:
            moved.write({"lead_id": self.id, "is_automatic": False})
