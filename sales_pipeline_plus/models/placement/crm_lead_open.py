from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """What "open" means, for every page, list, figure, mail and snapshot.

    Neither won nor lost, and not archived: what somebody puts away without losing it
    is nobody's pipeline. Leads can be open too; who means opportunities says so.
    """

    _inherit = "crm.lead"

    def _is_open(self):
        """Whether this lead or opportunity is open."""
        self.ensure_one()
        return self.active and self.won_status == "pending"

    @api.model
    def _get_open_domain(self):
        """Return the domain of what is open."""
        return Domain("active", "=", True) & Domain("won_status", "=", "pending")

    @api.model
    def _get_open_opportunity_domain(self):
        """Return the domain of what is open and an opportunity."""
        return Domain("type", "=", "opportunity") & self._get_open_domain()

    @api.model
    def _get_open_sql(self, alias, query=None):
        """Return the SQL condition of what is open, never NULL."""
        return SQL(
            "(%s IS TRUE AND COALESCE(%s, '') = 'pending')",
            self._field_to_sql(alias, "active", query),
            self._field_to_sql(alias, "won_status", query),
        )

    @api.model
    def _get_open_opportunity_sql(self, alias, query=None):
        """Return the SQL condition of what is open and an opportunity, never NULL."""
        return SQL(
            "(%s = 'opportunity' AND %s)",
            self._field_to_sql(alias, "type", query),
            self._get_open_sql(alias, query),
        )
