from odoo import models


class CrmLeadConcernCampaign(models.AbstractModel):
    """A deal leaves the campaigns that the limits of its new company keep it from.

    Who types a company is refused, see ``sales.campaign.mixin``; here it followed from
    something else, such as another salesperson.
    """

    _name = "crm.lead.concern.campaign"
    _inherit = "crm.lead.concern"
    _description = "Campaigns of Changing Opportunities"

    def _get_watched_fields(self):
        return {"company_id"}

    def _record(self, change):
        if change.is_creation or "company_id" in change.given:
            return
        if not self.env["sales.campaign"]._get_ids_by_utm_campaign():
            return
        moved = change.get_changed("company_id")
        if moved:
            moved._remove_foreign_campaign_links()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _get_concerns(self):
        return [*super()._get_concerns(), "crm.lead.concern.campaign"]
