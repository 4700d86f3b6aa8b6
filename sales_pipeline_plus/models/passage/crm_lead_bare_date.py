from datetime import date, datetime, time

from odoo import api, fields, models

# Moments that people often know the day of only.
BARE_DATES = ("date_start", "date_closed")


def is_bare(value):
    """Whether a value is a day without a time.

    >>> is_bare("2026-03-01"), is_bare(date(2026, 3, 1)), is_bare("2026-03-01 08:00")
    (True, True, False)
    >>> is_bare(datetime(2026, 3, 1)), is_bare(False)
    (False, False)
    """
    if isinstance(value, str):
        return len(value.strip()) == len("2026-03-01")
    return isinstance(value, date) and not isinstance(value, datetime)


class CrmLead(models.Model):
    """A start or closing date without a time is noon of the company's day.

    Read as midnight it would be another day, and often another month, for who looks
    from the west.
    """

    _inherit = "crm.lead"

    @api.model
    def _read_bare_dates(self, vals):
        """Return the values with noon of the company's day for each bare date; in the
        morning, today is now."""
        bare = {
            name: self._get_moment_of_day(fields.Date.to_date(vals[name]))
            for name in BARE_DATES
            if is_bare(vals.get(name))
        }
        return {**vals, **bare} if bare else vals

    @api.model
    def _get_moment_of_day(self, day):
        now, company = fields.Datetime.now(), self.env.company
        noon = company._get_noon(day)
        return min(now, noon) if day == company._get_day(now) else noon


class IrFieldsConverter(models.AbstractModel):
    """The same in an import, where Odoo would take the importer's midnight."""

    _inherit = "ir.fields.converter"

    @api.model
    def _str_to_datetime(self, model, field, value, savepoint):
        if model._name == "crm.lead" and field.name in BARE_DATES:
            day = self._get_bare_day(value)
            if day:
                moment = self.env["crm.lead"]._get_moment_of_day(day)
                return fields.Datetime.to_string(moment), []
        return super()._str_to_datetime(model, field, value, savepoint)

    @api.model
    def _get_bare_day(self, value):
        """Return the day if there is no time; None if there is one, or no date.

        The import screen and spreadsheets give a day as its midnight.
        """
        try:
            moment = fields.Datetime.to_datetime(value)
        except ValueError:
            return None
        is_midnight = self.env.context.get("import_file") and moment.time() == time()
        return moment.date() if is_midnight or is_bare(value) else None
