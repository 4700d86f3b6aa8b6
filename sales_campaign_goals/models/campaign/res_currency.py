from odoo import api, models
from odoo.tools import SQL


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.model
    def _get_rates_by_day(self, wanted):
        """Return the rates of many currencies, companies and days in one query.

        Same choice of rate as :meth:`_get_rates`, which asks once per company and day.

        :param wanted: iterable of ``(currency, company, day)``
        :return: ``{(currency, company, day): rate}``
        """
        wanted = list(dict.fromkeys(wanted))
        if not wanted:
            return {}
        self.env["res.currency.rate"].flush_model(
            ["currency_id", "company_id", "name", "rate"]
        )
        rows = SQL(", ").join(
            SQL("(%s, %s, %s, %s)", number, currency.id, company.root_id.id, day)
            for number, (currency, company, day) in enumerate(wanted)
        )
        # the order by company puts a company's own rates before the shared ones
        query = SQL(
            """
            SELECT wanted.number,
                   COALESCE(
                       (SELECT rate.rate
                          FROM res_currency_rate rate
                         WHERE rate.currency_id = wanted.currency_id
                           AND (rate.company_id = wanted.company_id
                                OR rate.company_id IS NULL)
                           AND rate.name <= wanted.day::date
                      ORDER BY rate.company_id, rate.name DESC
                         LIMIT 1),
                       (SELECT rate.rate
                          FROM res_currency_rate rate
                         WHERE rate.currency_id = wanted.currency_id
                           AND (rate.company_id = wanted.company_id
                                OR rate.company_id IS NULL)
                      ORDER BY rate.company_id, rate.name
                         LIMIT 1),
                       1.0
                   )
              FROM (VALUES %s) AS wanted (number, currency_id, company_id, day)
            """,
            rows,
        )
        return {
            wanted[number]: float(rate)
            for number, rate in self.env.execute_query(query)
        }
