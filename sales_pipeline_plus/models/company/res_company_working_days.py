from datetime import datetime, time, timedelta

import pytz

from odoo import models


class ResCompany(models.Model):
    """The days on which a company works."""

    _inherit = "res.company"

    def _get_working_days(self, first, end):
        """Return the sorted days, from the first to before the end, that the calendar
        of the company has as working days; Monday to Friday for want of a calendar."""
        self.ensure_one()
        calendar = self.sudo().resource_calendar_id
        if not calendar:
            days = (first + timedelta(days=n) for n in range((end - first).days))
            return [day for day in days if day.weekday() < 5]
        zone = pytz.timezone(calendar.tz or "UTC")
        start, stop = (
            zone.localize(datetime.combine(day, time.min)) for day in (first, end)
        )
        intervals = calendar._work_intervals_batch(start, stop)[False]
        return sorted({begin.astimezone(zone).date() for begin, _end, _ in intervals})
