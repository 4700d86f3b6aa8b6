from odoo import models


class CrmLeadConcernProduct(models.AbstractModel):
    """The expected revenue of a deal that follows its products lets no other one in."""

    _name = "crm.lead.concern.product"
    _inherit = "crm.lead.concern"
    _description = "Products of Changing Opportunities"

    def _get_watched_fields(self):
        return {"expected_revenue", "product_line_ids", "revenue_from_products"}

    def _get_known_fields(self, affected):
        return set()

    def _complete(self, change):
        if change.is_creation:
            change.leads._get_following_products()._follow_products()
        elif "product_line_ids" in change.given:
            # Also when the last one has gone.
            change.leads._follow_products()
        elif self._get_watched_fields() & change.given:
            change.leads._get_following_products()._follow_products()
