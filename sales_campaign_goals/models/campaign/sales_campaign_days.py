from datetime import timedelta

from odoo import models


class SalesCampaign(models.Model):
    """How a campaign lies in a period."""

    _inherit = "sales.campaign"

    def _get_share_of_days(self, start, end):
        """Return the share, 0 to 1, of the campaign's days that lie from ``start`` to
        before ``end``; 0 for a campaign without dates."""
        self.ensure_one()
        if not (self.date_start and self.date_end):
            return 0
        after = self.date_end + timedelta(days=1)
        days = (min(end, after) - max(start, self.date_start)).days
        return max(days, 0) / (after - self.date_start).days
