from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.outlook_inputs import Cell
from .crm_kpi_outlook_query import OPPORTUNITY, WON, Window

# Of more deals in all windows, every second, third… tells as much: of 24 windows each
# has some 4,000. What the sample errs by hits the forecasts with an input and without
# it alike, so that it rather keeps an input out than lets it in.
SAMPLE = 100_000
# 2 ** 32, and what the golden ratio makes of it
NUMBERS, GOLDEN = 4_294_967_296, 2_654_435_769
# Days from which on a deal is longer in its stage
AGES = (15, 43, 92)


class CrmKpi(models.AbstractModel):
    """The deals of the outlook by what more is known of them than their stage.

    Whether an action was planned then is not among it: no snapshot has it.
    """

    _inherit = "crm.kpi"

    @api.model
    def _get_outlook_cells(self, question, count):
        """Return the cells of what is open now, and {week: those of the window that
        began then}.

        :param count: how many are open now
        """
        share = count * (len(question.weeks) + 1) // SAMPLE + 1
        now = self._read_cells_now(question, share)
        windows = [
            Window(0, week, None, question.get_until(week)) for week in question.weeks
        ]
        past = defaultdict(list)
        if windows:
            for *row, place in self._read_cells_past(question, windows, share):
                past[windows[place - 1].week].append(self._make_cell(row))
        return now, {week: tuple(cells) for week, cells in past.items()}

    @api.model
    def _read_cells_now(self, question, share):
        query = self._search_leads(self._get_outlook_deals(question))
        conversion = self.env.company._get_conversion(self.env.companies)
        today = SQL("%s::date", question.today)
        amount = conversion.get_sql(
            SQL("COALESCE(%s, 0)::numeric", self._to_sql(query, "expected_revenue")),
            self._to_sql(query, "company_id"),
            today,
        )
        amount = self._join_outlook_credit(query, question.deals)(amount)
        stage = self._to_sql(query, "stage_id")
        levels = self._get_level_columns(
            query, query.table, stage, self._to_sql(query, "date_deadline"), today
        )
        self._take_sample(query, SQL.identifier(query.table, "id"), share)
        query.groupby = SQL("1, 2, 3, 4, 5, 6")
        rows = self.env.execute_query(
            query.select(
                self._to_sql(query, "pipeline_id"),
                stage,
                *levels,
                SQL("count(*)"),
                SQL("sum(%s)", amount),
            )
        )
        return tuple(self._make_cell([*row, 0, 0]) for row in rows)

    @api.model
    def _read_cells_past(self, question, windows, share):
        facts = self._get_outlook_facts(question)
        asked = self._ask_outlook_past(facts, windows)
        query, table = asked.query, asked.query.table
        stage, week = SQL.identifier(table, "stage_id"), SQL.identifier(table, "date")
        levels = self._get_level_columns(
            query, asked.lead, stage, SQL.identifier(table, "date_deadline"), week
        )
        number = SQL(
            "COALESCE(%s, %s)",
            SQL.identifier(table, "lead_id"),
            SQL.identifier(table, "former_lead_id"),
        )
        self._take_sample(query, number, share)
        place = SQL.identifier(asked.window, "number")
        query.groupby = SQL("1, 2, 3, 4, 5, 6, %s", place)
        amount = SQL("COALESCE(%s, 0)::numeric", SQL.identifier(table, "amount"))
        return self.env.execute_query(
            query.select(
                SQL.identifier(table, "pipeline_id"),
                stage,
                *levels,
                SQL("count(*)"),
                SQL("sum(%s)", asked.convert(amount)),
                SQL("count(*) FILTER (WHERE %s)", asked.is_won),
                asked.won_amount,
                place,
            )
        )

    @api.model
    def _make_cell(self, row):
        pipeline, stage, age, postponed, customer, source, *numbers = row
        count, amount, won, won_amount = numbers
        return Cell(
            pipeline or False,
            stage or False,
            (age, postponed, customer, source),
            count,
            float(amount),
            won,
            float(won_amount),
        )

    @api.model
    def _take_sample(self, query, lead, share):
        """Let one of so many deals count, the same ones in every week.

        The multiples of the golden ratio scatter numbers that follow each other, and
        those of any step, evenly: every second deal may be one salesperson's.

        :param lead: SQL of the number of the opportunity
        """
        if share > 1:
            scattered = SQL("mod(%s::bigint * %s, %s)", lead, GOLDEN, NUMBERS)
            query.add_where(SQL("%s < %s", scattered, NUMBERS // share))

    @api.model
    def _get_level_columns(self, query, lead, stage, deadline, day):
        """Return the SQL of the level of each input as it was on a day.

        :param lead: alias of the opportunity, which may be gone
        :param stage, deadline: SQL of the stage and expected closing on that day
        :param day: SQL of the day
        """
        self.env["crm.lead.passage"].flush_model()
        lead_id = SQL.identifier(lead, "id")
        stay = query.make_alias(lead, "stay")
        query.add_join(
            "LEFT JOIN",
            stay,
            SQL(
                """LATERAL (SELECT passage.date_in::date AS day
                              FROM crm_lead_passage AS passage
                             WHERE passage.lead_id = %s AND passage.stage_id = %s
                               AND passage.date_in < %s + 1
                          ORDER BY passage.date_in DESC
                             LIMIT 1)""",
                lead_id,
                stage,
                day,
            ),
            SQL("TRUE"),
        )
        partner = query.make_alias(lead, "buyer")
        query.add_join(
            "LEFT JOIN",
            partner,
            SQL.identifier("res_partner"),
            SQL(
                "%s = %s",
                SQL.identifier(partner, "id"),
                SQL.identifier(lead, "partner_id"),
            ),
        )
        first = query.make_alias(lead, "first")
        customer = SQL.identifier(partner, "commercial_partner_id")
        query.add_join(
            "LEFT JOIN",
            first,
            self._get_first_wins(),
            SQL("%s = %s", SQL.identifier(first, "customer"), customer),
        )
        return [
            SQL(
                "width_bucket(%s - %s, %s)",
                day,
                SQL.identifier(stay, "day"),
                list(AGES),
            ),
            SQL(
                "CASE WHEN NOT COALESCE(%s, FALSE) THEN %s > %s END",
                SQL.identifier(lead, "is_slip_unknown"),
                deadline,
                SQL.identifier(lead, "first_decision_date"),
            ),
            SQL(
                "CASE WHEN %s IS NOT NULL THEN COALESCE(%s < %s, FALSE) END",
                customer,
                SQL.identifier(first, "day"),
                day,
            ),
            SQL.identifier(lead, "source_id"),
        ]

    @api.model
    def _get_first_wins(self):
        """Return the SQL table of when each customer bought first, of what the user
        may read."""
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        query = self._search_leads(
            OPPORTUNITY & WON & Domain("partner_id", "!=", False)
        )
        partner = query.join(
            query.table, "partner_id", "res_partner", "id", "partner_id"
        )
        query.groupby = SQL("1")
        return SQL(
            "(%s)",
            query.select(
                SQL("%s AS customer", SQL.identifier(partner, "commercial_partner_id")),
                SQL("min(%s)::date AS day", self._to_sql(query, "date_closed")),
            ),
        )
