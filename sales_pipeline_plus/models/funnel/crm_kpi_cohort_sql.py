from dataclasses import replace

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.period import Period
from ..figures.crm_kpi_fact import OPPORTUNITY


class CrmKpi(models.AbstractModel):
    """The one statement behind the cohorts: the deals that were created, each with the
    month in which it was won.

    What is there counts by its own dates; what was deleted or merged by its stays, of
    which the first one tells when it began.
    """

    _inherit = "crm.kpi"

    @api.model
    def _get_cohort_sql(self, start, end, deals):
        """Return the SQL of the common table expressions, the last of which, ``deal``,
        has a row for each deal created between two days: ``month``, its first day;
        ``after``, how many months later it was won, NULL if it was not; ``amount``,
        converted; ``lead_id``, NULL if it is no more; ``stay_id``, its last stay if it
        is no more.

        :param end: the day after the last one
        :param deals: the domain of the opportunities
        """
        scope = self._get_scope(deals, [Period(start, end)], None)
        for name in ("crm.lead", "crm.lead.passage"):
            self.env[name].flush_model()
        began, won = (
            SQL("timezone(%s, timezone('UTC', %s))", self.env.tz.zone, moment)
            for moment in (SQL("began"), SQL("won"))
        )
        return SQL(
            """WITH stay AS (%(stays)s),
                    created AS (%(leads)s UNION ALL %(gone)s),
                    deal AS (
                      SELECT lead_id, stay_id, amount,
                             date_trunc('month', %(began)s)::date AS month,
                             GREATEST(0, 12 * (EXTRACT(YEAR FROM %(won)s)
                                               - EXTRACT(YEAR FROM %(began)s))
                                         + EXTRACT(MONTH FROM %(won)s)
                                         - EXTRACT(MONTH FROM %(began)s))::integer
                               * CASE WHEN won IS NOT NULL THEN 1 END AS after
                        FROM created)""",
            stays=self._get_cohort_stays_sql(scope),
            leads=self._get_cohort_leads_sql(scope),
            gone=self._get_cohort_gone_sql(scope),
            began=began,
            won=won,
        )

    @api.model
    def _get_cohort_leads_sql(self, scope):
        domain = self._get_credited_domain(scope.domain)
        query = self._search_leads(domain & OPPORTUNITY)
        _user, part = self._join_credit(scope, query, query.table, {})
        to_amount = self._get_amount_converter(
            scope, query, query.table, part, None, {}
        )
        began = self._to_sql(query, "date_start")
        [(start, end)] = scope.spans
        query.add_where(SQL("%s >= %s AND %s < %s", began, start, began, end))
        return query.select(
            SQL("%s AS lead_id", SQL.identifier(query.table, "id")),
            SQL("NULL::integer AS stay_id"),
            SQL("%s AS began", began),
            SQL(
                "CASE WHEN %s = 'won' THEN %s END AS won",
                self._to_sql(query, "won_status"),
                self._to_sql(query, "date_closed"),
            ),
            SQL(
                "COALESCE(%s, 0) AS amount",
                to_amount(self._to_sql(query, "expected_revenue")),
            ),
        )

    @api.model
    def _get_cohort_stays_sql(self, scope):
        """Return the SQL of the stays of deals that are no more, as far as the user may
        read them."""
        query, _lead, to_sql, _columns = self._search_facts(
            "crm.lead.passage",
            Domain("former_lead_id", "!=", 0),
            replace(scope, domain=Domain.TRUE),
        )
        names = ("id", "date_in", "amount", "company_id", "merged_lead_id")
        return query.select(
            SQL("%s AS number", self.env["crm.lead.passage"]._get_number_sql(to_sql)),
            *(
                SQL("%s AS %s", to_sql(name), SQL.identifier(name))
                for name in (*names, "former_status", "former_date_closed")
            ),
        )

    @api.model
    def _get_cohort_gone_sql(self, scope):
        [(start, end)] = scope.spans
        return SQL(
            """SELECT NULL::integer, last.id, gone.began,
                      CASE WHEN last.former_status = 'won'
                            AND last.merged_lead_id IS NULL
                           THEN last.former_date_closed END,
                      COALESCE(%s, 0)
                 FROM (SELECT min(date_in) AS began,
                              (array_agg(id ORDER BY date_in DESC, id DESC))[1] AS id
                         FROM stay
                     GROUP BY number
                       HAVING min(date_in) >= %s AND min(date_in) < %s) AS gone
                 JOIN stay AS last ON last.id = gone.id
                WHERE %s""",
            scope.conversion.get_sql(
                SQL.identifier("last", "amount"),
                SQL.identifier("last", "company_id"),
                self._get_kept_rate_day_sql("last"),
            ),
            start,
            end,
            self._get_last_stay_sql(SQL.identifier("last", "id"), scope),
        )
