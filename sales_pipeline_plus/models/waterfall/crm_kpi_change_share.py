from odoo import api, models
from odoo.tools import SQL


class CrmKpi(models.AbstractModel):
    """Shared deals in What Changed."""

    _inherit = "crm.kpi"

    @api.model
    def _asks_for_shares(self, question):
        """Tell whether deals are shared and salespeople are asked for: what counts of
        a deal is then what they have of it now, at the opening as at the end."""
        return "user_id" in question.owned and self.env["crm.lead.share"]._are_there()

    @api.model
    def _get_change_parts_of_deals_sql(self, question):
        """Return the SQL of what the salespeople asked for have of shared deals."""
        if not self._asks_for_shares(question):
            return SQL(
                "SELECT NULL::int AS lead_id, NULL::int[] AS shares, "
                "NULL::bigint[] AS places WHERE FALSE"
            )
        return self.env["crm.lead.share"]._get_parts_sql(question.owned["user_id"])
