from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from .conversion import Conversion, Steps


class ResCompany(models.Model):
    """The one way from amounts of several companies to one total."""

    _inherit = "res.company"

    def _get_conversion(self, companies):
        """Return the :class:`Conversion` of amounts of ``companies`` into the currency
        of this company, at this company's rates.

        One query, and none where all have the same currency.
        """
        self.ensure_one()
        currency = self.sudo().currency_id
        currency_of = {
            company.id: company.currency_id
            for company in companies.sudo()
            if company.currency_id != currency
        }
        steps = {}
        if currency_of:
            rates = self._get_rates_of_all_days([currency, *currency_of.values()])
            steps = {
                each: Steps.between(rates[each.id], rates[currency.id])
                for each in set(currency_of.values())
            }
        return Conversion(
            {company_id: steps[each] for company_id, each in currency_of.items()},
            currency.rounding,
        )

    def _get_rates_of_all_days(self, currencies):
        """Return {currency id: (own rates, rates for all companies)}, each a sorted
        list of (day, rate)."""
        self.env["res.currency.rate"].flush_model()
        rates = defaultdict(lambda: ([], []))
        for currency_id, is_shared, day, rate in self.env.execute_query(
            SQL(
                """SELECT currency_id, company_id IS NULL, name, rate::float8
                     FROM res_currency_rate
                    WHERE currency_id IN %s
                      AND (company_id IS NULL OR company_id = %s)
                 ORDER BY name""",
                tuple({currency.id for currency in currencies}),
                self.sudo().root_id.id,
            )
        ):
            rates[currency_id][is_shared].append((day, rate))
        return rates
