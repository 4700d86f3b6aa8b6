from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """What "open" means, for every page, list, figure, mail and snapshot.

    Neither won nor lost, not archived and not on hold: what somebody puts away without
    losing it is nobody's pipeline, and what sleeps is none until it wakes up. Both open
    and asleep are pending. Leads can be open too; who means opportunities says so.
    """

    _inherit = "crm.lead"

    date_hold = fields.Datetime(
        string="On Hold Since",
        readonly=True,
        copy=False,
        help="An opportunity on hold is not in the pipeline until it wakes up.",
    )
    date_hold_end = fields.Datetime(
        string="Last on Hold Until",
        readonly=True,
        copy=False,
        help="When it last woke up, or was won or lost while it was on hold.",
    )

    def _is_pending(self):
        """Whether this lead or opportunity is neither closed nor archived."""
        self.ensure_one()
        return self.active and self.won_status == "pending"

    def _is_open(self):
        """Whether this lead or opportunity is open."""
        return self._is_pending() and not self.date_hold

    def _is_on_hold(self):
        """Whether this opportunity is on hold."""
        return self._is_pending() and bool(self.date_hold)

    @api.model
    def _get_pending_domain(self):
        """Return the domain of what is neither closed nor archived."""
        return Domain("active", "=", True) & Domain("won_status", "=", "pending")

    @api.model
    def _get_open_domain(self):
        """Return the domain of what is open."""
        return self._get_pending_domain() & Domain("date_hold", "=", False)

    @api.model
    def _get_open_opportunity_domain(self):
        """Return the domain of what is open and an opportunity."""
        return Domain("type", "=", "opportunity") & self._get_open_domain()

    @api.model
    def _get_on_hold_domain(self):
        """Return the domain of what is on hold."""
        return self._get_pending_domain() & Domain("date_hold", "!=", False)

    @api.model
    def _get_pending_sql(self, alias, query=None):
        """Return the SQL condition of what is neither closed nor archived, never
        NULL."""
        return SQL(
            "(%s IS TRUE AND COALESCE(%s, '') = 'pending')",
            self._field_to_sql(alias, "active", query),
            self._field_to_sql(alias, "won_status", query),
        )

    @api.model
    def _get_open_sql(self, alias, query=None):
        """Return the SQL condition of what is open, never NULL."""
        return SQL(
            "(%s AND %s IS NULL)",
            self._get_pending_sql(alias, query),
            self._field_to_sql(alias, "date_hold", query),
        )

    @api.model
    def _get_awake_sql(self, alias, moment):
        """Return the SQL condition of what was not on hold at a moment, never NULL.

        :param moment: SQL of a timestamp in UTC, not in the future
        """
        return SQL("TRUE")

    @api.model
    def _get_open_opportunity_sql(self, alias, query=None):
        """Return the SQL condition of what is open and an opportunity, never NULL."""
        return SQL(
            "(%s = 'opportunity' AND %s)",
            self._field_to_sql(alias, "type", query),
            self._get_open_sql(alias, query),
        )
