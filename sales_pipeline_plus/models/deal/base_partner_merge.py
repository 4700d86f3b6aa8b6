from odoo import api, models
from odoo.tools import SQL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Make one of the lines that the contacts have on the same opportunity.

        Odoo would delete all lines of the merged contacts, on all opportunities.
        """
        self.env.flush_all()
        self._merge_deal_contacts(src_partners | dst_partner, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)

    @api.model
    def _merge_deal_contacts(self, partners, dst_partner):
        lines = (
            self.env["crm.lead.contact"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", partners.ids)])
        )
        double = lines.browse()
        for found in lines.grouped("lead_id").values():
            ordered = found.sorted(lambda line: line.partner_id != dst_partner)
            kept, others = ordered[0], ordered[1:]
            if others:
                comments = dict.fromkeys(filter(None, ordered.mapped("comment")))
                kept.write(
                    {
                        "role_ids": ordered.role_ids.ids,
                        "comment": " / ".join(comments) or False,
                        "is_automatic": all(ordered.mapped("is_automatic")),
                    }
                )
                double |= others
        if double:
            # The primary line is not deleted by unlink(); here its contact stays.
            self.env.flush_all()
            self.env.cr.execute(
                SQL("DELETE FROM crm_lead_contact WHERE id = ANY(%s)", double.ids)
            )
            self.env.invalidate_all(flush=False)
