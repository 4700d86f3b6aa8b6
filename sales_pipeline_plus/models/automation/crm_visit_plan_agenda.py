from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytz

from odoo import api, fields, models

from .visit_agenda import Agenda

# How far from the day on which it is planned a visit may come.
HORIZON_DAYS = 31


class CrmVisitPlan(models.Model):
    """When the visitors have time."""

    _inherit = "crm.visit.plan"

    # ------------------------------------------------------------
    # Agendas
    # ------------------------------------------------------------

    def _fill_agendas(self, agendas, users):
        """Make the agendas of those users that have none yet."""
        users = self.env["res.users"].union(*(users - agendas.keys()))
        if not users:
            return
        now = fields.Datetime.now()
        end = now + timedelta(
            days=HORIZON_DAYS + max(self.search([]).mapped("lead_days"))
        )
        events = (
            self.env["calendar.event"]
            .with_context(active_test=True)
            .search(
                [
                    ("partner_ids", "in", users.partner_id.ids),
                    ("show_as", "=", "busy"),
                    ("stop", ">=", now),
                    ("start", "<=", end),
                ]
            )
        )
        visit_days = defaultdict(list)
        for user, visit_date, number in self.env["crm.visit"]._read_group(
            [
                ("user_id", "in", users.ids),
                ("is_open", "=", True),
                ("activity_id.calendar_event_id", "=", False),
            ],
            ["user_id", "date:day"],
            ["__count"],
        ):
            visit_days[user] += [visit_date] * number
        for user in users:
            timezone = pytz.timezone(user.tz or "UTC")
            own = events.filtered(
                lambda event, u=user: u.partner_id in event.partner_ids
            )
            agendas[user] = Agenda(
                self._get_working_time(user, timezone, now, end),
                [self._get_busy_time(event, timezone) for event in own],
                visit_days[user],
            )

    @api.model
    def _get_working_time(self, user, timezone, start, end):
        """Return (start, stop) of the user's working time, in his time zone."""
        resource = user.resource_ids[:1]
        calendar = resource.calendar_id or user.company_id.resource_calendar_id
        if not calendar:
            return [
                (
                    datetime.combine(day, datetime.min.time()).replace(hour=9),
                    datetime.combine(day, datetime.min.time()).replace(hour=17),
                )
                for day in (
                    start.date() + timedelta(days=n) for n in range((end - start).days)
                )
                if day.weekday() < 5
            ]
        intervals = calendar._work_intervals_batch(
            start.replace(tzinfo=UTC),
            end.replace(tzinfo=UTC),
            resources=resource,
            tz=timezone,
        )[resource.id]
        return [
            tuple(time.astimezone(timezone).replace(tzinfo=None) for time in times[:2])
            for times in intervals
        ]

    @api.model
    def _get_busy_time(self, event, timezone):
        if event.allday:
            return (
                datetime.combine(event.start_date, datetime.min.time()),
                datetime.combine(event.stop_date, datetime.max.time()),
            )
        return tuple(
            pytz.utc.localize(time).astimezone(timezone).replace(tzinfo=None)
            for time in (event.start, event.stop)
        )
