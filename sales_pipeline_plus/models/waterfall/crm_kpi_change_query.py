from odoo import api, models
from odoo.tools import SQL

from ...kpi.changes import MOST_KINDS, NUMBER_OF
from ..share.crm_lead_share_sql import Part
from .crm_kpi_change_state import VALUES

# The ids of the parts of deals that are no more begin here.
FIRST_GONE = 2**45


class CrmKpi(models.AbstractModel):
    """The one statement behind the changes: the deals of both weeks side by side, what
    each of them came by and left by, and what that is worth.

    ``kpi/changes.py`` says in which order the causes are asked for. ``OFFSET 0`` lets
    PostgreSQL compute each value once and not wherever it is named.
    """

    _inherit = "crm.kpi"

    @api.model
    def _get_changes_sql(self, question):
        """Return the SQL of the common table expressions, the last of which, ``deal``,
        has a row for each deal of the question that was open then, is open at the end,
        or came and went in between.

        Amounts are in the currency of the user's company.
        """
        for name in ("crm.lead", "crm.lead.passage", "crm.stage"):
            self.env[name].flush_model()
        closing = (
            self._get_week_state_sql(question, question.end)
            if question.end
            else self._get_present_state_sql(question)
        )
        return SQL(
            """WITH opening AS (%(opening)s), closing AS (%(closing)s),
               ended AS (SELECT * FROM (%(ended)s) AS each WHERE %(is_ended)s),
               pair AS (%(pairs)s), valued AS (%(values)s), deal AS (%(deals)s)""",
            opening=self._get_week_state_sql(question, question.start),
            closing=closing,
            ended=self._get_ended_sql(question),
            is_ended=self._get_ended_condition_sql(question),
            pairs=self._get_change_pairs_sql(question),
            values=self._get_change_values_sql(question),
            deals=self._get_change_deals_sql(),
        )

    @api.model
    def _get_ended_condition_sql(self, question):
        company = SQL.identifier("company_id")
        since = SQL(
            "date_closed >= %s", self._get_change_moment_sql(company, question.start)
        )
        if not question.end:
            return since
        until = self._get_change_moment_sql(company, question.end)
        return SQL("%s AND date_closed < %s", since, until)

    @api.model
    def _get_change_pairs_sql(self, question):
        """Return the SQL of the deals of both sides, with what classifies them."""
        company = SQL(
            "COALESCE(opening.company_id, closing.company_id, ended.company_id)"
        )
        start = self._get_change_moment_sql(company, question.start)
        end = (
            self._get_change_moment_sql(company, question.end)
            if question.end
            else SQL("'infinity'::timestamp")
        )
        return SQL(
            """SELECT COALESCE(opening.number, closing.number, ended.number) AS number,
                      COALESCE(opening.gone_id, closing.gone_id) AS gone_id,
                      COALESCE(opening.lead_id, closing.lead_id, ended.lead_id)
                          AS lead_id,
                      COALESCE(opening.lead_name, closing.lead_name) AS lead_name,
                      COALESCE(opening.partner_name, closing.partner_name)
                          AS partner_name,
                      opening.number IS NOT NULL AS has_old,
                      COALESCE(closing.number, ended.number) IS NOT NULL AS has_new,
                      closing.number IS NOT NULL AS is_open,
                      CASE WHEN closing.number IS NULL THEN ended.won_status END
                          AS status,
                      opening.rate_day AS old_rate_day, %(new_rate_day)s,
                      %(old)s, %(new)s,
                      %(old_is_owned)s AS old_is_owned,
                      %(new_is_owned)s AS new_is_owned,
                      %(old_when)s AS old_when, %(new_when)s AS new_when,
                      credit.shares, credit.places,
                      CASE WHEN opening.number IS NULL THEN %(came)s END AS came,
                      CASE WHEN closing.number IS NULL AND ended.number IS NULL
                           THEN %(left)s END AS left_by
                 FROM opening
            FULL JOIN closing
                   ON closing.number = opening.number AND closing.twin = opening.twin
            FULL JOIN ended
                   ON ended.number = COALESCE(opening.number, closing.number)
            LEFT JOIN (%(parts)s) AS credit
                   ON credit.lead_id = COALESCE(opening.lead_id, closing.lead_id,
                                                ended.lead_id)
            LEFT JOIN crm_lead AS lead
                   ON lead.id = CASE WHEN opening.number IS NULL
                                       OR closing.number IS NULL
                                     THEN COALESCE(opening.lead_id, closing.lead_id,
                                                   ended.lead_id) END
            LEFT JOIN LATERAL (
                      SELECT CASE WHEN passage.outcome = 'lost'
                                   AND passage.date_out < %(moment)s THEN 'lost'
                                  WHEN stage.is_won
                                   AND COALESCE(passage.date_out >= %(moment)s, TRUE)
                                  THEN 'won'
                                  ELSE 'open' END AS status
                        FROM crm_lead_passage AS passage
                   LEFT JOIN crm_stage AS stage ON stage.id = passage.stage_id
                       WHERE (opening.number IS NULL
                              OR closing.number IS NULL AND ended.number IS NULL)
                         AND (passage.former_lead_id = %(number)s
                              OR passage.lead_id = %(number)s
                             AND passage.former_lead_id IS NULL)
                         AND passage.date_in < %(moment)s
                    ORDER BY passage.date_in DESC, passage.id DESC
                       LIMIT 1
                   ) AS stay ON TRUE
               OFFSET 0""",
            old=SQL(", ").join(
                SQL(
                    "%s AS %s",
                    SQL.identifier("opening", name),
                    SQL.identifier(f"old_{name}"),
                )
                for name in VALUES
            ),
            new=SQL(", ").join(
                SQL("%s AS %s", self._get_new_sql(name), SQL.identifier(f"new_{name}"))
                for name in VALUES
            ),
            new_rate_day=SQL("%s AS new_rate_day", self._get_new_sql("rate_day")),
            old_is_owned=self._get_owned_sql(
                question, lambda name: SQL.identifier("opening", name)
            ),
            new_is_owned=self._get_owned_sql(question, self._get_new_sql),
            old_when=self._get_when_sql(
                question, SQL.identifier("opening", "date_deadline")
            ),
            new_when=self._get_when_sql(question, self._get_new_sql("date_deadline")),
            came=self._get_came_sql(start),
            left=self._get_left_sql(question, end),
            parts=self._get_change_parts_of_deals_sql(question),
            number=SQL("COALESCE(opening.number, closing.number, ended.number)"),
            moment=SQL(
                "(CASE WHEN opening.number IS NULL THEN %s ELSE %s END)", start, end
            ),
        )

    @api.model
    def _get_new_sql(self, name):
        return SQL(
            "CASE WHEN closing.number IS NOT NULL THEN %s ELSE %s END",
            SQL.identifier("closing", name),
            SQL.identifier("ended", name),
        )

    @api.model
    def _get_owned_sql(self, question, to_sql):
        """Return the SQL condition of what is of the salesperson, team, pipeline and
        company asked for."""
        conditions = []
        for name, ids in question.owned.items():
            is_owned = SQL("COALESCE(%s IN %s, FALSE)", to_sql(name), tuple(ids))
            if name == "user_id":
                is_owned = SQL(
                    "CASE WHEN credit.lead_id IS NULL THEN %s "
                    "ELSE cardinality(credit.places) > 0 END",
                    is_owned,
                )
            conditions.append(is_owned)
        return SQL(" AND ").join(conditions) if conditions else SQL("TRUE")

    @api.model
    def _get_when_sql(self, question, deadline):
        """Return the SQL of where an expected closing lies: ``before`` the period asked
        for, ``in`` it, or ``after`` it, as what has no date."""
        if not question.decision:
            return SQL("'in'")
        return SQL(
            "CASE WHEN %(day)s < %(start)s THEN 'before' WHEN %(day)s < %(end)s "
            "THEN 'in' ELSE 'after' END",
            day=deadline,
            start=question.decision.start,
            end=question.decision.end,
        )

    @api.model
    def _get_came_sql(self, start):
        """Return the SQL of what a deal came by that was not open at the opening; a
        hook for what can be neither open nor closed."""
        return SQL(
            """CASE WHEN stay.status IS NULL OR lead.create_date >= %(start)s
                      OR lead.date_start >= %(start)s THEN 'new'
                    WHEN stay.status IN ('won', 'lost') THEN 'reopened'
                    ELSE 'restored' END""",
            start=start,
        )

    @api.model
    def _get_left_sql(self, question, end):
        """Return the SQL of what a deal left by of which nothing more is known than
        that it is not open at the end; a hook likewise."""
        return SQL(
            """CASE WHEN opening.lead_id IS NULL THEN
                         CASE WHEN opening.former_status IN ('won', 'lost')
                               AND opening.former_date_closed < %(end)s
                              THEN opening.former_status
                              WHEN stay.status IN ('won', 'lost') THEN stay.status
                              ELSE 'deleted' END
                    WHEN opening.former_lead_id IS NOT NULL THEN 'merged'
                    WHEN lead.won_status IN ('won', 'lost')
                     AND COALESCE(lead.date_closed < %(end)s, TRUE)
                     AND lead.type = 'opportunity' THEN lead.won_status
                    WHEN stay.status IN ('won', 'lost') THEN stay.status
                    WHEN lead.type <> 'opportunity' THEN 'unqualified'
                    ELSE 'archived' END""",
            end=end,
        )

    @api.model
    def _get_change_values_sql(self, question):
        """Return the SQL of the same deals with their amounts in one currency: of the
        opening at its rate and at that of the end, of the end, and what the end would
        be weighted with the probability of the opening."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        # A deal may have been in a company that the user does not look at.
        conversion = self.env.company._get_conversion(companies.search([]))
        is_shared = self._asks_for_shares(question)
        part = Part(SQL.identifier("shares"), SQL.identifier("places"))

        def convert(amount, side, day):
            # Stored amounts may have more decimals than their currency.
            units = conversion.get_units_sql(
                conversion.get_sql(
                    SQL(amount),
                    SQL.identifier(f"{side}_company_id"),
                    SQL.identifier(day),
                )
            )
            if is_shared:
                units = part.share_out(units)
            return SQL("(%s) * %s", units, conversion.rounding)

        return SQL(
            """SELECT *, CASE WHEN old_amount = new_amount
                               AND old_company_id IS NOT DISTINCT FROM new_company_id
                              THEN old_weighted_then
                              WHEN status IS NULL
                               AND round(old_probability, 2) = round(new_probability, 2)
                              THEN new_weighted
                              ELSE %(mixed)s END AS mixed_weighted
                 FROM (SELECT *,
                              old_is_owned AND old_when = 'in' AND has_old AS is_old,
                              new_is_owned AND new_when = 'in' AND has_new AS is_new,
                              %(old)s AS old_converted,
                              %(old_weighted)s AS old_weighted,
                              %(then)s AS old_then,
                              %(weighted_then)s AS old_weighted_then,
                              %(new)s AS new_converted,
                              %(new_weighted)s AS new_weighted
                         FROM pair
                       OFFSET 0) AS each
               OFFSET 0""",
            old=convert("old_amount", "old", "old_rate_day"),
            old_weighted=convert("old_weighted_amount", "old", "old_rate_day"),
            then=convert("old_amount", "old", "new_rate_day"),
            weighted_then=convert("old_weighted_amount", "old", "new_rate_day"),
            new=convert("new_amount", "new", "new_rate_day"),
            new_weighted=convert("new_weighted_amount", "new", "new_rate_day"),
            mixed=convert(
                "round(new_amount * old_probability / 100, 2)", "new", "new_rate_day"
            ),
        )

    @api.model
    def _get_change_deals_sql(self):
        """Return the SQL of each deal's way: what it came by and left by, the parts in
        between, and what each of them is worth."""
        return SQL(
            """SELECT *,
                      CASE WHEN rate_amount <> 0 OR rate_weighted <> 0
                           THEN 'rates' END AS rate_kind,
                      CASE WHEN more_amount > 0
                             OR more_amount = 0 AND more_weighted > 0 THEN 'amount_up'
                           WHEN more_amount < 0 OR more_weighted < 0
                           THEN 'amount_down' END AS amount_kind,
                      CASE WHEN likelier_weighted > 0 THEN 'probability_up'
                           WHEN likelier_weighted < 0 THEN 'probability_down'
                           END AS probability_kind,
                      CASE WHEN is_old THEN 'opening' END AS opening_kind,
                      CASE WHEN is_new AND is_open THEN 'closing' END AS closing_kind
                 FROM (
               SELECT *,
                      CASE WHEN is_old THEN NULL
                           WHEN NOT has_old THEN came
                           WHEN NOT old_is_owned THEN 'reassigned_in'
                           WHEN old_when = 'after' THEN 'pulled_in'
                           ELSE 'rolled_in' END AS in_kind,
                      CASE WHEN is_new THEN status
                           WHEN NOT has_new THEN left_by
                           WHEN NOT new_is_owned THEN 'reassigned_out'
                           WHEN new_when = 'after' THEN 'pushed_out'
                           ELSE 'pulled_out' END AS out_kind,
                      CASE WHEN has_old THEN old_then ELSE new_converted END
                          AS in_amount,
                      CASE WHEN has_old THEN old_weighted_then ELSE new_weighted END
                          AS in_weighted,
                      CASE WHEN is_old AND is_new THEN old_then - old_converted
                           ELSE 0 END AS rate_amount,
                      CASE WHEN is_old AND is_new
                           THEN old_weighted_then - old_weighted
                           ELSE 0 END AS rate_weighted,
                      CASE WHEN has_old AND is_new THEN new_converted - old_then
                           ELSE 0 END AS more_amount,
                      CASE WHEN has_old AND is_new
                           THEN mixed_weighted - old_weighted_then
                           ELSE 0 END AS more_weighted,
                      CASE WHEN has_old AND is_new AND is_open
                           THEN new_weighted - mixed_weighted
                           ELSE 0 END AS likelier_weighted,
                      CASE WHEN is_new THEN new_converted ELSE old_converted END
                          AS out_amount,
                      CASE WHEN NOT is_new THEN old_weighted
                           WHEN has_old THEN mixed_weighted
                           ELSE new_weighted END AS out_weighted
                 FROM valued
                WHERE is_old OR is_new
               OFFSET 0) AS each
               OFFSET 0"""
        )

    @api.model
    def _get_change_parts_sql(self, question):
        """Return the SQL of the rows of the bars: for each deal, one for each of its
        parts."""
        numbers = SQL(", ").join(
            SQL("(%s, %s)", code, number) for code, number in NUMBER_OF.items()
        )
        return SQL(
            """%(changes)s
               SELECT kind.number
                          + COALESCE(%(first)s + %(most)s * deal.gone_id::bigint,
                                     %(most)s * deal.number::bigint) AS id,
                      part.*, deal.*
                 FROM deal
         CROSS JOIN LATERAL (
                      VALUES (opening_kind, 1, old_converted, old_weighted),
                             (in_kind, 1, in_amount, in_weighted),
                             (rate_kind, 0, rate_amount, rate_weighted),
                             (amount_kind, 0, more_amount, more_weighted),
                             (probability_kind, 0, 0, likelier_weighted),
                             (out_kind, -1, -out_amount, -out_weighted),
                             (closing_kind, 1, new_converted, new_weighted)
                    ) AS part (kind, count_change, amount_change, weighted_change)
                 JOIN (VALUES %(numbers)s) AS kind (code, number)
                   ON kind.code = part.kind""",
            changes=self._get_changes_sql(question),
            first=FIRST_GONE,
            most=MOST_KINDS,
            numbers=numbers,
        )
