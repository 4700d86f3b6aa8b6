from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL


@dataclass(frozen=True)
class Part:
    """What some salespeople have of an opportunity, in SQL.

    ``shares`` is an array of all its shares, in hundredths of a percent, NULL where it
    is not shared; ``places`` an array of the places, from 1, of those that are meant.
    """

    shares: SQL
    places: SQL

    def share_out(self, units):
        """Return the SQL of the part of a whole number of smallest units (cents).

        By the largest remainder, as ``kpi.target_share.share_out``: the parts of all
        shares add up to the whole.
        """
        return SQL(
            """CASE WHEN %(shares)s IS NULL THEN %(units)s ELSE (
                 SELECT sum(each.part) FILTER (WHERE each.place = ANY(%(places)s))
                   FROM (SELECT one.place,
                                one.down + CASE
                                    WHEN row_number() OVER (
                                         ORDER BY one.exact - one.down DESC, one.place)
                                      <= one.units - sum(one.down) OVER ()
                                    THEN 1 ELSE 0 END AS part
                           FROM (SELECT share.place, whole.units,
                                        whole.units * share.size / 10000 AS exact,
                                        floor(whole.units * share.size / 10000) AS down
                                   FROM (SELECT (%(units)s)::numeric AS units) AS whole,
                                        unnest(%(shares)s) WITH ORDINALITY
                                            AS share (size, place)) AS one) AS each)
               END""",
            shares=self.shares,
            places=self.places,
            units=units,
        )

    def divide(self, number):
        """Return the SQL of the part of a number that has no smallest unit."""
        return SQL(
            """%(number)s * CASE WHEN %(shares)s IS NULL THEN 1 ELSE (
                 SELECT COALESCE(sum((%(shares)s)[place]), 0) / 10000.0
                   FROM unnest(%(places)s) AS place) END""",
            number=number,
            shares=self.shares,
            places=self.places,
        )


class CrmLeadShare(models.Model):
    """The shares as the queries of figures and goals join them."""

    _inherit = "crm.lead.share"

    @api.model
    def _get_wholes_sql(self):
        """Return the SQL of a row for each shared opportunity: ``lead_id``, ``users``
        and ``shares``, arrays of the same order."""
        self.flush_model()
        return SQL(
            """SELECT lead_id, array_agg(user_id ORDER BY id) AS users,
                      array_agg(round(percentage * 100)::int ORDER BY id) AS shares
                 FROM crm_lead_share
             GROUP BY lead_id"""
        )

    @api.model
    def _join_parts(self, query, lead_id, user_ids=None, by_user=False):
        """Join what salespeople have of opportunities to a query.

        :param lead_id: SQL of the id of the opportunity
        :param user_ids: the salespeople that are meant, 0 for nobody, or None for all
        :param by_user: whether there is to be a row for each of them, instead of one
            for all together
        :return: the alias of the join, whose ``key`` is the salesperson of the row, 0
            for nobody, and NULL where an opportunity is not shared; and the
            :class:`Part`
        """
        name = query.make_alias(query.table, "shares")
        query.add_join(
            "LEFT JOIN",
            name,
            SQL("(%s)", self._get_parts_sql(user_ids, by_user)),
            SQL("%s = %s", SQL.identifier(name, "lead_id"), lead_id),
        )
        part = Part(SQL.identifier(name, "shares"), SQL.identifier(name, "places"))
        return name, part

    @api.model
    def _get_parts_sql(self, user_ids, by_user=False):
        meant = SQL("TRUE")
        if user_ids is not None:
            meant = SQL("COALESCE(one.user_id, 0) = ANY(%s)", list(user_ids))
        if by_user:
            return SQL(
                """SELECT whole.lead_id, COALESCE(one.user_id, 0) AS key, whole.shares,
                          ARRAY[one.place] AS places
                     FROM (%s) AS whole
               CROSS JOIN unnest(whole.users) WITH ORDINALITY AS one (user_id, place)
                    WHERE %s""",
                self._get_wholes_sql(),
                meant,
            )
        return SQL(
            """SELECT whole.lead_id, whole.shares,
                      ARRAY(SELECT one.place
                              FROM unnest(whole.users) WITH ORDINALITY
                                   AS one (user_id, place)
                             WHERE %s) AS places
                 FROM (%s) AS whole""",
            meant,
            self._get_wholes_sql(),
        )
