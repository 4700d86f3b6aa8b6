from odoo import api, fields, models
from odoo.tools import SQL

from .credit import (
    CREDITED,
    get_credited_user_ids,
    get_part,
    get_part_sql,
    hide_measures,
)

# {field of the part: field of the amount}
PARTS = {
    "credited_revenue": "expected_revenue",
    "credited_prorated_revenue": "prorated_revenue",
}
SNAPSHOT_PARTS = {
    "credited_amount": "amount",
    "credited_weighted_amount": "weighted_amount",
}


class CrmLead(models.Model):
    """The part of its amounts that the salespeople of a figure have."""

    _inherit = "crm.lead"

    credited_revenue = fields.Monetary(
        currency_field="company_currency",
        compute="_compute_credited_revenue",
        compute_sql="_get_credited_revenue_sql",
        aggregator="sum",
        exportable=False,
        help="What the salespeople whose figure was opened have of the expected "
        "revenue, by their shares.",
    )
    credited_prorated_revenue = fields.Monetary(
        "Credited Weighted Revenue",
        currency_field="company_currency",
        compute="_compute_credited_revenue",
        compute_sql="_get_credited_revenue_sql",
        aggregator="sum",
        exportable=False,
        help="What the salespeople whose figure was opened have of the weighted "
        "revenue, by their shares.",
    )

    @api.depends(
        "company_currency",
        "expected_revenue",
        "prorated_revenue",
        "share_ids.percentage",
        "share_ids.user_id",
    )
    @api.depends_context(CREDITED)
    def _compute_credited_revenue(self):
        user_ids = get_credited_user_ids(self.env)
        for lead in self:
            currency, shares = lead.company_currency, user_ids and lead.share_ids
            for name, amount in PARTS.items():
                lead[name] = get_part(lead[amount], currency, shares, user_ids)

    def _get_credited_revenue_sql(self, name, alias, query):
        names = (PARTS[name], "company_currency")
        return get_part_sql(self, alias, query, names, SQL.identifier(alias, "id"))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        hide_measures(arch, view_type, PARTS)
        return arch, view


class CrmForecastSnapshot(models.Model):
    """The part of what was expected that the salespeople of a figure have."""

    _inherit = "crm.forecast.snapshot"

    credited_amount = fields.Monetary(
        "Credited Revenue",
        compute="_compute_credited_amount",
        aggregator="sum",
        exportable=False,
        help="What the salespeople whose figure was opened have of the expected "
        "revenue, by their shares.",
    )
    credited_weighted_amount = fields.Monetary(
        "Credited Weighted Revenue",
        compute="_compute_credited_amount",
        aggregator="sum",
        exportable=False,
        help="What the salespeople whose figure was opened have of the weighted "
        "revenue, by their shares.",
    )

    @api.depends(
        "amount",
        "currency_id",
        "lead_id.share_ids.percentage",
        "lead_id.share_ids.user_id",
        "weighted_amount",
    )
    @api.depends_context(CREDITED)
    def _compute_credited_amount(self):
        user_ids = get_credited_user_ids(self.env)
        for snapshot in self:
            currency = snapshot.currency_id
            shares = user_ids and snapshot.lead_id.share_ids
            for name, amount in SNAPSHOT_PARTS.items():
                snapshot[name] = get_part(snapshot[amount], currency, shares, user_ids)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in SNAPSHOT_PARTS:
            return super()._field_to_sql(alias, field_expr, query)
        lead_id = self._field_to_sql(alias, "lead_id", query)
        names = (SNAPSHOT_PARTS[field_expr], "currency_id")
        return get_part_sql(self, alias, query, names, lead_id)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        hide_measures(arch, view_type, SNAPSHOT_PARTS)
        return arch, view
