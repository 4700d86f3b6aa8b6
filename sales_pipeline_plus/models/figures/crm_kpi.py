from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...kpi.catalogue import BREAKDOWNS, GROUPS
from ...kpi.period import Period, get_comparison, get_preset, get_trend
from ...kpi.scope import Scope
from ...tools.arguments import (
    check_choice,
    check_day,
    check_ids,
    check_mapping,
    check_names,
    refuse,
)
from ...tools.days import get_start_of_day

PRESETS = [
    f"{when}_{unit}"
    for unit in ("week", "month", "quarter", "year")
    for when in ("this", "last")
]
COMPARISONS = ("previous", "last_year", "none")
# Filters by records: the name in the filters, the field of the opportunity.
RECORD_FILTERS = {
    "company_ids": "company_id",
    "team_ids": "team_id",
    "user_ids": "user_id",
    "pipeline_ids": "pipeline_id",
    "campaign_ids": "campaign_id",
    "category_ids": "product_line_ids.categ_id",
    "lead_ids": "id",
}


class CrmKpi(models.AbstractModel):
    """The engine of the figures: filters in, one plain matrix out.

    A handful of grouped queries, built on the ORM's own ``_search``: nobody's figure
    includes what the record rules keep from them. The catalogue in ``kpi/catalogue``
    names and defines the figures; pages, workbooks and mails only show them.
    """

    _name = "crm.kpi"
    _description = "Sales Figures"

    @api.model
    @api.readonly
    def get_catalogue(self):
        """Return every figure in the user's language, in the order to show them.

        :return: list of dicts: ``code``; ``label``; ``definition``; ``group`` and
            ``group_label``; ``unit`` (count, amount, percentage of 0-100, days, hours);
            ``better`` (higher, lower, neutral)
        """
        self.env["crm.lead"].check_access("read")
        return [
            {
                "code": kpi.code,
                "group": kpi.group,
                "group_label": self.env._(GROUPS[kpi.group]),
                "unit": kpi.unit,
                "better": kpi.better,
                "label": self.env._(kpi.label),
                "definition": self.env._(kpi.definition),
            }
            for kpi in self._get_known_kpis()
        ]

    @api.model
    @api.readonly
    def get_figures(self, filters=None, codes=None, breakdown=None, with_trend=False):
        """Return the figures of a period and of the one it is compared with.

        :param dict filters: all optional. ``period``: a preset ({this, last}_{week,
            month, quarter, year}) or ``{"start": "2026-01-01", "end": "2026-03-31"}``,
            both days included; ``comparison``: previous, last_year, none;
            ``company_ids``, ``team_ids``, ``user_ids``, ``pipeline_ids``,
            ``campaign_ids`` (Odoo's campaigns), ``category_ids`` (of products, with
            their children), ``lead_ids`` (opportunities): lists of ids. The amounts of
            shared deals are what the salespeople of ``user_ids`` have of them
        :param list codes: the figures wanted, see :meth:`get_catalogue`; all if None
        :param str breakdown: salesperson, team, pipeline, stage, month, quarter,
            customer_type, customer, country, origin, product_category, product,
            lost_reason; or None
        :param bool with_trend: give the trend as well, in the same queries; only
            without a breakdown
        :return: dict with ``period`` and ``comparison`` (``start`` and ``end``, both
            included; ``comparison`` may be None); ``currency_id`` of all amounts, each
            converted at its own date: a won or lost deal's closing, today while it is
            open; ``keys``: list of {``id``, ``label``} of the breakdown, one of them
            for none; ``values``: {code: list, as the keys, of {``value``,
            ``comparison``, ``change``}}. None is "no data".
            The change is in percent, for percentages in points. With a trend also
            ``trend``, the answer of :meth:`get_trend`
        :raise UserError: if a filter, code or breakdown is unknown or cannot be read
        """
        self.env["crm.lead"].check_access("read")
        kpis = self._get_kpis(codes)
        period, comparison, domain = self._read_filters(filters)
        self._check_breakdown(breakdown)
        periods = [period, comparison] if comparison else [period]
        trend = self._get_trend_periods(period) if with_trend and not breakdown else []
        scope = self._get_scope(domain, [*periods, *trend], breakdown)
        facts = self._get_facts(scope, {fact for kpi in kpis for fact in kpi.facts})
        keys = self._get_keys(facts, breakdown, (filters or {}).get("pipeline_ids"))
        values = {}
        for kpi in kpis:
            values[kpi.code] = [
                self._get_cell(kpi, facts, key["id"], bool(comparison)) for key in keys
            ]
        answer = {
            "period": self._describe_period(period),
            "comparison": comparison and self._describe_period(comparison),
            "currency_id": self.env.company.currency_id.id,
            "keys": keys,
            "values": values,
        }
        if trend:
            answer["trend"] = self._describe_trend(kpis, facts, trend, len(periods))
        return answer

    @api.model
    @api.readonly
    def get_trend(self, filters=None, codes=None):
        """Return each figure in the twelve months, or as many short periods, that end
        with the period: the line beside a tile.

        :param filters: as for :meth:`get_figures`
        :return: dict with ``periods`` (list of {``start``, ``end``}) and ``values``
            {code: list of numbers or None, as the periods}
        """
        self.env["crm.lead"].check_access("read")
        kpis = self._get_kpis(codes)
        period, _comparison, domain = self._read_filters(filters)
        periods = self._get_trend_periods(period)
        scope = self._get_scope(domain, periods, None)
        facts = self._get_facts(scope, {fact for kpi in kpis for fact in kpi.facts})
        return self._describe_trend(kpis, facts, periods, 0)

    @api.model
    def _get_trend_periods(self, period):
        return get_trend(period, fields.Date.context_today(self))

    @api.model
    def _describe_trend(self, kpis, facts, periods, first):
        """Return the trend from the facts whose spans begin at ``first``."""
        return {
            "periods": [self._describe_period(period) for period in periods],
            "values": {
                kpi.code: [
                    self._get_value(kpi, facts, first + index, False)
                    for index in range(len(periods))
                ]
                for kpi in kpis
            },
        }

    # ------------------------------------------------------------
    # Reading the question
    # ------------------------------------------------------------

    @api.model
    def _get_kpis(self, codes):
        if codes is None:
            return self._get_known_kpis()
        known = self._get_kpi_by_code()
        codes = check_names(self.env, "codes", codes)
        unknown = [code for code in codes if code not in known]
        if unknown:
            raise UserError(
                self.env._(
                    "There is no figure named %(unknown)s. The figures are: %(known)s.",
                    unknown=", ".join(unknown),
                    known=", ".join(known),
                )
            )
        return [known[code] for code in codes]

    @api.model
    def _check_breakdown(self, breakdown):
        if breakdown is not None:
            check_choice(self.env, "breakdown", breakdown, BREAKDOWNS)

    @api.model
    def _read_filters(self, filters):
        """Return (period, comparison period or None, domain of opportunities)."""
        filters = check_mapping(self.env, "filters", filters)
        unknown = filters.keys() - RECORD_FILTERS.keys() - {"period", "comparison"}
        if unknown:
            raise UserError(
                self.env._(
                    "There is no filter named %(unknown)s. The filters are: %(known)s.",
                    unknown=", ".join(sorted(unknown)),
                    known=", ".join(["period", "comparison", *RECORD_FILTERS]),
                )
            )
        today = fields.Date.context_today(self)
        period = self._read_period(filters.get("period") or "this_month", today)
        kind = check_choice(
            self.env,
            "comparison",
            filters.get("comparison") or "previous",
            COMPARISONS,
        )
        domain = Domain.TRUE
        for name, field_name in RECORD_FILTERS.items():
            if ids := check_ids(self.env, name, filters.get(name)):
                operator = "child_of" if name == "category_ids" else "in"
                domain &= Domain(field_name, operator, ids)
        return period, get_comparison(period, kind, today), domain

    @api.model
    def _read_period(self, period, today):
        if not isinstance(period, dict):
            check_choice(self.env, "period", period, PRESETS)
            return get_preset(
                period,
                today,
                int(self.env["res.lang"]._get_data(code=self._get_lang()).week_start),
                int(self.env.company.fiscalyear_last_month),
            )
        if unknown := period.keys() - {"start", "end"}:
            refuse(self.env, "period", unknown, self.env._("a start and an end"))
        start = check_day(self.env, "period.start", period.get("start"))
        end = check_day(self.env, "period.end", period.get("end"))
        if end < start:
            raise UserError(
                self.env._("The period ends on %(end)s, before its start.", end=end)
            )
        return Period(start, end + timedelta(days=1))

    @api.model
    def _get_lang(self):
        return self.env.lang or self.env.user.lang or "en_US"

    @api.model
    def _describe_period(self, period):
        return {
            "start": fields.Date.to_string(period.start),
            "end": fields.Date.to_string(period.end - timedelta(days=1)),
        }

    @api.model
    def _get_rate_date(self, period):
        """Return the day at whose rate amounts without a date of their own, such as a
        campaign's, are converted: the last one of the period, at most today."""
        return min(period.end - timedelta(days=1), fields.Date.context_today(self))

    @api.model
    def _get_scope(self, domain, periods, breakdown):
        return Scope(
            domain=domain,
            spans=tuple(
                (self._get_moment(period.start), self._get_moment(period.end))
                for period in periods
            ),
            breakdown=breakdown,
            conversion=self.env.company._get_conversion(self.env.companies),
        )

    @api.model
    def _get_moment(self, day):
        """Return the start of the user's day, in UTC."""
        return get_start_of_day(day, self.env.tz)
