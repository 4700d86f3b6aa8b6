from datetime import datetime, time

import pytz

from odoo import models
from odoo.tools import SQL

from ...tools.days import get_day, get_start_of_day


class ResCompany(models.Model):
    """The days of a company, wherever its people are."""

    _inherit = "res.company"

    def _get_time_zone(self):
        """Return the company's own time zone: that of its address, else of its working
        hours, else UTC."""
        self.ensure_one()
        company = self.sudo()
        name = company.partner_id.tz or company.resource_calendar_id.tz or "UTC"
        return pytz.timezone(name)

    def _get_day(self, moment):
        """Return the company's date at a moment, a naive datetime in UTC."""
        return get_day(moment, self._get_time_zone())

    def _get_day_sql(self, moment):
        """Return the same for the SQL of a moment."""
        zone = self._get_time_zone().zone
        return SQL("timezone(%s, timezone('UTC', %s))::date", zone, moment)

    def _get_midnight(self, day):
        """Return the start of the company's day, as a naive datetime in UTC."""
        return get_start_of_day(day, self._get_time_zone())

    def _get_noon(self, day):
        """Return noon of the company's day, as a naive datetime in UTC.

        That is what a bare date stands for: it is the same day for nearly all readers.
        """
        noon = self._get_time_zone().localize(datetime.combine(day, time(12)))
        return noon.astimezone(pytz.utc).replace(tzinfo=None)
