from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...kpi.target_period import Span, get_start
from ...tools.arguments import FIRST_DAY, LAST_DAY


class CrmPeriodMixin(models.AbstractModel):
    """The month, quarter or year, of a company's fiscal year, that a record is for."""

    _name = "crm.period.mixin"
    _description = "For a Period"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    period_type = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter")],
        string="Per",
        required=True,
        default="month",
    )
    date_start = fields.Date("First Day", required=True)
    date_end = fields.Date(
        "Last Day", compute="_compute_date_end", store=True, precompute=True
    )
    period_name = fields.Char("Period", compute="_compute_period_name")

    @api.depends("date_start", "period_type")
    def _compute_date_end(self):
        for record in self:
            record.date_end = record._has_usual_day() and fields.Date.subtract(
                record._get_span().end, days=1
            )

    def _has_usual_day(self):
        """Whether the first day is one that can be calculated with."""
        return self.date_start and FIRST_DAY <= self.date_start <= LAST_DAY

    def _get_span(self):
        self.ensure_one()
        return Span(self.period_type or "month", self.date_start)

    @api.depends("date_start", "period_type", "company_id.fiscalyear_last_month")
    @api.depends_context("lang")
    def _compute_period_name(self):
        for record in self:
            record.period_name = record._has_usual_day() and self._get_period_name(
                record._get_span(), record.company_id
            )

    @api.model
    def _get_period_name(self, span, company):
        """Return the name of a period, such as Q1 2026 or Mar 2026.

        A fiscal year that is none of the calendar has the year in which it ends.
        """
        if span.unit == "month":
            return format_date(self.env, span.start, date_format="MMM yyyy")
        months = int(company.fiscalyear_last_month or 12)
        first = get_start(span.start, "year", months)
        year = Span("year", first).end.year if first.month > 1 else first.year
        if span.unit == "year":
            return str(year) if first.month == 1 else self.env._("FY %s", year)
        into = (span.start.year - first.year) * 12 + span.start.month - first.month
        if first.month > 1:
            year = self.env._("FY %s", year)
        return self.env._("Q%(quarter)s %(year)s", quarter=into // 3 + 1, year=year)

    @api.onchange("period_type", "company_id", "date_start")
    def _onchange_period(self):
        """Take any day for the period that it lies in."""
        if self._has_usual_day() and self.period_type:
            self.date_start = get_start(
                self.date_start,
                self.period_type,
                int(self.company_id.fiscalyear_last_month or 12),
            )

    @api.constrains("date_start", "period_type", "company_id")
    def _check_date_start(self):
        for record in self:
            if not record._has_usual_day():
                raise ValidationError(
                    self.env._(
                        "%(target)s: the first day %(day)s must lie between %(first)s "
                        "and %(last)s.",
                        target=record.display_name,
                        day=format_date(self.env, record.date_start),
                        first=format_date(self.env, FIRST_DAY),
                        last=format_date(self.env, LAST_DAY),
                    )
                )
            first = get_start(
                record.date_start,
                record.period_type,
                int(record.company_id.fiscalyear_last_month),
            )
            if first != record.date_start:
                raise ValidationError(
                    self.env._(
                        "%(target)s: the first day of the period must be "
                        "%(first)s and not %(day)s. Quarters and years are those of "
                        "the fiscal year of %(company)s.",
                        target=record.display_name,
                        first=format_date(self.env, first),
                        day=format_date(self.env, record.date_start),
                        company=record.company_id.name,
                    )
                )
