from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...kpi.period import Period
from ...tools.arguments import check_day, check_id
from ...tools.record_views import get_record_views
from .crm_kpi_breakdown import FIELD_OF, PRODUCT_FIELD_OF
from .crm_kpi_kept import OWN_BREAKDOWNS

OPPORTUNITY = Domain("type", "=", "opportunity")
MARKETING = Domain.OR(
    Domain(name, "!=", False) for name in ("campaign_id", "source_id", "medium_id")
)

STATES = ("open", "late", "no_action", "out_of_standard", "postponed", "dated")


class Behind(NamedTuple):
    """Where the records behind a figure are: ``link`` leads to the opportunity,
    ``moment`` is what puts a record into the period, None for a state; ``own`` are the
    breakdowns that the record has of its own; ``is_kept`` says that it outlives the
    opportunity."""

    model: str
    domain: Domain
    moment: str | None = None
    link: str | None = None
    own: tuple[str, ...] = ()
    is_kept: bool = False


class CrmKpi(models.AbstractModel):
    """The records behind each figure: a list as long as the figure says."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def open_records(self, code, filters=None, breakdown=None, key=False):
        """Return the action that opens the records behind a figure.

        :param str code: the figure
        :param filters: as for :meth:`get_figures`; its period is meant
        :param breakdown: as for :meth:`get_figures`
        :param key: the ``id`` of the breakdown's key
        :return: dict of an ``ir.actions.act_window``
        :raise UserError: if the question is not understood
        """
        self.env["crm.lead"].check_access("read")
        (kpi,) = self._get_kpis([code])
        self._check_breakdown(breakdown)
        key = self._check_key(breakdown, key)
        period, _comparison, deals = self._read_filters(filters)
        if kpi.records == "reliability":
            return self._open_reliability(kpi, period, deals, breakdown, key)
        if kpi.records == "invoice":
            return self._open_invoices(kpi, period, deals, breakdown, key)
        behind = self._get_behind(kpi.records, period)
        domain = behind.domain
        if behind.moment:
            domain &= self._get_period_domain(behind.moment, period)
        of_key = self._get_key_domain(behind, breakdown, key)
        domain &= self._get_own_key_domain(behind, breakdown, key)
        of_lead = self._get_credited_domain(deals, "any") & of_key
        if not behind.link:
            domain &= of_lead
        elif not behind.is_kept:
            # Always: a user may read a meeting of an opportunity that he may not.
            domain &= Domain(behind.link, "any", of_lead)
        elif not of_lead.is_true():
            of_kept = self._get_kept_domain(deals) & self._get_kept_key_domain(
                breakdown, key
            )
            domain &= self._get_facts_domain(of_lead, of_kept)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(kpi.label),
            "res_model": behind.model,
            "domain": list(domain),
            "views": [
                [self._get_list_view(kpi, behind), "list"],
                *self._get_other_views(behind),
            ],
            "mobile_view_mode": "kanban",
            "context": {
                "active_test": False,
                "create": False,
                **self._get_credit_context(
                    deals,
                    key if breakdown == "salesperson" else None,
                    is_weighted="open_weighted" in kpi.facts,
                ),
            },
            "target": "current",
        }

    @api.model
    def _get_list_view(self, kpi, behind):
        """Return the id of the list that shows what adds up to the figure; False for
        the usual one."""
        if behind.model == "crm.lead" and "open_weighted" in kpi.facts:
            name = "sales_pipeline_plus.crm_lead_view_list_weighted"
            view = self.env.ref(name, raise_if_not_found=False)
            return bool(view) and view.id
        return False

    @api.model
    def _get_other_views(self, behind):
        """Return the views besides the list: a phone shows opportunities as cards."""
        views = get_record_views(self.env, behind.model)[1:]
        return views if behind.model == "crm.lead" else [[False, "form"]]

    @api.model
    def _check_key(self, breakdown, key):
        """Return the key of a breakdown: a record's id, a day, or False for none."""
        if breakdown in ("month", "quarter") and key:
            return fields.Date.to_string(check_day(self.env, "key", key))
        return check_id(self.env, "key", key)

    @api.model
    def _get_behind(self, records, period):
        """Return what is behind figures of this kind; a hook for other addons."""
        if records in STATES and self._get_moment(period.end) <= fields.Datetime.now():
            return self._get_behind_past(records, period)
        closed = Domain("won_status", "in", ["won", "lost"])
        is_open = self.env["crm.lead"]._get_open_domain()
        of_deals = {
            "created": (Domain.TRUE, "date_start"),
            "created_marketing": (MARKETING, "date_start"),
            "created_sales": (~MARKETING, "date_start"),
            "closed": (closed, "date_closed"),
            "won": (Domain("won_status", "=", "won"), "date_closed"),
            "lost": (Domain("won_status", "=", "lost"), "date_closed"),
            "open": (is_open, None),
            "late": (Domain("deal_status", "=", "late"), None),
            "no_action": (Domain("next_action_state", "=", "missing"), None),
            "out_of_standard": (is_open & Domain("is_rotting", "=", True), None),
            "postponed": (is_open & Domain("postponement_count", ">", 0), None),
            "dated": (
                is_open
                & Domain("date_deadline", "!=", False)
                & Domain("is_slip_unknown", "=", False),
                None,
            ),
        }
        if records in of_deals:
            domain, moment = of_deals[records]
            return Behind("crm.lead", OPPORTUNITY & domain, moment)
        if records == "new_customer":
            ids = self._search_first_won(
                self._get_period_domain("date_closed", period)
            ).get_result_ids()
            return Behind(
                "crm.lead", OPPORTUNITY & Domain("id", "in", ids), "date_closed"
            )
        return {
            "stay": Behind(
                "crm.lead.passage",
                Domain("date_out", "!=", False) & Domain("is_path_known", "=", True),
                "date_out",
                "lead_id",
                OWN_BREAKDOWNS,
                is_kept=True,
            ),
            "activity": Behind("crm.activity.report", Domain.TRUE, "date", "lead_id"),
            "meeting": Behind(
                "calendar.event",
                Domain("start", "<=", fields.Datetime.to_string(fields.Datetime.now()))
                & Domain("active", "=", True)
                & Domain("opportunity_id", "!=", False),
                "start",
                "opportunity_id",
            ),
            "quotation": Behind(
                "sale.order",
                Domain("state", "in", ["sent", "sale"])
                & Domain("opportunity_id", "!=", False),
                "date_quoted",
                "opportunity_id",
            ),
        }[records]

    @api.model
    def _get_behind_past(self, records, period):
        """Return the snapshots behind the state at the end of a past period."""
        domain = Domain.FALSE
        week = self._get_snapshot_weeks({0: period.end}).get(0)
        if week and records in ("open", "late"):
            monday = fields.Date.to_string(week)
            domain = Domain("date", "=", monday)
            if records == "late":
                domain &= Domain("date_deadline", "<", monday)
        return Behind(
            "crm.forecast.snapshot",
            domain,
            None,
            "lead_id",
            OWN_BREAKDOWNS,
            is_kept=True,
        )

    @api.model
    def _get_period_domain(self, moment, period):
        start, end = (
            fields.Datetime.to_string(self._get_moment(day)) for day in period
        )
        return Domain(moment, ">=", start) & Domain(moment, "<", end)

    @api.model
    def _get_key_domain(self, behind, breakdown, key):
        """Return the domain of the opportunities of a key."""
        if breakdown in (None, "month", "quarter"):
            return Domain.TRUE
        if breakdown in behind.own:
            return Domain.TRUE
        if breakdown == "salesperson" and self._follows_shares(Domain.TRUE, breakdown):
            return self._get_credit_of_domain([key])
        if breakdown in FIELD_OF:
            return Domain(FIELD_OF[breakdown], "=", key)
        if breakdown == "customer_type":
            tags = "partner_id.commercial_partner_id.category_id"
            tagged = Domain(tags, "=", key) if key else Domain(tags, "!=", False)
            return tagged if key else ~tagged
        if breakdown == "customer":
            if not key:
                return Domain("partner_id", "=", False)
            return Domain("partner_id.commercial_partner_id", "=", key)
        if key:
            return Domain(f"product_line_ids.{PRODUCT_FIELD_OF[breakdown]}", "=", key)
        return Domain("product_line_ids", "=", False)

    @api.model
    def _get_own_key_domain(self, behind, breakdown, key):
        """Return the domain, on the records themselves, of a key that is theirs."""
        if breakdown in ("month", "quarter"):
            if not key:
                return Domain(behind.moment or "date_deadline", "=", False)
            period = self._get_key_period(breakdown, key)
            if behind.moment:
                return self._get_period_domain(behind.moment, period)
            return Domain("date_deadline", ">=", key) & Domain(
                "date_deadline", "<", fields.Date.to_string(period.end)
            )
        if breakdown in behind.own:
            return Domain(FIELD_OF[breakdown], "=", key)
        return Domain.TRUE

    @api.model
    def _get_key_period(self, breakdown, key):
        """Return the period of a month or quarter that is a key."""
        start = fields.Date.to_date(key)
        months = relativedelta(months=1 if breakdown == "month" else 3)
        return Period(start, start + months)
