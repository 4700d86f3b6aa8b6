from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class GoalParameters(NamedTuple):
    """What differs between goals that are counted by one query."""

    campaign_id: int
    company_ids: list
    user_id: int
    team_id: int
    first: object
    after: object
    currency_id: int


class SalesCampaignGoalCounter(models.AbstractModel):
    """Count the records behind goals, above the user's rules.

    Goals that share what they count, their condition and their measure are counted by
    one query, however many they are: their parameters are joined to the links.
    """

    _name = "sales.campaign.goal.counter"
    _description = "Counter of Goals"

    @api.model
    def _count(self, goals):
        """Return ``{goal: value}`` of these goals, 0 for those that count nothing."""
        values = dict.fromkeys(goals, 0.0)
        groups = defaultdict(list)
        for goal in goals:
            if key := self._get_query_key(goal):
                groups[key].append(goal)
        companies = self._get_companies(
            [goal for group in groups.values() for goal in group]
        )
        for group in groups.values():
            values.update(self._count_group(group, companies))
        return values

    @api.model
    def _get_query_key(self, goal):
        """Return what goals counted by one query have in common; None when the goal
        counts nothing."""
        if not goal.campaign_id.ids or goal._get_condition_domain() is None:
            return None
        sum_field = goal._get_sum_field_name() if goal.measure == "sum" else None
        if goal.measure == "sum" and not sum_field:
            return None
        return (
            goal.res_model,
            goal.condition,
            goal.measure,
            sum_field,
            goal._get_date_field_name() if goal.within_dates or sum_field else None,
            goal._get_timezone(),
        )

    @api.model
    def _get_companies(self, goals):
        """Return ``{campaign's company: ids of those whose records count}``."""
        roots = {goal.campaign_id.company_id for goal in goals}
        if not any(roots):
            return {}
        everyone = self.env["res.company"].sudo().search([])
        return {
            root: [company.id for company in everyone if root in company.parent_ids]
            for root in roots
            if root
        }

    @api.model
    def _get_parameters(self, goal, companies):
        campaign = goal.campaign_id
        model = goal._get_countable_model()
        first = after = None
        if goal.within_dates:
            first, after = goal._get_period_bounds()
        own_company = campaign.company_id or self.env.company
        company_ids = companies.get(campaign.company_id) or self.env.companies.ids
        return GoalParameters(
            campaign_id=campaign.ids[0],
            company_ids=company_ids if model._get_goal_company_field() else [],
            user_id=goal.user_id.ids[0] if goal.user_id.ids else None,
            team_id=goal.team_id.ids[0] if goal.team_id.ids else None,
            first=first or None,
            after=after or None,
            currency_id=own_company.currency_id.id,
        )

    # ------------------------------------------------------------
    # ONE QUERY
    # ------------------------------------------------------------

    @api.model
    def _count_group(self, goals, companies):
        """Return ``{goal: value}`` of goals with the same key, by one query."""
        first = goals[0]
        if not first._is_condition_valid():
            return {}
        model = first._get_countable_model().sudo()
        model = model.with_context(active_test=False, tz=first._get_timezone())
        parameters = [self._get_parameters(goal, companies) for goal in goals]
        model.flush_model(["sales_campaign_ids"])
        query = model._search(first._get_shared_domain(), active_test=False)
        if query.is_empty():
            return {}
        self._join_goals(model, query, first, parameters)
        number = SQL.identifier("goal", "number")
        if first.measure == "sum":
            return self._sum(model, query, first, goals)
        query.groupby = number
        aggregate = SQL("COUNT(*)")
        if first.measure == "companies":
            aggregate = SQL("COUNT(DISTINCT %s)", model._get_goal_partner_sql(query))
        rows = self.env.execute_query(query.select(number, aggregate))
        return {goals[rank]: float(value) for rank, value in rows}

    @api.model
    def _join_goals(self, model, query, first, parameters):
        """Join the links and the parameters of the goals to the records."""
        links, date_field = model._get_relation(), first._get_date_field_name()
        query.add_join(
            "JOIN",
            "goal_link",
            links["links"],
            SQL(
                "%s.%s = %s",
                SQL.identifier("goal_link"),
                links["record"],
                SQL.identifier(query.table, "id"),
            ),
        )
        conditions = [
            SQL(
                "%s.%s = %s",
                SQL.identifier("goal_link"),
                links["campaign"],
                SQL.identifier("goal", "campaign_id"),
            )
        ]
        for name, fname, comparison in (
            ("user_id", model._get_goal_user_field(), "(%s IS NULL OR %s = %s)"),
            ("team_id", model._get_goal_team_field(), "(%s IS NULL OR %s = %s)"),
            ("first", date_field, "(%s IS NULL OR %s >= %s)"),
            ("after", date_field, "(%s IS NULL OR %s < %s)"),
        ):
            if any(getattr(values, name) for values in parameters):
                wanted = SQL.identifier("goal", name)
                found = self._get_path_sql(model, fname, query)
                conditions.append(
                    SQL(comparison, wanted, found, wanted)  # pylint: disable=sql-injection
                )
        if company_field := model._get_goal_company_field():
            found = self._get_path_sql(model, company_field, query)
            conditions.append(
                SQL(
                    "(%s IS NULL OR %s = ANY(%s))",
                    found,
                    found,
                    SQL.identifier("goal", "company_ids"),
                )
            )
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s::int[], %s::int, %s::int, %s::timestamp, %s::timestamp, "
                "%s::int)",
                rank,
                values.campaign_id,
                values.company_ids,
                values.user_id,
                values.team_id,
                values.first,
                values.after,
                values.currency_id,
            )
            for rank, values in enumerate(parameters)
        )
        query.add_join(
            "JOIN",
            "goal",
            SQL(
                """(SELECT * FROM (VALUES %s) AS parameters (number, campaign_id,
                    company_ids, user_id, team_id, first, after, currency_id))""",
                rows,
            ),
            SQL(" AND ").join(conditions),
        )

    @api.model
    def _get_path_sql(self, model, path, query):
        """Return the SQL of a field, or of a path of many2one fields, of the model."""
        if not path:
            return SQL("NULL")
        alias = model._table
        *links, fname = path.split(".")
        for link in links:
            model, alias = model._fields[link].join(model, alias, query)
        return model._field_to_sql(alias, fname, query)

    # ------------------------------------------------------------
    # SUMS
    # ------------------------------------------------------------

    @api.model
    def _sum(self, model, query, first, goals):
        """Return ``{goal: sum}``, in the currency of each goal's campaign.

        What is in another currency is added up by day and converted at the rate of
        that day: each record's own, as in the return of the campaign.
        """
        number = SQL.identifier("goal", "number")
        fname = first._get_sum_field_name()
        total = SQL("SUM(%s)", model._get_goal_amount_sql(fname, query))
        currency = model._get_goal_currency_sql(fname, query)
        if currency is None:
            query.groupby = number
            rows = self.env.execute_query(query.select(number, total))
            return {goals[rank]: value or 0.0 for rank, value in rows}
        currency = SQL(
            "COALESCE(%s, %s)", currency, SQL.identifier("goal", "currency_id")
        )
        targets = [goal.currency_id.id for goal in goals]
        is_foreign = SQL(
            "%s <> (%s)[%s + 1]", currency, SQL("%s::int[]", targets), number
        )
        day = SQL(
            "CASE WHEN %s THEN %s END",
            is_foreign,
            model._get_conversion_day_sql(query, first._get_timezone()),
        )
        query.groupby = SQL("1, 2, 3")
        rows = self.env.execute_query(query.select(number, currency, day, total))
        return self._convert(goals, rows)

    @api.model
    def _convert(self, goals, rows):
        """Convert amounts by currency and day, and round each goal's total."""
        currencies = self.env["res.currency"].sudo()
        amounts = []
        for rank, currency_id, day, amount in rows:
            goal = goals[rank]
            company = goal.campaign_id.company_id or self.env.company
            amounts.append(
                (goal, currencies.browse(currency_id), company, day, amount or 0.0)
            )
        rates = currencies._get_rates_by_day(
            (either, company, day)
            for goal, currency, company, day, _amount in amounts
            if day
            for either in (currency, goal.currency_id)
        )
        totals = defaultdict(float)
        for goal, currency, company, day, amount in amounts:
            if day:
                amount *= (
                    rates[goal.currency_id, company, day]
                    / rates[currency, company, day]
                )
            totals[goal] += amount
        return {goal: goal.currency_id.round(total) for goal, total in totals.items()}
