from odoo import api, models

from odoo.addons.sales_pipeline_plus.tools.internal import INTERNAL


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_values(self, src_partners, dst_partner):
        """The contact that stays has all campaigns, within the limits of the company
        that it has then."""
        dst_partner = dst_partner.with_context(campaigns_follow_company=INTERNAL)
        result = super()._update_values(src_partners, dst_partner)
        dst_partner._remove_foreign_campaign_links()
        return result
