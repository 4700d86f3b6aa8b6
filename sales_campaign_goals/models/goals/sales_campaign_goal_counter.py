import logging
from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class GoalParameters(NamedTuple):
    """What differs between goals that are counted by one query."""

    campaign_id: int
    company_ids: list
    user_id: int
    team_id: int
    first: object
    after: object
    currency_id: int


class CountedRow(NamedTuple):
    """A value that counts for a goal: a number, or an amount in a currency.

    Amounts in another currency than the goal's come with the day at whose rate they
    convert, record by record; what salespeople share with its shares and the place of
    the goal's among them.
    """

    value: float
    currency_id: int
    day: object
    record_id: int
    shares: list
    places: list


class SalesCampaignGoalCounter(models.AbstractModel):
    """Count the records behind goals, with the rights of those who defined them.

    All of them are counted by one query. Goals that share what they count, their
    condition, its writer and their measure are one part of it, however many they are:
    their parameters are joined to the links.
    """

    _name = "sales.campaign.goal.counter"
    _description = "Counter of Goals"

    @api.model
    def _count(self, goals):
        """Count what these goals count.

        A goal that cannot be counted keeps its last value, and breaks no other one.

        :return: ``{goal: value}``, and ``{goal: reason}`` of those that cannot be
            counted
        """
        values = dict.fromkeys(goals, 0.0)
        groups = defaultdict(list)
        for goal in goals:
            if key := self._get_query_key(goal):
                groups[key].append(goal)
        if not groups:
            return values, {}
        companies = self._get_companies(
            [goal for group in groups.values() for goal in group]
        )
        errors = {}
        # what is dirty in the cache must not be undone with a query that fails
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                values.update(self._count_groups(groups.values(), companies))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            for group in groups.values():
                self._count_alone(group, companies, values, errors)
            values.update(self._get_last_values(errors))
        return values, errors

    @api.model
    def _count_alone(self, group, companies, values, errors):
        """Count goals with the same key; note why, when they cannot be counted."""
        try:
            with self.env.cr.savepoint(flush=False):
                values.update(self._count_groups([group], companies))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except UserError as error:
            errors.update(dict.fromkeys(group, str(error)))
        except Exception:
            _logger.info("Goals %s cannot be counted", group, exc_info=True)
            reason = self.env._("its condition does not run any more")
            errors.update(dict.fromkeys(group, reason))

    @api.model
    def _get_last_values(self, goals):
        """Return ``{goal: value}`` as they were counted last."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT ON (goal_id) goal_id, current
                     FROM sales_campaign_goal_snapshot
                    WHERE goal_id = ANY(%s)
                 ORDER BY goal_id, date DESC""",
                [goal._origin.id for goal in goals if goal._origin.id],
            )
        )
        last = dict(rows)
        return {goal: float(last.get(goal._origin.id) or 0.0) for goal in goals}

    @api.model
    def _get_query_key(self, goal):
        """Return what goals counted by one query have in common; None when the goal
        counts nothing."""
        if not goal.campaign_id.ids or goal._get_countable_model() is None:
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
            goal._get_condition_user().id,
        )

    @api.model
    def _get_companies(self, goals):
        """Return ``{campaign's company: ids of those whose records count}``."""
        roots = {goal.campaign_id.company_id for goal in goals}
        if not any(roots):
            return {}
        branches = self.env["res.company"]._get_ids_by_ancestor()
        return {root: branches.get(root.id, []) for root in roots if root}

    @api.model
    def _get_parameters(self, goal, companies):
        campaign = goal.campaign_id
        model = goal._get_countable_model()
        first = after = None
        if goal.within_dates:
            first, after = goal._get_period_bounds()
        own_company = campaign.company_id or self.env.company
        company_ids = companies.get(campaign.company_id)
        if not company_ids:
            # a campaign of all companies shows nobody those of another one
            company_ids = self.env.companies.ids
            writer = goal._get_condition_user().sudo()
            if not writer._is_superuser():
                own = set(writer._get_company_ids())
                company_ids = [each for each in company_ids if each in own]
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
    # THE QUERY
    # ------------------------------------------------------------

    @api.model
    def _count_groups(self, groups, companies):
        """Return ``{goal: value}``, by one query.

        :param groups: lists of goals with the same key
        """
        groups = list(groups)
        queries = [
            SQL("SELECT %s AS place, found.* FROM (%s) AS found", place, query)
            for place, goals in enumerate(groups)
            if (query := self._get_query(goals, companies))
        ]
        if not queries:
            return {}
        values, amounts = {}, []
        for place, number, *row in self.env.execute_query(
            SQL(" UNION ALL ").join(queries)
        ):
            goal, row = groups[place][number], CountedRow(*row)
            if row.currency_id:
                amounts.append((goal, row))
            else:
                values[goal] = row.value
        return {**values, **self._convert(amounts)}

    @api.model
    def _get_query(self, goals, companies):
        """Return the SQL of what goals with the same key count: the number of the goal,
        and a :class:`CountedRow`. None when there is nothing."""
        first = goals[0]
        model = first._get_countable_model().sudo()
        model = model.with_context(active_test=False, tz=first._get_timezone())
        parameters = [self._get_parameters(goal, companies) for goal in goals]
        query = self._search_condition(first)
        if query.is_empty():
            return None
        self._join_goals(model, query, first, parameters)
        if first.measure == "sum":
            return self._get_sum_query(model, query, first, goals)
        counted = SQL("COUNT(*)")
        if first.measure == "companies":
            counted = SQL("COUNT(DISTINCT %s)", model._get_goal_partner_sql(query))
        return self._select(query, counted)

    @api.model
    def _select(self, query, value, *keys):
        """Return the SQL of the value of each goal, for each of the keys.

        :param keys: the SQL of what follows the value in a :class:`CountedRow`
        """
        types = ("int", "date", "int", "int[]", "int[]")
        keys = keys or [SQL("NULL")] * len(types)
        query.groupby = SQL("1, 3, 4, 5, 6, 7")
        return query.select(
            SQL.identifier("goal", "number"),
            SQL("COALESCE((%s)::double precision, 0)", value),
            *(
                SQL("%s::%s", key, SQL(sql_type))  # pylint: disable=sql-injection
                for key, sql_type in zip(keys, types, strict=True)
            ),
        )

    @api.model
    def _search_condition(self, goal):
        """Return the query of the records that the goal's condition is true for, with
        the rights of the person who defined it.

        Where a sales manager asks for nothing, all of the campaign counts, also what
        the rules of a model keep even from them.
        """
        conditions = self.env["crm.condition"]
        reader = goal._get_condition_reader(goal._get_timezone())
        if reader is None:
            raise UserError(self.env._("nobody answers for its condition"))
        condition = conditions._parse(goal.condition)
        everything = condition.is_true() and goal._counts_everything()
        domain = conditions._get_domain(reader, condition)
        return reader._search(
            domain & reader._get_goal_base_domain(condition, goal.measure),
            active_test=False,
            bypass_access=everything,
        )

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
        if any(values.user_id for values in parameters):
            wanted = SQL.identifier("goal", "user_id")
            found = model._get_goal_user_sql(query, wanted)
            conditions.append(SQL("(%s IS NULL OR %s)", wanted, found))
        for name, fname, comparison in (
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
