from odoo import api, models
from odoo.tools import SQL

# What an opportunity has anew each week.
MEASURES = ("amount", "weighted_amount", "recurring_revenue_monthly")


class CrmForecastSnapshot(models.Model):
    """Amounts of a week add up; those of several weeks are the same opportunities
    again, so they have no sum."""

    _inherit = "crm.forecast.snapshot"

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        total = super()._read_group_select(aggregate_spec, query)
        name, _separator, aggregator = aggregate_spec.partition(":")
        if name not in MEASURES or aggregator not in ("sum", "sum_currency"):
            return total
        week = self._field_to_sql(self._table, "date", query)
        return SQL("CASE WHEN MIN(%s) = MAX(%s) THEN %s END", week, week, total)
