from odoo import models


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["crm.lead", "sales.campaign.mixin"]

    def _merge_dependences(self, opportunities):
        """Unite the campaigns, within the limits of the company."""
        result = super()._merge_dependences(opportunities)
        pairs = self._get_campaign_pairs(opportunities.sudo().sales_campaign_ids)
        self.sudo()._insert_campaign_links(pairs)
        return result
