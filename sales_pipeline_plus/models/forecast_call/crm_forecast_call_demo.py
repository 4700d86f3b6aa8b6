"""Some months of calls for the demo data: one calls high, one low, one about right."""

from collections import defaultdict
from datetime import timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...kpi.target_period import Span, get_start

MONTHS = 12
# Every how many weeks somebody calls a period
PACES = {"month": 1, "quarter": 2}
# What each adds to what comes, as long as nothing is sure yet
HABITS = {
    "base.user_admin": 0.04,
    "sales_pipeline_plus.user_claire": -0.22,
    "sales_pipeline_plus.user_thomas": 0.35,
    "base.user_demo": 0.12,
}
NOTES = (
    "Two signatures are promised before the end of the month.",
    "The customer's board meets on the 20th.",
    "Nothing new since last week.",
    "One order slips into next month.",
)


class CrmForecastCall(models.Model):
    _inherit = "crm.forecast.call"

    @api.model
    def _make_demo_calls(self):
        """Let the salespeople of the demo call each week for a year, and say of
        their open opportunities what they count on."""
        random = Random(1952)
        company = self.env.ref("base.main_company")
        today = company._get_day(fields.Datetime.now())
        first = today.replace(day=1) - relativedelta(months=MONTHS)
        won = self._get_demo_won(company, first)
        months = [first + relativedelta(months=number) for number in range(MONTHS + 1)]
        vals_list = []
        for name, habit in HABITS.items():
            user = self.env.ref(name)
            usual = sum(won[user.id].values()) / len(months)
            for unit in PACES:
                starts = {get_start(month, unit) for month in months}
                for start in sorted(start for start in starts if start >= first):
                    span = Span(unit, start)
                    parts = span.get_parts("month") or [span]
                    came = sum(won[user.id][part.start] for part in parts)
                    expected = usual * len(parts)
                    if span.end > today:
                        came = max(came, expected)
                    vals_list += self._prepare_demo_calls(
                        user, company, span, came, expected, habit, today, random
                    )
        self.create(vals_list)
        self._set_demo_categories(today)

    @api.model
    def _get_demo_won(self, company, first):
        won = defaultdict(lambda: defaultdict(float))
        for lead in self.env["crm.lead"].search(
            [
                ("company_id", "=", company.id),
                ("won_status", "=", "won"),
                ("date_closed", ">=", first),
            ]
        ):
            month = company._get_day(lead.date_closed).replace(day=1)
            won[lead.user_id.id][month] += lead.expected_revenue
        return won

    @api.model
    def _prepare_demo_calls(
        self, user, company, span, came, usual, habit, today, random
    ):
        """Return the values of the calls of a period, surer from week to week."""
        week = span.start + timedelta(days=-span.start.weekday() % 7)
        last = min(span.end - timedelta(days=5), today)
        vals_list = []
        while week <= last:
            left = (span.end - week).days / (span.end - span.start).days
            guess = came + (usual - came) * 0.4 * left
            guess *= 1 + habit * left + random.gauss(0, 0.06) * left
            vals_list.append(
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "period_type": span.unit,
                    "date_start": span.start,
                    "week": week,
                    "amount": 1000 * max(0, round(guess / 1000)),
                    "note": random.choice(NOTES) if random.random() < 0.5 else False,
                }
            )
            week += timedelta(weeks=PACES[span.unit])
        return vals_list

    @api.model
    def _set_demo_categories(self, today):
        """The likelier half of what is due within two months is committed or could be,
        and a little of the rest is left out."""
        leads = self.env["crm.lead"].search(
            [
                ("type", "=", "opportunity"),
                ("won_status", "=", "pending"),
                ("date_deadline", "!=", False),
                ("date_deadline", "<", today + timedelta(days=62)),
            ],
            order="probability desc, id",
        )
        third = len(leads) // 3
        leads[:third].forecast_category = "commit"
        leads[third : 2 * third].forecast_category = "best_case"
        leads[-2:].forecast_category = "left_out"
