from odoo import api, fields, models
from odoo.tools import ormcache


class ResCompany(models.Model):
    """How what several campaigns have brought is shared out among them."""

    _inherit = "res.company"

    campaign_attribution = fields.Selection(
        [
            ("equal", "Equal shares"),
            ("first", "First campaign"),
            ("last", "Last campaign"),
            ("main", "Main campaign"),
        ],
        string="Attribution to Campaigns",
        required=True,
        default="equal",
        help="How an opportunity, an order, an invoice, a bill or a meeting of several "
        "sales campaigns is shared out among them, always to 100 %.\n"
        "Equal shares: each campaign has the same.\n"
        "First campaign: all of it to the one with the earliest start date.\n"
        "Last campaign: all of it to the one with the latest start date.\n"
        "Main campaign: all of it to the one in the field Campaign of the record; "
        "without one, as First campaign.\n"
        "Among campaigns that start on the same day the one created first comes first; "
        "one without a start date is chosen only if none has one.",
    )

    @api.model
    @ormcache()
    def _get_ids_by_ancestor(self):
        """Return ``{id: ids of this company and of its branches}``, of active ones.

        Odoo clears the cache when a company is created, archived or deleted; the
        hierarchy cannot be changed.
        """
        branches = {}
        for company in self.sudo().search([]):
            for ancestor_id in company.parent_ids.ids:
                branches.setdefault(ancestor_id, []).append(company.id)
        return branches
