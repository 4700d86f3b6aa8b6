from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ...kpi.catalogue.funnel import COHORTS
from ...kpi.cohort import LENGTH, build_cohort, get_cohort_months, get_end


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
        :return: dict with ``currency_id``; ``definition``, what the shares are;
            ``months``, the number of columns; and ``rows``, one for each month of
            creation, the oldest first: ``month`` (its first day), ``label``; ``count``
            and ``amount`` of the deals created; ``cells``: a list of dicts ``count``
            and ``amount`` of those won by then, ``count_share`` and ``amount_share`` in
            percent, None without a deal or an amount; the whole cell is None while that
            month is not over
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
            "definition": self.env._(COHORTS),
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
        created = defaultdict(lambda: (0, 0.0))
        won = defaultdict(dict)
        for month, after, count, amount in self.env.execute_query(
            SQL(
                """%s SELECT month, after, count(*), sum(amount)::float8
                        FROM deal
                    GROUP BY month, after""",
                self._get_cohort_sql(months[0], get_end(months[-1], 0), deals),
            )
        ):
            known = created[month]
            created[month] = (known[0] + count, known[1] + amount)
            if after is not None:
                won[month][after] = (count, amount)
        return created, won
