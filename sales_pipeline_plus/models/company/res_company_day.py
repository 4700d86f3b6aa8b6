from datetime import datetime, time

import pytz

from odoo import api, models
from odoo.tools import SQL, ormcache

from ...tools.days import get_day, get_start_of_day


class ResCompany(models.Model):
    """The days of a company, wherever its people are."""

    _inherit = "res.company"

    def _get_time_zone(self):
        """Return the company's own time zone: that of its address, else of its working
        hours, else UTC."""
        self.ensure_one()
        if not isinstance(self.id, int):
            return pytz.timezone(self._find_time_zone())
        return pytz.timezone(self._get_time_zone_of(self.id))

    @api.model
    @ormcache("company_id")
    def _get_time_zone_of(self, company_id):
        """Every closing date and figure asks for it; it is cached until one of
        these changes."""
        return self.browse(company_id)._find_time_zone()

    def _find_time_zone(self):
        company = self.sudo()
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    def write(self, vals):
        result = super().write(vals)
        if not {"partner_id", "resource_calendar_id"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

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


class ResPartner(models.Model):
    """The address of a company."""

    _inherit = "res.partner"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            companies = self.env["res.company"].sudo().with_context(active_test=False)
            if companies.search_count([("partner_id", "in", self.ids)], limit=1):
                self.env.registry.clear_cache()
        return result


class ResourceCalendar(models.Model):
    """The working hours of a company."""

    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            self.env.registry.clear_cache()
        return result
