from collections import defaultdict
from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.outlook import YEAR, Group, Past

OPPORTUNITY = Domain("type", "=", "opportunity")
WON = Domain("won_status", "=", "won") & Domain("date_closed", "!=", False)


class Window(NamedTuple):
    """The days until ``until``, that day excluded, from a Monday ``week``, or from now.

    Deals with an expected closing from ``first`` on are in it, or all without one.
    Windows with the same ``key`` are asked the same question.
    """

    key: int
    week: date | None
    first: date | None
    until: date


class PastQuery(NamedTuple):
    """The query of snapshots and the windows that they are in: the aliases of the
    ``window`` and of the ``lead``, a function that converts an amount of a snapshot,
    and the SQL of whether it was won in the window and of the sum that was."""

    query: object
    window: str
    lead: str
    convert: object
    is_won: SQL
    won_amount: SQL


class CrmKpi(models.AbstractModel):
    """What is open now, and what became of what was open: three grouped statements."""

    _inherit = "crm.kpi"

    @api.model
    def _get_outlook_deals(self, question, operator="any!"):
        """Return the domain of the open opportunities of the question.

        :param operator: see :meth:`_get_credited_domain`
        """
        deals = self._get_credited_domain(question.deals, operator)
        return deals & OPPORTUNITY & self.env["crm.lead"]._get_open_domain()

    @api.model
    def _join_outlook_credit(self, query, deals):
        """Return the function from the SQL of a converted amount to what the
        salespeople that a domain asks for have of it, as in the figures."""
        scope = self._get_scope(deals, [], None)
        _user, part = self._join_credit(scope, query, query.table, {})

        def share_out(amount):
            if part is None:
                return amount
            units = part.share_out(scope.conversion.get_units_sql(amount))
            return SQL("((%s) * %s)", units, scope.conversion.rounding)

        return share_out

    @api.model
    def _get_outlook_groups(self, question):
        """Return the groups of what is open now."""
        window = Window(0, None, None, question.period.end)
        domain = self._get_outlook_deals(question)
        found = self._read_outlook_now(domain, [window], question.today, question.deals)
        return found.get(0, ())

    @api.model
    def _read_outlook_now(self, domain, windows, today, credited=Domain.TRUE):
        """Return {key of a window: groups of what is open now and due in it}.

        :param credited: the domain of those whose shares count
        """
        leads = self.env["crm.lead"]
        query = self._search_leads(domain)
        conversion = self.env.company._get_conversion(self.env.companies)
        company = self._to_sql(query, "company_id")
        today = SQL("%s::date", today)
        deadline = self._to_sql(query, "date_deadline")
        window = self._join_outlook_windows(query, windows, deadline)
        share_out = self._join_outlook_credit(query, credited)

        def convert(amount):
            return share_out(conversion.get_sql(amount, company, today))

        amount = self._to_sql(query, "expected_revenue")
        columns = self._get_outlook_columns(
            query,
            {
                "pipeline_id": self._to_sql(query, "pipeline_id"),
                "stage_id": self._to_sql(query, "stage_id"),
                "probability": self._to_sql(query, "probability"),
                "amount": amount,
                "weighted": self._to_sql(query, "prorated_revenue"),
                "date_deadline": deadline,
                "until": SQL.identifier(window, "until_day"),
            },
            convert,
        )
        number = SQL.identifier(window, "number")
        leads.flush_model()
        query.groupby = self._get_outlook_grouping(number, amount)
        groups = defaultdict(list)
        for *row, place in self.env.execute_query(query.select(*columns, number)):
            key = windows[place - 1].key
            groups[key].append(self._make_outlook_group(row))
        return {number: tuple(each) for number, each in groups.items()}

    @api.model
    def _get_outlook_past(self, question):
        """Return the past windows, the oldest first, with what came of them."""
        windows = [
            Window(0, week, None, question.get_until(week)) for week in question.weeks
        ]
        facts = self._get_outlook_facts(question)
        return self._read_outlook_past(facts, windows).get(0, [])

    @api.model
    def _read_outlook_past(self, facts, windows):
        """Return {key of windows: [:class:`Past`]}, the oldest first, with what came of
        those that were due in each.

        :param facts: the domain on snapshots
        """
        if not windows:
            return {}
        asked = self._ask_outlook_past(facts, windows)
        query, window = asked.query, asked.window
        number = SQL.identifier(window, "number")
        columns = self._get_outlook_columns(
            query,
            {
                **{
                    name: SQL.identifier(query.table, name)
                    for name in (
                        "pipeline_id",
                        "stage_id",
                        "probability",
                        "amount",
                        "date_deadline",
                    )
                },
                "weighted": SQL.identifier(query.table, "weighted_amount"),
                "until": SQL.identifier(window, "until_day"),
            },
            asked.convert,
        )
        amount = SQL.identifier(query.table, "amount")
        query.groupby = self._get_outlook_grouping(number, amount)
        rows = self.env.execute_query(
            query.select(
                *columns,
                SQL("count(*) FILTER (WHERE %s)", asked.is_won),
                asked.won_amount,
                number,
            )
        )
        groups = defaultdict(list)
        for *row, place in rows:
            key, day, *_days = windows[place - 1]
            groups[key, day].append(self._make_outlook_group(row))
        past = defaultdict(list)
        for (key, day), each in sorted(groups.items()):
            past[key].append(Past(day, tuple(each)))
        return past

    @api.model
    def _ask_outlook_past(self, facts, windows):
        """Return the :class:`PastQuery` of what was due in past windows."""
        snapshots = self.env["crm.forecast.snapshot"].with_context(active_test=False)
        snapshots.flush_model()
        weeks = {fields.Date.to_string(window.week) for window in windows}
        query = snapshots._search(facts & Domain("date", "in", weeks))
        week, deadline = (
            SQL.identifier(query.table, name) for name in ("date", "date_deadline")
        )
        window = self._join_outlook_windows(query, windows, deadline, week)
        _leads, lead = snapshots._fields["lead_id"].join(snapshots, query.table, query)

        def to_column(name):
            return SQL.identifier(query.table, name)

        def either(of_lead, of_fact):
            return SQL(
                "CASE WHEN %s IS NULL THEN %s ELSE %s END",
                SQL.identifier(lead, "id"),
                to_column(of_fact),
                SQL.identifier(lead, of_lead),
            )

        companies = self.env["res.company"].sudo().with_context(active_test=False)
        # A deal may have been in a company that the user does not look at.
        conversion = self.env.company._get_conversion(companies.search([]))
        closed = either("date_closed", "former_date_closed")
        is_won = SQL(
            "(%s = 'won' AND %s < %s)",
            either("won_status", "former_status"),
            closed,
            SQL.identifier(window, "until_moment"),
        )
        won_amount = conversion.get_sql(
            SQL("COALESCE(%s, 0)::numeric", either("expected_revenue", "amount")),
            either("company_id", "company_id"),
            self.env.company._get_day_sql(closed),
        )

        def convert(amount):
            return conversion.get_sql(amount, to_column("company_id"), week)

        return PastQuery(
            query,
            window,
            lead,
            convert,
            is_won,
            SQL("COALESCE(sum(%s) FILTER (WHERE %s), 0)", won_amount, is_won),
        )

    @api.model
    def _get_outlook_facts(self, question):
        """Return the domain of the snapshots that are learned from."""
        weeks = [fields.Date.to_string(week) for week in question.weeks]
        return question.facts & Domain("date", "in", weeks)

    @api.model
    def _join_outlook_windows(self, query, windows, deadline, week=None):
        """Join the windows that a deal, or its snapshot of a week, is in; return the
        alias. Its columns are those of :class:`Window` without the key, the
        ``until_moment``, and the ``number`` of the window, from 1: of so few values
        PostgreSQL knows that groups fit into memory, and sorts nothing."""
        _keys, *columns = (list(column) for column in zip(*windows, strict=True))
        table = SQL(
            "(SELECT * FROM unnest(%s::date[], %s::date[], %s::date[], %s::timestamp[])"
            " WITH ORDINALITY AS each (week, from_day, until_day, until_moment, "
            "number))",
            *columns,
            [self._get_moment(window.until) for window in windows],
        )
        name = query.make_alias(query.table, "window")
        conditions = [SQL("TRUE")]
        if week is not None:
            conditions.append(SQL("%s = %s", SQL.identifier(name, "week"), week))
        if any(window.first for window in windows):
            conditions.append(
                SQL(
                    "%(deadline)s >= %(first)s AND %(deadline)s < %(until)s",
                    deadline=deadline,
                    first=SQL.identifier(name, "from_day"),
                    until=SQL.identifier(name, "until_day"),
                )
            )
        query.add_join("JOIN", name, table, SQL(" AND ").join(conditions))
        return name

    @api.model
    def _get_outlook_columns(self, query, names, convert):
        """Return the SQL of a group's values, in the order of its fields, up to those
        of what was won.

        :param names: {name: SQL of a column}
        :param convert: from the SQL of an amount to that in the user's currency
        """
        self.env["crm.pipeline.stage"].flush_model()
        line = query.make_alias(query.table, "line")
        query.add_join(
            "LEFT JOIN",
            line,
            SQL.identifier("crm_pipeline_stage"),
            SQL(
                "%s = %s AND %s = %s",
                SQL.identifier(line, "pipeline_id"),
                names["pipeline_id"],
                SQL.identifier(line, "stage_id"),
                names["stage_id"],
            ),
        )
        amount = SQL("COALESCE(%s, 0)::numeric", names["amount"])
        converted = SQL("(%s)::float8", convert(amount))
        by_stage = SQL(
            "%s * COALESCE(%s, %s, 0)::numeric / 100",
            amount,
            SQL.identifier(line, "probability"),
            names["probability"],
        )
        own = SQL("COALESCE(%s, 0)::numeric", names["weighted"])
        is_due = SQL("%s < %s", names["date_deadline"], names["until"])
        return [
            names["pipeline_id"],
            names["stage_id"],
            SQL("round(COALESCE(%s, 0))::integer", names["probability"]),
            SQL("count(*)"),
            SQL("sum(%s)", converted),
            SQL("sum(%s * %s)", converted, converted),
            *(
                SQL("COALESCE(sum(%s) FILTER (WHERE %s), 0)", convert(value), is_due)
                for value in (by_stage, own)
            ),
        ]

    @api.model
    def _get_outlook_grouping(self, number, amount):
        """Return the SQL of what groups are of: credits are for themselves."""
        return SQL("1, 2, 3, %s, COALESCE(%s, 0) < 0", number, amount)

    @api.model
    def _make_outlook_group(self, row):
        pipeline, stage, percent, count, *amounts = row
        amounts = [float(value) for value in amounts]
        if len(amounts) > 4:
            amounts[4] = round(amounts[4])
        return Group(pipeline or False, stage or False, percent, count, *amounts)

    # ------------------------------------------------------------
    # A year before
    # ------------------------------------------------------------

    @api.model
    def _get_outlook_years(self, question):
        """Return {first day: what came, in as many days a year before it, of what had
        begun by then}; None where nothing had begun yet."""
        starts = [*question.weeks, question.today]
        before = {start: start - YEAR for start in starts}
        deals = self._get_credited_domain(question.deals)
        query = self._search_leads(deals & OPPORTUNITY & WON)
        closed = self._to_sql(query, "date_closed")
        begun = self._to_sql(query, "date_start")
        name = query.make_alias(query.table, "window")
        ends = [question.get_until(day) for day in before.values()]
        query.add_join(
            "JOIN",
            name,
            SQL(
                "(SELECT * FROM unnest(%s::date[], %s::timestamp[], %s::timestamp[]) "
                "AS each (first, start, until))",
                starts,
                [self._get_moment(day) for day in before.values()],
                [self._get_moment(day) for day in ends],
            ),
            SQL(
                "%(closed)s >= %(start)s AND %(closed)s < %(until)s "
                "AND %(begun)s < %(start)s",
                closed=closed,
                begun=begun,
                start=SQL.identifier(name, "start"),
                until=SQL.identifier(name, "until"),
            ),
        )
        amount = self.env["crm.lead"]._get_converted_sql(
            "expected_revenue",
            self.env.company._get_conversion(self.env.companies),
            query.table,
            query,
        )
        amount = self._join_outlook_credit(query, question.deals)(amount)
        query.groupby = SQL("1")
        found = dict(
            self.env.execute_query(
                query.select(SQL.identifier(name, "first"), SQL("sum(%s)", amount))
            )
        )
        first = self._get_first_start(question)
        return {
            start: float(found.get(start) or 0)
            if first and first < self._get_moment(day)
            else None
            for start, day in before.items()
        }

    @api.model
    def _get_first_start(self, question):
        """Return when the first opportunity began, whatever became of it."""
        deals = self._get_credited_domain(question.deals)
        query = self._search_leads(deals & OPPORTUNITY)
        begun = self._to_sql(query, "date_start")
        [(first,)] = self.env.execute_query(query.select(SQL("min(%s)", begun)))
        return first

    @api.model
    def _get_outlook_year_domain(self, question):
        """Return the domain of what came a year before."""
        start = question.today - YEAR
        until = question.get_until(start)
        begin, end = (
            fields.Datetime.to_string(self._get_moment(day)) for day in (start, until)
        )
        return (
            self._get_credited_domain(question.deals, "any")
            & OPPORTUNITY
            & WON
            & Domain("date_start", "<", begin)
            & Domain("date_closed", ">=", begin)
            & Domain("date_closed", "<", end)
        )
