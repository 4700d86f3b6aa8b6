from datetime import timedelta

from odoo import api, fields, models

from ...kpi.target_period import Span, get_start
from ...tools.arguments import FIRST_DAY, LAST_DAY


class CrmForecastCall(models.Model):
    """The period that is called, and the week in which it is."""

    _inherit = "crm.forecast.call"

    @api.model
    def _get_running_week(self, company):
        """Return the Monday of the week in which the company is."""
        today = company._get_day(fields.Datetime.now())
        return today - timedelta(days=today.weekday())

    def _has_usual_day(self):
        """Whether the first day is one that can be calculated with."""
        return self.date_start and FIRST_DAY <= self.date_start <= LAST_DAY

    def _get_span(self):
        self.ensure_one()
        return Span(self.period_type or "month", self.date_start)

    @api.depends("date_start", "period_type")
    def _compute_date_end(self):
        for call in self:
            call.date_end = call._has_usual_day() and fields.Date.subtract(
                call._get_span().end, days=1
            )

    @api.depends("date_start", "period_type", "company_id.fiscalyear_last_month")
    @api.depends_context("lang")
    def _compute_period_name(self):
        targets = self.env["crm.target"]
        for call in self:
            call.period_name = call._has_usual_day() and targets._get_period_name(
                call._get_span(), call.company_id
            )

    @api.onchange("period_type", "company_id", "date_start")
    def _onchange_period(self):
        """Take any day for the period that it lies in."""
        if self._has_usual_day() and self.period_type:
            self.date_start = get_start(
                self.date_start,
                self.period_type,
                int(self.company_id.fiscalyear_last_month or 12),
            )
