from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.arguments import check_id, check_records

SALESPERSON = "sales_team.group_sale_salesman"


class ResPartner(models.Model):
    _inherit = "res.partner"

    deal_contact_ids = fields.One2many(
        "crm.lead.contact",
        "partner_id",
        string="Roles on Opportunities",
        groups=SALESPERSON,
    )
    deal_contact_count = fields.Integer(
        string="Opportunities as Contact",
        compute="_compute_deal_contact_count",
        groups=SALESPERSON,
        help="Opportunities of someone else on which this contact, or one of its "
        "people, has a part.",
    )

    @api.ondelete(at_uninstall=True)
    def _unlink_bare_contact_lines(self):
        """Lines that came with the contact of an opportunity go with him; those that
        say something about him keep him from being deleted."""
        self.env["crm.lead.contact"].flush_model()
        self.env.cr.execute(
            SQL(
                """DELETE FROM crm_lead_contact AS line
                    WHERE partner_id = ANY(%s)
                      AND is_automatic
                      AND COALESCE(comment, '') = ''
                      AND NOT EXISTS (SELECT FROM crm_lead_contact_role_rel AS role
                                       WHERE role.contact_id = line.id)""",
                self.ids,
            )
        )
        self.env["crm.lead.contact"].invalidate_model(flush=False)
        self.env["crm.lead"].invalidate_model(["contact_ids"], flush=False)

    def _get_deal_contact_domain(self):
        """Return a domain on ``crm.lead.contact``: who is not the primary contact."""
        return Domain(
            "partner_id", "in", self._fetch_children_partners_for_hierarchy().ids
        ) & Domain("is_primary", "=", False)

    def _compute_deal_contact_count(self):
        self.deal_contact_count = 0
        if not self.env.user.has_group(SALESPERSON):
            return
        groups = self.env["crm.lead.contact"]._read_group(
            self._get_deal_contact_domain(),
            ["partner_id"],
            ["lead_id:array_agg_distinct"],
        )
        lead_ids = dict.fromkeys(self.ids, frozenset())
        for partner, found_ids in groups:
            while partner:
                if partner.id in lead_ids:
                    lead_ids[partner.id] |= set(found_ids)
                partner = partner.parent_id
        for partner in self:
            partner.deal_contact_count = len(lead_ids.get(partner.id, ()))

    def action_view_deals_as_contact(self):
        """Open the opportunities on which these contacts have a part."""
        check_records(self)
        self.check_access("read")
        self.env["crm.lead.contact"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm.crm_lead_opportunities"
        )
        action["name"] = self.env._("Opportunities as Contact")
        action["views"] = sorted(action["views"], key=lambda view: view[1] != "list")
        action["domain"] = [("contact_ids", "any", self._get_deal_contact_domain())]
        action["context"] = {
            "search_default_filter_won": 1,
            "search_default_filter_ongoing": 1,
            "search_default_filter_lost": 1,
            "active_test": False,
        }
        return action

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Offer the people of the customer's company first (``deal_partner_id``)."""
        partner_id = self.env.context.get("deal_partner_id")
        if not partner_id:
            return super().name_search(name, domain, operator, limit)
        partner_id = check_id(self.env, "deal_partner_id", partner_id)
        company = self.sudo().browse(partner_id).commercial_partner_id
        domain = Domain(domain or Domain.TRUE)
        of_company = Domain("commercial_partner_id", "=", company.id)
        found = super().name_search(name, domain & of_company, operator, limit)
        if limit and len(found) >= limit:
            return found
        return found + super().name_search(
            name, domain & ~of_company, operator, limit and limit - len(found)
        )
