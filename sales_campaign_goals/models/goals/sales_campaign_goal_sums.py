from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.kpi.target_share import share_out


class SalesCampaignGoalCounter(models.AbstractModel):
    """Adding up amounts, and converting them."""

    _inherit = "sales.campaign.goal.counter"

    @api.model
    def _get_sum_query(self, model, query, first, goals):
        """Return the SQL of sums, see :meth:`_get_query`.

        What is in another currency is converted record by record at the rate of its
        own day, to the cent, as in the return of the campaign; and what several
        salespeople share is shared out after that, so that their goals add up.
        """
        fname = first._get_sum_field_name()
        amount = model._get_goal_amount_sql(fname, query)
        part = None
        if any(goal.user_id for goal in goals):
            part = model._get_goal_part(query, SQL.identifier("goal", "user_id"))
        total = SQL("SUM(%s)", amount)
        currency = model._get_goal_currency_sql(fname, query)
        if currency is None:
            if part:
                total = SQL("SUM(%s)", part.divide(amount))
            return self._select(query, total)
        currency = SQL(
            "COALESCE(%s, %s)", currency, SQL.identifier("goal", "currency_id")
        )
        targets = [goal.currency_id.id for goal in goals]
        is_foreign = SQL(
            "%s <> (%s)[%s + 1]",
            currency,
            SQL("%s::int[]", targets),
            SQL.identifier("goal", "number"),
        )
        is_alone = is_foreign
        shares = places = SQL("NULL")
        if part:
            shares, places = part.shares, part.places
            is_alone = SQL("(%s OR %s IS NOT NULL)", is_foreign, shares)
        day = SQL(
            "CASE WHEN %s THEN %s END",
            is_foreign,
            model._get_conversion_day_sql(query, first._get_timezone()),
        )
        record = SQL(
            "CASE WHEN %s THEN %s END", is_alone, SQL.identifier(query.table, "id")
        )
        return self._select(query, total, currency, day, record, shares, places)

    @api.model
    def _convert(self, rows):
        """Convert amounts of foreign records, and round each goal's total.

        :param rows: pairs of a goal and its :class:`CountedRow`
        :return: ``{goal: sum}``, in the currency of each goal's campaign
        """
        currencies = self.env["res.currency"].sudo()
        amounts = []
        for goal, row in rows:
            company = goal.campaign_id.company_id or self.env.company
            currency = currencies.browse(row.currency_id)
            part = row.shares and (row.shares, row.places[0] - 1)
            amounts.append((goal, currency, company, row.day, part, row.value))
        rates = currencies._get_rates_by_day(
            (either, company, day)
            for goal, currency, company, day, _part, _amount in amounts
            if day
            for either in (currency, goal.currency_id)
        )
        totals = defaultdict(float)
        for goal, currency, company, day, part, amount in amounts:
            if day:
                amount = goal.currency_id.round(
                    amount
                    * rates[goal.currency_id, company, day]
                    / rates[currency, company, day]
                )
            if part:
                shares, place = part
                units = round(
                    goal.currency_id.round(amount) / goal.currency_id.rounding
                )
                amount = share_out(units, shares)[place] * goal.currency_id.rounding
            totals[goal] += amount
        return {goal: goal.currency_id.round(total) for goal, total in totals.items()}
