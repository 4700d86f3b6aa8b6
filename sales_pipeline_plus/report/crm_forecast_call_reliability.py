from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..kpi.call import FEWEST_PERIODS
from ..models.forecast_call.crm_kpi_call import SEES_ALL
from ..tools.arguments import check_records


class CrmForecastCallReliability(models.Model):
    """What was called for a period, and what was won of it: who calls high, who low.

    One row for each call that was not replaced, of periods that are over. What was won
    is the expected revenue of the opportunities of the author, or of the team, that
    were closed as won in the period, in the reader's time zone; of shared ones it is
    what the author has of them, and of those deleted since what was recorded. Who sees
    own opportunities only is shown own calls only. Amounts of companies in other
    currencies are converted to the present company's, call and result alike at its rate
    of the last day of the period.

    An author's period counts once, however often it was called: with fewer than four,
    a group has no error and no bias.
    """

    _name = "crm.forecast.call.reliability"
    _description = "Forecast Call in Hindsight"
    _auto = False
    _order = "period desc, week desc, id desc"
    _rec_name = "call_id"
    _depends = {
        "crm.forecast.call": [
            *("amount", "company_id", "date_end", "date_start", "is_replaced"),
            *("period_type", "scope", "team_id", "user_id", "week"),
        ],
        "crm.lead": [
            *("company_id", "date_closed", "expected_revenue", "team_id", "type"),
            *("user_id", "won_status"),
        ],
        "crm.lead.passage": [
            *("amount", "company_id", "date_in", "former_date_closed"),
            *("former_lead_id", "former_status", "lead_id", "merged_lead_id"),
            *("team_id", "user_id"),
        ],
        "crm.lead.share": ["lead_id", "percentage", "user_id"],
        "res.company": ["currency_id"],
        "res.currency.rate": ["company_id", "currency_id", "name", "rate"],
    }

    call_id = fields.Many2one(
        "crm.forecast.call", string="Forecast Call", readonly=True
    )
    user_id = fields.Many2one("res.users", string="Called By", readonly=True)
    scope = fields.Selection(
        [("own", "Own Opportunities"), ("team", "Team")], string="For", readonly=True
    )
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    period_type = fields.Selection(
        [("month", "Month"), ("quarter", "Quarter")], string="Per", readonly=True
    )
    period = fields.Date("First Day", readonly=True)
    week = fields.Date("Week of", readonly=True)
    weeks_left = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Whole weeks from the Monday of the call to the last day of the period.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary("Amount Called", readonly=True, aggregator="avg")
    actual = fields.Monetary("Amount Won", readonly=True, aggregator="avg")
    error = fields.Float(
        "Error (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="By how much of what was won a call was off. Of several calls the median; "
        "no data with fewer than four periods, or when nothing was won.",
    )
    bias = fields.Float(
        "Bias (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="The calls less what was won, over what was won: positive when too much "
        "was called. No data with fewer than four periods, or when nothing was won.",
    )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """The error of a group is the median, its bias that of the sums."""
        if aggregate_spec not in ("error:avg", "bias:avg"):
            return super()._read_group_select(aggregate_spec, query)

        def column(name):
            return self._field_to_sql(self._table, name, query)

        if aggregate_spec == "error:avg":
            value = SQL(
                "percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", column("error")
            )
        else:
            value = SQL(
                "(100 * SUM(%(amount)s - %(actual)s) "
                "/ NULLIF(GREATEST(SUM(%(actual)s), 0), 0))::float8",
                amount=column("amount"),
                actual=column("actual"),
            )
        names = ("user_id", "scope", "team_id", "period_type", "period")
        return SQL(
            "CASE WHEN COUNT(DISTINCT (%s)) >= %s THEN %s END",
            SQL(", ").join(map(column, names)),
            FEWEST_PERIODS,
            value,
        )

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        domain = Domain("is_replaced", "=", False) & Domain("date_end", "<", today)
        if not self.env.user.has_group(SEES_ALL):
            domain &= Domain("user_id", "=", self.env.uid) & Domain("scope", "=", "own")
        calls = self.env["crm.forecast.call"]._search(domain)
        return SQL(
            """
    WITH won AS (
        SELECT company_id, user_id, team_id,
               date_trunc('month', closed AT TIME ZONE 'UTC'
                                   AT TIME ZONE %(tz)s)::date AS month,
               SUM(amount) AS amount
          FROM (%(won)s) AS part
      GROUP BY 1, 2, 3, 4
    ), call AS (
        SELECT crm_forecast_call.*, %(rate)s AS rate
          FROM %(call_from)s
         WHERE %(call_where)s
    ), result AS (
        SELECT call.*,
               (SELECT COALESCE(SUM(won.amount), 0)
                  FROM won
                 WHERE won.company_id = call.company_id
                   AND won.month >= call.date_start
                   AND won.month <= call.date_end
                   AND CASE call.scope WHEN 'team' THEN won.team_id = call.team_id
                            ELSE won.user_id = call.user_id END) AS actual
          FROM call
    )
    SELECT id,
           id AS call_id,
           user_id,
           scope,
           team_id,
           company_id,
           period_type,
           date_start AS period,
           week,
           (date_end - week) / 7 AS weeks_left,
           %(currency)s AS currency_id,
           amount * rate AS amount,
           actual * rate AS actual,
           (100 * abs(amount - actual)
                / NULLIF(GREATEST(actual, 0), 0))::float8 AS error,
           (100 * (amount - actual) / NULLIF(GREATEST(actual, 0), 0))::float8 AS bias
      FROM result""",
            tz=str(self.env.tz),
            won=self.env["crm.kpi"]._get_won_parts_sql(),
            rate=self._get_rate_sql(),
            call_from=calls.from_clause,
            call_where=calls.where_clause or SQL("TRUE"),
            currency=self.env.company.currency_id.id,
        )

    @api.model
    def _get_rate_sql(self):
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        conversion = self.env.company._get_conversion(companies.search([]))
        return conversion.get_factor_sql(
            SQL("crm_forecast_call.company_id"), SQL("crm_forecast_call.date_end")
        )

    def action_open_won(self):
        """Open the opportunities that were won in the period, or their last stays if
        some of them are no more.

        :return: dict of an ``ir.actions.act_window``
        """
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        self.call_id.check_access("read")
        action = self.env["crm.kpi"]._prepare_deals_action(
            "call", [self.id], {"user_ids": self.user_id.ids}
        )
        return {**action, "name": self.env._("Won")}
