from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..share.crm_lead_share_sql import Part


class CrmKpi(models.AbstractModel):
    """The one statement behind the funnel: the deals that entered, each with how far it
    came and what became of it.

    Everything is read from the stays: they outlive their deals. A merged deal counts by
    its own number, so the stays that its survivor took over are still its own, also
    when the survivor is deleted.
    """

    _inherit = "crm.kpi"

    @api.model
    def _get_funnel_sql(self, places, period, deals):
        """Return the SQL of the common table expressions. ``deal`` has a row for each
        deal and pipeline: its ``number``; ``furthest`` and ``result`` as in
        ``kpi/funnel.py``, ``furthest`` being NULL if nobody knows its way; ``amount``,
        converted; ``lead_id``, NULL if the deal is no more; ``last_id``, its last stay
        there. ``spent`` has the ``days`` of each deal in each stage that it has left.

        :param places: {pipeline id: [ids of its stages in order, without won ones]}
        :param deals: the domain of the opportunities
        """
        scope = self._get_scope(deals, [period], None)
        for name in ("crm.lead", "crm.lead.passage", "crm.stage"):
            self.env[name].flush_model()
        return SQL(
            """WITH place AS (SELECT * FROM unnest(
                        %(pipelines)s::int[], %(stages)s::int[], %(ranks)s::int[])
                        AS each (pipeline_id, stage_id, rank)),
                    stay AS (%(stays)s),
                    entered AS (%(entered)s),
                    deal AS (%(deals)s),
                    spent AS (
                      SELECT stay.pipeline_id, stay.stage_id, stay.number,
                             sum(stay.days) AS days
                        FROM stay
                        JOIN entered ON entered.pipeline_id = stay.pipeline_id
                                    AND entered.number = stay.number
                                    AND entered.is_known
                    GROUP BY stay.pipeline_id, stay.stage_id, stay.number
                      HAVING bool_and(stay.days IS NOT NULL
                                      AND stay.outcome NOT IN ('open', 'gone')))""",
            pipelines=[each for each, ids in places.items() for _id in ids],
            stages=[stage_id for ids in places.values() for stage_id in ids],
            ranks=[rank for ids in places.values() for rank in range(1, len(ids) + 1)],
            stays=self._get_funnel_stays_sql(places, scope),
            entered=self._get_funnel_entered_sql(scope),
            deals=self._get_funnel_deals_sql(scope),
        )

    @api.model
    def _get_funnel_stays_sql(self, places, scope):
        """Return the SQL of all stays of the deals that came to a stage in the period,
        as far as the user may read them."""
        query, _lead, to_sql, _columns = self._search_facts(
            "crm.lead.passage",
            Domain("pipeline_id", "in", list(places)),
            replace(scope, domain=Domain.TRUE),
        )
        stays = self.env["crm.lead.passage"]
        number = stays._get_number_sql(to_sql)
        [(start, end)] = scope.spans
        query.add_where(
            SQL(
                """%s IN (SELECT %s FROM crm_lead_passage
                           WHERE date_in >= %s AND date_in < %s)""",
                number,
                stays._get_number_sql(SQL.identifier),
                start,
                end,
            )
        )
        names = (
            *("id", "pipeline_id", "stage_id", "date_in", "outcome", "days"),
            *("is_path_known", "amount", "company_id", "former_status"),
            "former_date_closed",
        )
        return query.select(
            SQL("%s AS number", number),
            SQL(
                "CASE WHEN NULLIF(%s, 0) IS NULL THEN %s END AS own_id",
                to_sql("former_lead_id"),
                to_sql("lead_id"),
            ),
            *(SQL("%s AS %s", to_sql(name), SQL.identifier(name)) for name in names),
        )

    @api.model
    def _get_funnel_entered_sql(self, scope):
        """Return the SQL of the deals whose first stay in a pipeline began in the
        period. A stage that has left the pipeline counts as its first one.

        Of two bounds PostgreSQL foresees a single deal, unless one is a test.
        """
        [(start, end)] = scope.spans
        return SQL(
            """SELECT * FROM (
                 SELECT stay.pipeline_id, stay.number,
                        COALESCE(max(place.rank), 1) AS furthest,
                        bool_and(stay.is_path_known) AS is_known,
                        (array_agg(stay.id ORDER BY stay.date_in DESC, stay.id DESC))[1]
                            AS last_id
                   FROM stay
              LEFT JOIN place ON place.pipeline_id = stay.pipeline_id
                             AND place.stage_id = stay.stage_id
               GROUP BY stay.pipeline_id, stay.number
                 HAVING min(stay.date_in) >= %s AND (min(stay.date_in) < %s) IS TRUE
                      ) AS each
                WHERE %s""",
            start,
            end,
            self._get_last_stay_sql(SQL.identifier("each", "last_id"), scope),
        )

    @api.model
    def _get_last_stay_sql(self, stay_id, scope):
        """Return the SQL condition of the deals that the filters are about, by their
        last stay: of a deal that is no more, the one that tells whose it was."""
        if scope.domain.is_true():
            return SQL("TRUE")
        query, *_rest = self._search_facts("crm.lead.passage", Domain.TRUE, scope)
        return SQL("%s IN (%s)", stay_id, query.select())

    @api.model
    def _get_funnel_deals_sql(self, scope):
        leads = self.env["crm.lead"]
        day = SQL(
            "CASE WHEN lead.id IS NULL THEN %s ELSE %s END",
            self._get_kept_rate_day_sql("last"),
            leads._get_rate_day_sql("lead"),
        )
        amount = scope.conversion.get_sql(
            SQL(
                "CASE WHEN lead.id IS NULL THEN last.amount "
                "ELSE lead.expected_revenue END"
            ),
            SQL(
                "CASE WHEN lead.id IS NULL THEN last.company_id "
                "ELSE lead.company_id END"
            ),
            day,
        )
        credit = SQL()
        if self._follows_shares(scope.domain):
            credit = SQL(
                "LEFT JOIN (%s) AS credit ON credit.lead_id = lead.id",
                self.env["crm.lead.share"]._get_parts_sql(
                    self._get_credited_users(scope.domain)
                ),
            )
            part = Part(SQL("credit.shares"), SQL("credit.places"))
            units = part.share_out(scope.conversion.get_units_sql(amount))
            amount = SQL("(%s) * %s", units, scope.conversion.rounding)
        return SQL(
            """SELECT entered.pipeline_id, entered.number, entered.last_id,
                      lead.id AS lead_id,
                      CASE WHEN entered.is_known THEN entered.furthest END AS furthest,
                      CASE WHEN last.outcome = 'lost' THEN 'lost'
                           WHEN last.outcome = 'won' OR stage.is_won THEN 'won'
                           WHEN last.outcome = 'open' AND %(is_open)s THEN 'open'
                           ELSE 'away' END AS result,
                      COALESCE(%(amount)s, 0) AS amount
                 FROM entered
                 JOIN stay AS last ON last.id = entered.last_id
                 JOIN crm_stage AS stage ON stage.id = last.stage_id
            LEFT JOIN crm_lead AS lead ON lead.id = last.own_id
                      %(credit)s""",
            is_open=leads._get_open_sql("lead"),
            amount=amount,
            credit=credit,
        )

    @api.model
    def _get_kept_rate_day_sql(self, stay):
        """Return the SQL of the day whose rate counts for a deal that is no more, from
        its last stay: see ``crm.lead._get_rate_day``."""
        closed = SQL.identifier(stay, "former_date_closed")
        return SQL(
            """CASE WHEN %(status)s IN ('won', 'lost') AND %(closed)s IS NOT NULL
                    THEN %(day)s ELSE %(today)s::date END""",
            status=SQL.identifier(stay, "former_status"),
            closed=closed,
            day=self.env.company._get_day_sql(closed),
            today=fields.Date.context_today(self),
        )
