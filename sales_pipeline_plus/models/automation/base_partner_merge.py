from odoo import api, models


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """A customer has one open visit of a plan: of several, the first one stays
        planned, the others are cancelled."""
        visits = (
            self.env["crm.visit"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", (src_partners | dst_partner).ids),
                    ("is_open", "=", True),
                ],
                order="date, id",
            )
        )
        for found in visits.grouped("plan_id").values():
            others = found[1:]
            others.activity_id.unlink()
            others.is_open = False
        return super()._update_foreign_keys(src_partners, dst_partner)
