import json
from collections import Counter

from odoo import api, fields, models
from odoo.orm.models import parse_read_group_spec
from odoo.tools import SQL


class SalesCampaign(models.Model):
    """Sorting, grouping and adding up what campaigns made and cost.

    The amounts are counted when they are read. The campaigns that the user may read are
    counted, at once, and their values become part of the query.
    """

    _inherit = "sales.campaign"

    @api.model
    def _get_live_sums(self):
        """Counted fields that add up when campaigns are grouped."""
        return {
            "opportunity_count",
            "won_count",
            "lost_count",
            "opportunity_revenue",
            "weighted_revenue",
            "won_revenue",
            "ordered_revenue",
            "invoiced_revenue",
            "made_revenue",
            "total_cost",
            "company_count",
            "reached_lead_count",
            "new_customer_count",
            "attributed_potential",
            "attributed_won_revenue",
            "attributed_ordered_revenue",
            "attributed_invoiced_revenue",
            "attributed_revenue",
        }

    @api.model
    def _get_influenced_sums(self):
        """Return ``{counted field: its measures}`` of what several campaigns may have
        in common: a group of campaigns counts it once."""
        reached = ("open_count", "won_count", "lost_count")
        return {
            "opportunity_count": reached,
            "won_count": ("won_count",),
            "lost_count": ("lost_count",),
            "opportunity_revenue": ("potential",),
            "weighted_revenue": ("weighted",),
            "won_revenue": ("won",),
            "ordered_revenue": ("ordered",),
            "invoiced_revenue": ("invoiced",),
            "made_revenue": ("ordered", "won_without_order"),
            "reached_lead_count": ("lead_count", *reached),
            "company_count": None,
            "new_customer_count": None,
        }

    def _get_shared_values(self, fname):
        """Return what these campaigns have in common of an influenced sum.

        :return: list of ``(key of the record, campaign, value)``
        """
        measures = self._get_influenced_sums()[fname]
        if measures:
            attribution = self.env["sales.campaign.attribution"]
            _influenced, _attributed, shared = attribution._get_totals(
                self, ["opportunities", "orders", "invoices"]
            )
            return [
                ("/".join(map(str, key)), campaign, value)
                for key, by_campaign in shared.items()
                for campaign, own in by_campaign.items()
                if (value := self._add_measures(own, measures, campaign))
            ]
        if fname == "company_count":
            found = self._get_linked_companies()
            found = {campaign: found[campaign.id] for campaign in self}
        else:
            found = self.env["sales.campaign.amounts"]._get_new_customers(self)
        times = Counter(number for numbers in found.values() for number in numbers)
        return [
            (str(number), campaign, 1)
            for campaign, numbers in found.items()
            for number in numbers
            if times[number] > 1
        ]

    @api.model
    def _add_measures(self, values, measures, campaign):
        """Return the sum of some measures, as the campaign's own field has it."""
        total = sum(values.get(measure, 0) for measure in measures)
        return campaign.currency_id.round(total)

    def _field_to_sql(self, alias, field_expr, query=None):
        ratios = self._get_ratio_fields()
        if field_expr not in ratios and field_expr not in self._get_live_sums():
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        values = {}
        if query is None or not query.is_empty():
            campaigns = self.with_context(active_test=False).search([])
            values = {
                str(campaign.id): (
                    campaign._get_ratios() if field_expr in ratios else campaign
                )[field_expr]
                for campaign in campaigns
            }
        # Amounts are exact, and so are their sums; ratios are neither.
        sql_type = "double precision" if field_expr in ratios else "numeric"
        if self._is_count(field_expr):
            sql_type = "integer"
        return SQL(
            "(%s::jsonb ->> %s::text)::%s",
            json.dumps(values),
            SQL.identifier(alias, "id"),
            SQL(sql_type),  # pylint: disable=sql-injection
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """A campaign without data comes last, whichever way a ratio is sorted."""
        if field_name in self._get_ratio_fields() and not nulls:
            nulls = SQL("NULLS LAST")
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    @api.model
    def _is_count(self, fname):
        return self._fields[fname].type == "integer"

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """A ratio of a group is that of its sums, not the average of the ratios; what
        several of its campaigns have in common counts once in a sum."""
        fname, _property, func = parse_read_group_spec(aggregate_spec)
        if fname in self._get_influenced_sums() and func in ("sum", "sum_currency"):
            total = super()._read_group_select(aggregate_spec, query)
            total = SQL("(%s - %s)", total, self._get_counted_twice(fname, func, query))
            return self._round_sum(total, fname, func)
        if func is None or fname not in self._get_ratio_fields():
            total = super()._read_group_select(aggregate_spec, query)
            if fname in self._get_live_sums():
                return self._round_sum(total, fname, func)
            return total
        if func not in ("avg", "sum", "sum_currency"):
            return super()._read_group_select(aggregate_spec, query)
        self._check_field_access(self._fields[fname], "read")
        above, less, below, percent = self._get_ratio_fields()[fname]
        above, below = (self._get_group_sum(name, query) for name in (above, below))
        if less:
            above = SQL("(%s - %s)", above, self._get_group_sum(less, query))
        return SQL(
            "%s * %s / NULLIF(GREATEST(%s, 0), 0)",
            100.0 if percent else 1.0,
            above,
            below,
        )

    @api.model
    def _round_sum(self, total, fname, func):
        """Return the SQL of a sum, rounded if it was converted: to the currency of the
        user's company. A sum in one currency is exact."""
        if func != "sum_currency" or self._is_count(fname):
            return total
        unit = self.env.company.currency_id.rounding
        return SQL("(ROUND((%s)::numeric / %s) * %s)", total, unit, unit)

    @api.model
    def _get_counted_twice(self, fname, func, query):
        """Return the SQL of what the sum of a group of campaigns counts more than once:
        all but one of the values of a record that they have in common."""
        values = []
        if not query.is_empty():
            campaigns = self.with_context(active_test=False).search([])
            values = campaigns._get_shared_values(fname)
        if not values:
            return SQL("0")
        rates = dict.fromkeys(campaigns.currency_id, 1.0)
        if func == "sum_currency":
            company, today = self.env.company, fields.Date.context_today(self)
            rates = {
                currency: currency._get_rates(company, today)[currency.id]
                for currency in rates
            }
        rows = [
            {"record": key, "campaign": campaign.id, "value": value / rate}
            for key, campaign, value in values
            if (rate := rates[campaign.currency_id])
        ]
        return SQL(
            """(SELECT COALESCE(SUM(ranked.value), 0)::%s
                  FROM (SELECT shared.value,
                               ROW_NUMBER() OVER (PARTITION BY shared.record
                                                  ORDER BY shared.campaign) AS rank
                          FROM jsonb_to_recordset(%s::jsonb) AS shared (
                               record varchar, campaign int, value numeric)
                         WHERE shared.campaign = ANY(ARRAY_AGG(%s))) AS ranked
                 WHERE ranked.rank > 1)""",
            SQL("bigint" if self._is_count(fname) else "numeric"),
            json.dumps(rows),
            SQL.identifier(query.table, "id"),
        )

    @api.model
    def _get_group_sum(self, fname, query):
        """Return the SQL of the sum of a group: in the currency of its campaigns, or in
        that of the user's company at today's rate where there are several."""
        total = self._read_group_select(f"{fname}:sum", query)
        if self._is_count(fname) or query.is_empty():
            return total
        company = self.env.company
        rate = company.currency_id._get_rates(company, fields.Date.context_today(self))[
            company.currency_id.id
        ]
        currency = self._field_to_sql(self._table, "currency_id", query)
        return SQL(
            "CASE WHEN MIN(%s) = MAX(%s) THEN %s ELSE %s * %s END",
            currency,
            currency,
            total,
            self._read_group_select(f"{fname}:sum_currency", query),
            float(rate),
        )
