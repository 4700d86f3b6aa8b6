"""Some months of calls for the demo data: one calls high, one low, one about right."""

from collections import defaultdict
from datetime import timedelta
from random import Random

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

MONTHS = 9
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
        """Let the salespeople of the demo call each week for nine months, and say of
        their open opportunities what they count on."""
        random = Random(1952)
        company = self.env.ref("base.main_company")
        today = company._get_day(fields.Datetime.now())
        first = today.replace(day=1) - relativedelta(months=MONTHS)
        won = self._get_demo_won(company, first)
        vals_list = []
        for name, habit in HABITS.items():
            user = self.env.ref(name)
            usual = sum(won[user.id].values()) / (MONTHS + 1)
            for number in range(MONTHS + 1):
                start = first + relativedelta(months=number)
                came = won[user.id][start]
                if number == MONTHS:
                    came = max(came, usual)
                vals_list += self._prepare_demo_calls(
                    user, company, start, came, usual, habit, today, random
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
        self, user, company, start, came, usual, habit, today, random
    ):
        """Return the values of the calls of a month, surer from week to week."""
        week = start + timedelta(days=-start.weekday() % 7)
        weeks = 4
        vals_list = []
        for number in range(weeks):
            if week <= today:
                left = 1 - number / weeks
                guess = came + (usual - came) * 0.4 * left
                guess *= 1 + habit * left + random.gauss(0, 0.06) * left
                vals_list.append(
                    {
                        "user_id": user.id,
                        "company_id": company.id,
                        "period_type": "month",
                        "date_start": start,
                        "week": week,
                        "amount": 1000 * max(0, round(guess / 1000)),
                        "note": random.choice(NOTES) if not number % 2 else False,
                    }
                )
            week += timedelta(weeks=1)
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
