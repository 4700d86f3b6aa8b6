from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.call import Said, Trial, get_holding, hold
from ...kpi.target_period import Span

TYPES = {"this_month": "month", "this_quarter": "quarter"}
# Periods that calls are tried on: what is older was another company.
MOST_PERIODS = 24
# A call is for people, teams and companies, and for no part of what they sell.
CALLED = {"company_ids": "company_id", "team_ids": "team_id", "user_ids": "user_id"}
SEES_ALL = "sales_team.group_sale_salesman_all_leads"


class CrmKpi(models.AbstractModel):
    """What was called for a period, and what was won of it."""

    _inherit = "crm.kpi"

    @api.model
    def _get_call_domain(self, question, filters):
        """Return the domain of the calls for such periods; None if what is asked for
        is nothing that people call.

        Who sees own opportunities only is held against own calls: what a team won is
        not theirs to see.
        """
        unit = TYPES.get(question.window)
        filters = {name: ids for name, ids in (filters or {}).items() if ids}
        if not unit or filters.keys() - {"window", *CALLED}:
            return None
        domain = (
            Domain("period_type", "=", unit)
            & Domain("is_replaced", "=", False)
            & Domain("date_start", "<=", question.period.start)
        )
        for name in CALLED.keys() & filters.keys():
            domain &= Domain(CALLED[name], "in", filters[name])
        if not self.env.user.has_group(SEES_ALL):
            domain &= Domain("user_id", "=", self.env.uid)
            filters = {**filters, "user_ids": [self.env.uid]}
        if "user_ids" in filters:
            domain &= Domain("scope", "=", "own")
        return domain

    @api.model
    def _get_calls(self, question, filters):
        """Return {first day of a period: [:class:`Said`]}, in the user's currency."""
        domain = self._get_call_domain(question, filters)
        if domain is None:
            return {}
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        conversion = self.env.company._get_conversion(companies.search([]))
        calls = defaultdict(list)
        for row in self.env["crm.forecast.call"].search_read(
            domain,
            ["user_id", "team_id", "company_id", "scope", "week", "amount"]
            + ["date_start"],
            load=None,
        ):
            company = row["company_id"]
            amount = conversion.convert(row["amount"], company, row["week"])
            calls[row["date_start"]].append(
                Said(
                    (company, row["user_id"]),
                    (company, row["team_id"]),
                    row["scope"] == "team",
                    row["week"],
                    row["id"],
                    self.env.company.currency_id.round(amount),
                )
            )
        return calls

    @api.model
    def _get_holding_calls(self, question, calls):
        """Return the calls that make up the figure of the period that runs."""
        return get_holding(calls.get(question.period.start, ()), question.today)

    @api.model
    def _get_tried_calls(self, question, calls):
        """Return [(first day, day, day after the last, calls)] of the periods that are
        over: what held on the day with as many days left as now."""
        unit = TYPES.get(question.window)
        tried = []
        for start in sorted(calls)[-MOST_PERIODS - 1 :]:
            end = Span(unit, start).end
            if end > question.today or end > question.period.start:
                continue
            day = max(start, end - timedelta(days=question.days))
            if holding := get_holding(calls[start], day):
                tried.append((start, day, end, holding))
        return tried

    @api.model
    def _test_calls(self, question, calls):
        """Return the :class:`Test` of the calls for periods that are over, each as it
        was with as many days left as now."""
        tried = self._get_tried_calls(question, calls)
        won = self._get_won_of_calls(tried)
        return hold(
            Trial(sum(each.amount for each in holding), *won[start])
            for start, _day, _end, holding in tried
        )

    @api.model
    def _get_won_of_calls(self, tried):
        """Return {first day: (amount won before the day, and from it on)} of what the
        calls of a period are about: nobody has called what others sell.

        :param tried: as of :meth:`_get_tried_calls`
        """
        sums = {start: [0.0, 0.0] for start, *_rest in tried}
        called = {
            start: (
                {each.user for each in holding if not each.is_for_team},
                {each.team for each in holding if each.is_for_team},
            )
            for start, _day, _end, holding in tried
        }
        for start, company, user, team, *amounts in self._read_won_in_parts(tried):
            users, teams = called[start]
            if (company, user) in users or (company, team) in teams:
                for number, amount in enumerate(amounts):
                    sums[start][number] += float(amount)
        return {start: tuple(each) for start, each in sums.items()}

    @api.model
    def _read_won_in_parts(self, tried):
        """Return rows of first day, company, salesperson, team, and what was won before
        the day and from it on."""
        if not tried:
            return []
        conversion = self.env.company._get_conversion(self.env.companies)
        return self.env.execute_query(
            SQL(
                """SELECT span.first, won.company_id, won.user_id, won.team_id,
                          COALESCE(sum(%(amount)s)
                                   FILTER (WHERE won.closed < span.day), 0),
                          COALESCE(sum(%(amount)s)
                                   FILTER (WHERE won.closed >= span.day), 0)
                     FROM (%(won)s) AS won
                     JOIN unnest(%(firsts)s::date[], %(starts)s::timestamp[],
                                 %(days)s::timestamp[], %(ends)s::timestamp[])
                          AS span (first, start, day, until)
                       ON won.closed >= span.start AND won.closed < span.until
                 GROUP BY 1, 2, 3, 4""",
                amount=conversion.get_sql(
                    SQL("won.amount"),
                    SQL("won.company_id"),
                    self.env.company._get_day_sql(SQL("won.closed")),
                ),
                won=self._get_won_parts_sql(),
                firsts=[row[0] for row in tried],
                **{
                    name: [self._get_moment(row[number]) for row in tried]
                    for number, name in enumerate(("starts", "days", "ends"))
                },
            )
        )
