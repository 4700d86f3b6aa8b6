from odoo import api, fields, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """What a deal's amount is in another currency: one value, whatever the question.

    It is converted at the rate of the deal's own day: that of its closing, in the
    company's time zone, if it is won or lost; today while it is not.
    """

    _inherit = "crm.lead"

    def _get_rate_day(self):
        """Return the day whose rate counts for the amounts of this deal."""
        self.ensure_one()
        if self.won_status in ("won", "lost") and self.date_closed:
            return self.env.company._get_day(self.date_closed)
        return fields.Date.context_today(self)

    @api.model
    def _get_rate_day_sql(self, alias, query=None):
        """Return the same as SQL, a date."""
        closed = self._field_to_sql(alias, "date_closed", query)
        return SQL(
            "CASE WHEN %(status)s IN ('won', 'lost') AND %(closed)s IS NOT NULL "
            "THEN %(day)s ELSE %(today)s::date END",
            status=self._field_to_sql(alias, "won_status", query),
            closed=closed,
            day=self.env.company._get_day_sql(closed),
            today=fields.Date.context_today(self),
        )

    @api.model
    def _get_converted_sql(self, field_name, conversion, alias, query=None):
        """Return the SQL of an amount of a deal in the currency of the conversion.

        :param conversion: of ``res.company._get_conversion``
        """
        return conversion.get_sql(
            self._field_to_sql(alias, field_name, query),
            self._field_to_sql(alias, "company_id", query),
            self._get_rate_day_sql(alias, query),
        )

    @api.model
    def _read_converted_sum(self, domain, field_name):
        """Return the number of the deals that the user may read, and the sum of an
        amount of theirs in the currency of the user's company."""
        conversion = self.env.company._get_conversion(self.env.companies)
        query = self._search(domain)
        amount = self._get_converted_sql(field_name, conversion, query.table, query)
        [(count, total)] = self.env.execute_query(
            query.select(SQL("count(*)"), SQL("sum(%s)", amount))
        )
        return count, total or 0.0

    def _sum_converted(self, get_amount):
        """Return the sum of an amount of each deal, in the currency of the user's
        company.

        :param get_amount: from a deal to the amount, in its own company's currency
        """
        company = self.env.company
        conversion = company._get_conversion(self.sudo().company_id)
        return sum(
            company.currency_id.round(
                conversion.convert(
                    get_amount(lead), lead.company_id.id, lead._get_rate_day()
                )
            )
            for lead in self
        )
