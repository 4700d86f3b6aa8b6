from collections import defaultdict
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.arithmetic import spread
from ...kpi.scope import Cells
from .crm_kpi_breakdown import NO_BREAKDOWN

OPPORTUNITY = Domain("type", "=", "opportunity")


class CrmKpi(models.AbstractModel):
    """What happened to opportunities, counted from what the user may read."""

    _inherit = "crm.kpi"

    @api.model
    def _search_leads(self, domain):
        """Return the query of the user's opportunities, lost ones included."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        return leads._search(domain)

    @api.model
    def _get_created_facts(self, scope):
        query = self._search_leads(
            self._get_credited_domain(scope.domain) & OPPORTUNITY
        )
        amount = self._to_sql(query, "expected_revenue")
        return self._aggregate(
            scope,
            query,
            self._to_sql(query, "date_start"),
            lambda to_amount: {
                "created_count": SQL("count(*)"),
                "created_amount": SQL("sum(%s)", to_amount(amount)),
                "marketing_count": SQL(
                    "count(*) FILTER (WHERE COALESCE(%s, %s, %s) IS NOT NULL)",
                    self._to_sql(query, "campaign_id"),
                    self._to_sql(query, "source_id"),
                    self._to_sql(query, "medium_id"),
                ),
                "created_won_count": SQL(
                    "count(*) FILTER (WHERE %s = 'won')",
                    self._to_sql(query, "won_status"),
                ),
            },
        )

    @api.model
    def _get_closed_facts(self, scope):
        query = self._search_leads(
            self._get_credited_domain(scope.domain)
            & OPPORTUNITY
            & Domain("won_status", "in", ["won", "lost"])
        )
        amount = self._to_sql(query, "expected_revenue")
        status = self._to_sql(query, "won_status")
        closed = self._to_sql(query, "date_closed")
        slept = self._to_sql(query, "date_hold_end")
        return self._aggregate(
            scope,
            query,
            closed,
            lambda to_amount: (
                {
                    f"{result}_{name}": SQL(
                        "%s FILTER (WHERE %s = %s)", aggregate, status, result
                    )
                    for result in ("won", "lost")
                    for name, aggregate in (
                        ("count", SQL("count(*)")),
                        ("amount", SQL("sum(%s)", to_amount(amount))),
                    )
                }
                | {
                    "won_after_hold_count": SQL(
                        "count(*) FILTER (WHERE %s = 'won' AND %s IS NOT NULL)",
                        status,
                        slept,
                    )
                }
            ),
            {
                "cycle_days": SQL(
                    "CASE WHEN %s = 'won' THEN %s - %s END",
                    status,
                    self.env.company._get_day_sql(closed),
                    self.env.company._get_day_sql(self._to_sql(query, "date_start")),
                )
            },
        )

    @api.model
    def _get_customer_facts(self, scope):
        """Count the first won opportunity of each customer.

        It is the first of all that the user may read, whatever the filters say.
        """
        query = self._search_first_won(self._get_credited_domain(scope.domain))
        return self._aggregate(
            scope,
            query,
            self._to_sql(query, "date_closed"),
            lambda to_amount: {"new_customer_count": SQL("count(*)")},
        )

    @api.model
    def _search_first_won(self, domain):
        """Return the query of the won opportunities before which their customer had
        won none."""
        won = (
            OPPORTUNITY
            & Domain("won_status", "=", "won")
            & Domain("partner_id", "!=", False)
            & Domain("date_closed", "!=", False)
        )

        def get_columns(query):
            """Join the customer; return what tells it and its first opportunity."""
            customer = query.left_join(
                query.table, "partner_id", "res_partner", "id", "customer"
            )
            return (
                SQL.identifier(customer, "commercial_partner_id"),
                self._to_sql(query, "date_closed"),
                SQL.identifier(query.table, "id"),
            )

        query, earlier = self._search_leads(won & domain), self._search_leads(won)
        query.add_where(
            SQL(
                """NOT EXISTS (
                     SELECT FROM (%s) AS earlier (customer_id, date_closed, id)
                      WHERE customer_id = %s AND (date_closed, id) < (%s, %s))""",
                earlier.select(*get_columns(earlier)),
                *get_columns(query),
            )
        )
        return query

    @api.model
    def _get_spread_facts(self, scope):
        """How far the salespeople lie apart, also month by month; unknown within any
        other breakdown."""
        cells = Cells(is_sum=False)
        if scope.breakdown not in (None, "month", "quarter"):
            return {"won_spread": cells}
        parts = [
            (index, key, part)
            for index, span in enumerate(scope.spans)
            for key, part in self._get_parts(span, scope.breakdown)
        ]
        won = self._get_won_by_key(
            replace(
                scope,
                breakdown="salesperson",
                spans=tuple(part for _index, _key, part in parts),
            )
        )
        amounts = defaultdict(list)
        for (number, user), amount in won.items():
            if user:
                amounts[number].append(amount)
        for number, (index, key, _part) in enumerate(parts):
            if amounts[number]:
                cells[index, key] = spread(amounts[number])
        return {"won_spread": cells}

    @api.model
    def _get_parts(self, span, breakdown):
        """Return [(key, (start, end))] of the months or quarters of a span, or the
        span as a whole."""
        if breakdown is None:
            return [(NO_BREAKDOWN, span)]
        months = {"month": 1, "quarter": 3}[breakdown]
        start, end = span
        day = self._get_day(start).replace(day=1)
        day -= relativedelta(months=(day.month - 1) % months)
        parts = []
        while self._get_moment(day) < end:
            following = day + relativedelta(months=months)
            part = (
                max(start, self._get_moment(day)),
                min(end, self._get_moment(following)),
            )
            parts.append((fields.Date.to_string(day), part))
            day = following
        return parts

    @api.model
    def _get_won_by_key(self, scope):
        """Return Cells of the amounts won; 0 for who lost only."""
        query = self._search_leads(
            self._get_credited_domain(scope.domain)
            & OPPORTUNITY
            & Domain("won_status", "in", ["won", "lost"])
        )
        amount = self._to_sql(query, "expected_revenue")
        status = self._to_sql(query, "won_status")
        return self._aggregate(
            scope,
            query,
            self._to_sql(query, "date_closed"),
            lambda to_amount: {
                "won_amount": SQL(
                    "sum(%s) FILTER (WHERE %s = 'won')", to_amount(amount), status
                )
            },
        )["won_amount"]
