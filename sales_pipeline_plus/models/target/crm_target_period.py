import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...kpi.target_period import Span, get_start
from ...tools.arguments import FIRST_DAY, LAST_DAY

# More cannot be told to the cent.
LARGEST = 1e13


class CrmTarget(models.Model):
    """The period of a target, and that there is one target only for it."""

    _inherit = "crm.target"

    @api.depends("date_start", "period_type")
    def _compute_date_end(self):
        for target in self:
            target.date_end = target._has_usual_day() and fields.Date.subtract(
                target._get_span().end, days=1
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
        for target in self:
            target.period_name = target._has_usual_day() and self._get_period_name(
                target._get_span(), target.company_id
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
        for target in self:
            if not target._has_usual_day():
                raise ValidationError(
                    self.env._(
                        "%(target)s: the first day %(day)s must lie between %(first)s "
                        "and %(last)s.",
                        target=target.display_name,
                        day=format_date(self.env, target.date_start),
                        first=format_date(self.env, FIRST_DAY),
                        last=format_date(self.env, LAST_DAY),
                    )
                )
            first = get_start(
                target.date_start,
                target.period_type,
                int(target.company_id.fiscalyear_last_month),
            )
            if first != target.date_start:
                raise ValidationError(
                    self.env._(
                        "%(target)s: the first day of the period must be "
                        "%(first)s and not %(day)s. Quarters and years are those of "
                        "the fiscal year of %(company)s.",
                        target=target.display_name,
                        first=format_date(self.env, first),
                        day=format_date(self.env, target.date_start),
                        company=target.company_id.name,
                    )
                )

    @api.constrains("value")
    def _check_value(self):
        """PostgreSQL keeps what is no number, and takes it for more than any."""
        for target in self:
            if not math.isfinite(target.value) or target.value > LARGEST:
                raise ValidationError(
                    self.env._("%s: the target must be a number.", target.display_name)
                )

    @api.constrains("figure")
    def _check_figure(self):
        for target in self:
            if target.figure not in dict(self._get_figures()):
                raise ValidationError(
                    self.env._("“%s” is no figure that has a target.", target.figure)
                )

    @api.constrains("team_id", "user_id", "company_id")
    def _check_owner(self):
        for target in self.sudo():
            team_company = target.team_id.company_id
            if team_company and team_company != target.company_id:
                raise ValidationError(
                    self.env._(
                        "%(target)s: the team %(team)s is not of %(company)s.",
                        target=target.display_name,
                        team=target.team_id.name,
                        company=target.company_id.name,
                    )
                )
            user = target.user_id
            if user and target.company_id not in user.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(target)s: %(user)s does not work for %(company)s.",
                        target=target.display_name,
                        user=user.name,
                        company=target.company_id.name,
                    )
                )

    def copy_data(self, default=None):
        """A copy is for the next period: there is one target only for each."""
        vals_list = super().copy_data(default)
        if "date_start" not in (default or {}):
            for target, vals in zip(self, vals_list, strict=True):
                vals["date_start"] = target._get_span().end
        return vals_list

    def _format_value(self):
        self.ensure_one()
        if self.currency_id:
            return self.currency_id.format(self.value)
        return f"{self.value:g} {self.unit}".strip()
