from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...kpi.cohort import LENGTH, build_cohort, get_cohort_months, get_end
from ...kpi.period import Period
from ...tools.arguments import check_day, refuse
from ..figures.crm_kpi_fact import OPPORTUNITY


class CrmKpi(models.AbstractModel):
    """Cohorts of deals by their month of creation: see ``kpi/cohort.py``."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def get_cohorts(self, filters=None):
        """Return the share of the deals created in a month that was won by the end of
        that month and of each of the eleven after it.

        :param dict filters: as for :meth:`get_figures`; the twelve months of creation
            end with the last one of the period, at most with the present one
        :return: dict with ``currency_id``; ``months``, the number of columns; and
            ``rows``, one for each month of creation, the oldest first: ``month`` (its
            first day), ``label``; ``count`` and ``amount`` of the deals created;
            ``cells``: a list of dicts ``count`` and ``amount`` of those won by then,
            ``count_share`` and ``amount_share`` in percent, None without a deal or an
            amount; the whole cell is None while that month is not over
        :raise UserError: if a filter is unknown or cannot be read
        """
        self.env["crm.lead"].check_access("read")
        period, _comparison, deals = self._read_filters(filters)
        today = fields.Date.context_today(self)
        months = get_cohort_months(period, today)
        created, won = self._get_cohort_numbers(months, deals)
        currency = self.env.company.currency_id
        return {
            "currency_id": currency.id,
            "months": LENGTH,
            "rows": [
                {
                    "month": fields.Date.to_string(month),
                    "label": format_date(self.env, month, date_format="MMM yyyy"),
                    "count": created[month][0],
                    "amount": currency.round(created[month][1]),
                    "cells": [
                        cell and {**cell, "amount": currency.round(cell["amount"])}
                        for cell in build_cohort(
                            month, today, created[month], won[month]
                        )
                    ],
                }
                for month in months
            ],
        }

    @api.model
    def _get_cohort_numbers(self, months, deals):
        """Return {month: (count, amount)} of the deals created, and {month: {months
        after: (count, amount)}} of those won, from one statement."""
        period = Period(months[0], get_end(months[-1], 0))
        scope = self._get_scope(deals, [period], None)
        query = self._search_leads(deals & OPPORTUNITY)
        to_amount = self._get_amount_converter(scope, query, query.table, None, {})
        began, closed = (
            SQL("timezone(%s, timezone('UTC', %s))", self.env.tz.zone, moment)
            for moment in map(
                lambda name: self._to_sql(query, name), ("date_start", "date_closed")
            )
        )
        [(start, end)] = scope.spans
        moment = self._to_sql(query, "date_start")
        query.add_where(SQL("%s >= %s AND %s < %s", moment, start, moment, end))
        query.groupby = SQL("1, 2")
        created = defaultdict(lambda: (0, 0.0))
        won = defaultdict(dict)
        for month, after, count, amount in self.env.execute_query(
            query.select(
                SQL("date_trunc('month', %s)::date", began),
                SQL(
                    """CASE WHEN %(status)s = 'won' THEN GREATEST(
                         12 * (EXTRACT(YEAR FROM %(closed)s)
                               - EXTRACT(YEAR FROM %(began)s))
                         + EXTRACT(MONTH FROM %(closed)s)
                         - EXTRACT(MONTH FROM %(began)s), 0)::integer END""",
                    status=self._to_sql(query, "won_status"),
                    closed=closed,
                    began=began,
                ),
                SQL("count(*)"),
                SQL(
                    "COALESCE(sum(%s), 0)::float8",
                    to_amount(self._to_sql(query, "expected_revenue")),
                ),
            )
        ):
            known = created[month]
            created[month] = (known[0] + count, known[1] + amount)
            if after is not None:
                won[month][after] = (count, amount)
        return created, won

    @api.model
    @api.readonly
    def open_cohort(self, month, after=None, filters=None):
        """Return the action that opens the deals of a cohort.

        :param month: the first day of the month of creation
        :param after: the number of months after it by whose end they were won; None for
            all that were created
        :param filters: as for :meth:`get_cohorts`
        :return: dict of an ``ir.actions.act_window``
        :raise UserError: if the question is not understood
        """
        self.env["crm.lead"].check_access("read")
        day = check_day(self.env, "month", month)
        if day.day != 1:
            refuse(self.env, "month", month, self.env._("the first day of a month"))
        is_number = type(after) is int and 0 <= after < LENGTH
        if after is not None and after is not False and not is_number:
            expected = self.env._("a number of months from 0 to %s", LENGTH - 1)
            refuse(self.env, "after", after, expected)
        _period, _comparison, deals = self._read_filters(filters)
        created = Period(day, get_end(day, 0))
        domain = deals & OPPORTUNITY & self._get_period_domain("date_start", created)
        name = self.env._(
            "Created in %s", format_date(self.env, day, date_format="MMMM yyyy")
        )
        if is_number:
            end = fields.Datetime.to_string(self._get_moment(get_end(day, after)))
            domain &= Domain("won_status", "=", "won") & Domain("date_closed", "<", end)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.lead",
            "domain": list(domain),
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "context": {"active_test": False, "create": False},
            "target": "current",
        }
