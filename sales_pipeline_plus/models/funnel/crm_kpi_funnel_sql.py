from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..share.crm_lead_share_sql import Part

# Whether a deal has left the stage, and it is known after how many days.
IS_OVER = SQL("days IS NOT NULL AND outcome NOT IN ('open', 'gone')")


class CrmKpi(models.AbstractModel):
    """The one statement behind the funnel: the deals that entered, each with how far it
    came and what became of it.

    Everything is read from the stays: they outlive their deals. A merged deal counts by
    its own number, so the stays that its survivor took over are still its own, also
    when the survivor is deleted.
    """

    _inherit = "crm.kpi"

    @api.model
    def _get_funnel_sql(self, places, period, deals, spent_in=None, is_gone=False):
        """Return the SQL of the common table expressions. ``deal`` has a row for each
        deal and pipeline: its ``number``; ``furthest`` and ``result`` as in
        ``kpi/funnel.py``, ``furthest`` being NULL if nobody knows its way; ``amount``,
        converted; ``lead_id``, NULL if the deal is no more; ``last_id``, its last stay
        there; ``is_spent``, see ``spent_in``. ``spent`` has the ``days`` of each deal
        in each stage that it has left.

        :param places: {pipeline id: [ids of its stages in order, without won ones]}
        :param deals: the domain of the opportunities
        :param spent_in: id of the stage of which ``is_spent`` is to say whether
            ``spent`` has the deal's days there
        :param is_gone: whether only the deals that are no more are asked for
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
                      SELECT pipeline_id, stage_id, number, sum(days) AS days
                        FROM entered
                       WHERE is_known
                    GROUP BY pipeline_id, stage_id, number
                      HAVING bool_and(%(is_over)s))""",
            pipelines=[each for each, ids in places.items() for _id in ids],
            stages=[stage_id for ids in places.values() for stage_id in ids],
            ranks=[rank for ids in places.values() for rank in range(1, len(ids) + 1)],
            stays=self._get_funnel_stays_sql(places, scope, is_gone),
            entered=self._get_funnel_entered_sql(scope, spent_in),
            deals=self._get_funnel_deals_sql(scope),
            is_over=IS_OVER,
        )

    @api.model
    def _get_funnel_stays_sql(self, places, scope, is_gone):
        """Return the SQL of all stays of the deals that came to a stage in the period,
        as far as the user may read them.

        All stays of a deal that is no more have its former number, and no other one
        has, so that they are found by its index.
        """
        domain, of_gone = Domain("pipeline_id", "in", list(places)), SQL("TRUE")
        if is_gone:
            domain &= Domain("former_lead_id", "!=", 0)
            of_gone = SQL("former_lead_id IS NOT NULL")
        query, _lead, to_sql, _columns = self._search_facts(
            "crm.lead.passage", domain, replace(scope, domain=Domain.TRUE)
        )
        stays = self.env["crm.lead.passage"]
        number = stays._get_number_sql(to_sql)
        [(start, end)] = scope.spans
        query.add_where(
            SQL(
                """%s IN (SELECT %s FROM crm_lead_passage
                           WHERE date_in >= %s AND date_in < %s AND %s)""",
                number,
                stays._get_number_sql(SQL.identifier),
                start,
                end,
                of_gone,
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
    def _get_funnel_entered_sql(self, scope, spent_in):
        """Return the SQL of the stays of the deals whose first stay in a pipeline began
        in the period, each with what all of them tell of the deal. A stage that has
        left the pipeline counts as its first one.

        They are sorted once, and nothing is joined to them again: of groups PostgreSQL
        foresees a few only. Of two bounds it does so too, unless one is a test.
        """
        [(start, end)] = scope.spans
        is_spent = SQL("FALSE")
        if spent_in:
            is_spent = SQL(
                "bool_and(%s) FILTER (WHERE stay.stage_id = %s) OVER whole",
                IS_OVER,
                spent_in,
            )
        return SQL(
            """SELECT * FROM (
                 SELECT stay.*,
                        min(stay.date_in) OVER whole AS first_in,
                        COALESCE(max(place.rank) OVER whole, 1) AS furthest,
                        bool_and(stay.is_path_known) OVER whole AS is_known,
                        %(is_spent)s AS is_spent,
                        first_value(stay.id) OVER latest AS last_id,
                        first_value(stay.id) OVER latest = stay.id AS is_last
                   FROM stay
              LEFT JOIN place ON place.pipeline_id = stay.pipeline_id
                             AND place.stage_id = stay.stage_id
                 WINDOW whole AS (PARTITION BY stay.pipeline_id, stay.number),
                        latest AS (PARTITION BY stay.pipeline_id, stay.number
                                   ORDER BY stay.date_in DESC, stay.id DESC)) AS each
                WHERE first_in >= %(start)s AND (first_in < %(end)s) IS TRUE
                  AND %(is_meant)s""",
            is_spent=is_spent,
            start=start,
            end=end,
            is_meant=self._get_last_stay_sql(SQL.identifier("each", "last_id"), scope),
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
            """SELECT last.pipeline_id, last.number, last.last_id, last.is_spent,
                      lead.id AS lead_id,
                      CASE WHEN last.is_known THEN last.furthest END AS furthest,
                      CASE WHEN last.outcome = 'lost' THEN 'lost'
                           WHEN last.outcome = 'won' OR stage.is_won THEN 'won'
                           WHEN last.outcome = 'open' AND %(is_open)s THEN 'open'
                           ELSE 'away' END AS result,
                      COALESCE(%(amount)s, 0) AS amount
                 FROM entered AS last
                 JOIN crm_stage AS stage ON stage.id = last.stage_id
            LEFT JOIN crm_lead AS lead ON lead.id = last.own_id
                      %(credit)s
                WHERE last.is_last""",
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
