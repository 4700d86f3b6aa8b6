from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..outlook.crm_kpi_outlook_query import OPPORTUNITY, WON


class CrmKpi(models.AbstractModel):
    """What was won, and by whom: what every call is held against.

    Of a shared opportunity each salesperson has his share; its team has all of it. One
    that was deleted since counts with what its last stay knows: amount, salesperson
    and team of then.
    """

    _inherit = "crm.kpi"

    @api.model
    def _get_won_parts_sql(self):
        """Return the SQL of a row for each salesperson of each won opportunity that the
        user may read: ``lead_id``, NULL if it is no more; ``stay_id``, its last stay if
        it is no more; ``company_id``, ``user_id``, ``team_id``; ``closed``, a moment
        in UTC; ``amount``, what the salesperson has of it, in the company's currency.
        """
        for name in ("crm.lead", "crm.lead.passage"):
            self.env[name].flush_model()
        return SQL(
            "%s UNION ALL %s", self._get_won_leads_sql(), self._get_won_gone_sql()
        )

    @api.model
    def _get_won_leads_sql(self):
        query = self._search_leads(OPPORTUNITY & WON)
        lead_id = SQL.identifier(query.table, "id")
        company, user, team, closed, amount = (
            self._to_sql(query, name)
            for name in (
                *("company_id", "user_id", "team_id", "date_closed"),
                "expected_revenue",
            )
        )
        amount = SQL("COALESCE(%s, 0)", amount)
        shares = self.env["crm.lead.share"]
        if shares._are_there():
            name, part = shares._join_parts(query, lead_id, by_user=True)
            unit = self._get_smallest_unit_sql(company)
            units = part.share_out(SQL("round(%s / %s)", amount, unit))
            amount = SQL(
                "CASE WHEN %s IS NULL THEN %s ELSE (%s) * %s END",
                part.shares,
                amount,
                units,
                unit,
            )
            user = SQL("NULLIF(COALESCE(%s, %s), 0)", SQL.identifier(name, "key"), user)
        return query.select(
            SQL("%s AS lead_id", lead_id),
            SQL("NULL::integer AS stay_id"),
            SQL("%s AS company_id", company),
            SQL("%s AS user_id", user),
            SQL("%s AS team_id", team),
            SQL("%s AS closed", closed),
            SQL("%s AS amount", amount),
        )

    @api.model
    def _get_smallest_unit_sql(self, company):
        """Return the SQL of the smallest unit of a company's currency, the user's own
        one's if there is none."""
        return SQL(
            """(SELECT currency.rounding
                  FROM res_company AS company
                  JOIN res_currency AS currency ON currency.id = company.currency_id
                 WHERE company.id = COALESCE(%s, %s))""",
            company,
            self.env.company.id,
        )

    @api.model
    def _get_won_gone_sql(self):
        """Return the same of those that are no more, from the last stay of each."""
        stays = self.env["crm.lead.passage"].with_context(active_test=False)
        query = stays._search(
            Domain("lead_id", "=", False)
            & Domain("former_lead_id", "!=", 0)
            & Domain("merged_lead_id", "=", False)
            & Domain("former_status", "=", "won")
            & Domain("former_date_closed", "!=", False)
        )
        names = ("id", "company_id", "user_id", "team_id", "former_date_closed")
        number, moment, *columns, amount = (
            stays._field_to_sql(query.table, name, query)
            for name in ("former_lead_id", "date_in", *names, "amount")
        )
        query.order = SQL("%s, %s DESC, %s DESC", number, moment, columns[0])
        return SQL(
            """SELECT NULL, last.* FROM (%s) AS last""",
            query.select(
                SQL("DISTINCT ON (%s) %s", number, columns[0]),
                *columns[1:],
                SQL("COALESCE(%s, 0)", amount),
            ),
        )
