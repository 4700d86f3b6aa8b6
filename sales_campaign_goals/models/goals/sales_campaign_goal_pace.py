from collections import defaultdict
from datetime import UTC, datetime, time, timedelta

import pytz

from odoo import api, fields, models

from ...tools.goal_pace import get_elapsed_share, list_working_days


class SalesCampaignGoalPace(models.AbstractModel):
    """How much of the time of goals has gone by, in the company's working days."""

    _name = "sales.campaign.goal.pace"
    _description = "Pace of Goals"

    @api.model
    def _get_elapsed_shares(self, goals, day=None):
        """Return ``{goal: (share, is_over)}`` at the end of ``day``, by default today
        in the time zone of each campaign.

        A goal without a deadline expects nothing, and is never over.
        """
        result = {}
        by_calendar = defaultdict(list)
        for goal in goals:
            if not goal.deadline or not goal.start:
                result[goal] = (0.0, False)
                continue
            by_calendar[self._get_calendar(goal)].append(goal)
        for calendar, group in by_calendar.items():
            periods = {goal: self._get_period(goal) for goal in group}
            working_days = self._get_working_days(
                calendar,
                min(first for first, _last in periods.values()),
                max(last for _first, last in periods.values()),
            )
            for goal, (first, last) in periods.items():
                today = day or goal._get_today()
                result[goal] = (
                    get_elapsed_share(working_days, first, last, today),
                    today > goal.deadline,
                )
        return result

    @api.model
    def _get_period(self, goal):
        return min(goal.start, goal.deadline), goal.deadline

    @api.model
    def _get_calendar(self, goal):
        company = goal.campaign_id.company_id or self.env.company
        return company.sudo().resource_calendar_id

    @api.model
    def _get_working_days(self, calendar, first, last):
        """Return the sorted days on which the company works, Monday to Friday for want
        of a calendar."""
        if not calendar:
            return list_working_days(first, last)
        timezone = pytz.timezone(calendar.tz or "UTC")

        def to_utc(day):
            return timezone.localize(datetime.combine(day, time.min)).astimezone(UTC)

        intervals = calendar._work_intervals_batch(
            to_utc(first), to_utc(last + timedelta(days=1))
        )[False]
        return sorted(
            {start.astimezone(timezone).date() for start, _stop, _ in intervals}
        )


class SalesCampaignGoal(models.Model):
    _inherit = "sales.campaign.goal"

    def _get_today(self):
        """Today, in the time zone of the campaign."""
        self.ensure_one()
        now = fields.Datetime.now().replace(tzinfo=UTC)
        return now.astimezone(pytz.timezone(self._get_timezone())).date()
