from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.arguments import check_records

HORIZONS = (0, 1, 2, 4, 8, 12)
# Each over the sum of what was won
RATIOS = {
    "wape": "absolute_error",
    "bias": "error",
    "weighted_wape": "weighted_absolute_error",
    "weighted_bias": "weighted_error",
}


class Part(NamedTuple):
    """The months and horizons that one reads, so that the rest is not computed.

    In a context it can only come from our own code: no client can send it.
    """

    first: date
    end: date
    horizons: tuple


class CrmForecastReliability(models.Model):
    """What was forecast for a month, some weeks before it began, and what was won.

    One row per month, horizon, company, pipeline, team and salesperson. The forecast is
    the sum of the open opportunities with an expected closing in the month, in the
    snapshot of the last Monday on or before the first of the month less the weeks. What
    was won is the expected revenue of the opportunities that were closed as won in the
    month, in the reader's time zone. An opportunity that the snapshot knows counts for
    the salesperson, team and pipeline that it had then, also when those were deleted
    since. Months that are not over, and weeks of which the company has no snapshots,
    are left out; a company of which the job took none, as there was nothing open, had
    a forecast of 0.

    Only what the reader may see of opportunities is added up. Amounts of companies in
    other currencies are converted to the present company's, forecast and result alike
    at its rate of the last day of the month.
    """

    _name = "crm.forecast.reliability"
    _description = "Forecast Reliability"
    _auto = False
    _order = "period desc, horizon, id"
    _rec_name = "period"
    _depends = {
        "crm.forecast.snapshot": [
            "amount",
            "company_id",
            "date",
            "date_deadline",
            "former_lead_id",
            "lead_id",
            "pipeline_id",
            "team_id",
            "team_name",
            "user_id",
            "user_name",
            "weighted_amount",
        ],
        "crm.lead": [
            "company_id",
            "date_closed",
            "expected_revenue",
            "pipeline_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "res.company": ["currency_id"],
        "res.currency.rate": ["company_id", "currency_id", "name", "rate"],
    }

    period = fields.Date("Month", readonly=True)
    week = fields.Date("Snapshot of", readonly=True)
    horizon = fields.Selection(
        [
            ("00", "At the start of the month"),
            ("01", "1 week before"),
            ("02", "2 weeks before"),
            ("04", "4 weeks before"),
            ("08", "8 weeks before"),
            ("12", "12 weeks before"),
        ],
        string="Forecast Made",
        readonly=True,
    )
    pipeline_id = fields.Many2one("crm.pipeline", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_name = fields.Char("Former Sales Team", readonly=True)
    user_name = fields.Char("Former Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    forecast = fields.Monetary(
        readonly=True,
        help="Expected revenue of the opportunities that were to close in the month.",
    )
    weighted_forecast = fields.Monetary(
        readonly=True, help="The same, times their probabilities."
    )
    actual = fields.Monetary("Amount Won", readonly=True)
    error = fields.Monetary(
        "Deviation", readonly=True, help="The forecast less what was won."
    )
    weighted_error = fields.Monetary(
        "Deviation, Weighted",
        readonly=True,
        help="The weighted forecast less what was won.",
    )
    absolute_error = fields.Monetary(
        readonly=True,
        help="The deviations without their sign, by month, salesperson, team and "
        "pipeline: too much here does not make up for too little there.",
    )
    weighted_absolute_error = fields.Monetary("Absolute Error, Weighted", readonly=True)
    wape = fields.Float(
        "Error (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="WAPE: sum of the absolute errors over the sum of what was won. Empty "
        "when nothing was won.",
    )
    bias = fields.Float(
        "Bias (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Sum of the deviations over the sum of what was won; positive when too "
        "much was forecast. Empty when nothing was won.",
    )
    weighted_wape = fields.Float(
        "Error, Weighted (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="WAPE of the weighted forecasts: sum of the absolute errors over the sum "
        "of what was won. Empty when nothing was won.",
    )
    weighted_bias = fields.Float(
        "Bias, Weighted (%)",
        readonly=True,
        aggregator="avg",
        digits=(16, 1),
        help="Sum of the deviations of the weighted forecasts over the sum of what was "
        "won; positive when too much was forecast. Empty when nothing was won.",
    )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """A ratio of a group is the ratio of the sums.

        Several horizons have no total: they are the same months again.
        """
        name, _separator, aggregator = aggregate_spec.partition(":")
        amount = super()._read_group_select(aggregate_spec, query)
        if name in RATIOS and aggregator == "avg":
            amount = SQL(
                "(100 * SUM(%s) / NULLIF(GREATEST(SUM(%s), 0), 0))::float8",
                self._field_to_sql(self._table, RATIOS[name], query),
                self._field_to_sql(self._table, "actual", query),
            )
        if aggregator in ("avg", "sum"):
            horizon = self._field_to_sql(self._table, "horizon", query)
            return SQL(
                "CASE WHEN MIN(%s) = MAX(%s) THEN %s END", horizon, horizon, amount
            )
        return amount

    def _of_part(self, first, end, horizons):
        """Return the report of some months only, as if the others were not there.

        :param first: day of the first month
        :param end: the day after the last month
        :param horizons: weeks, some of ``HORIZONS``
        """
        return self.with_context(reliability_part=Part(first, end, tuple(horizons)))

    @property
    def _table_query(self):
        part = self.env.context.get("reliability_part")
        if not isinstance(part, Part):
            part = Part(date.min, date.max, HORIZONS)
        snapshots = self.env["crm.forecast.snapshot"]._search([])
        leads = (
            self.env["crm.lead"]
            .with_context(active_test=False)
            ._search(
                [
                    ("type", "=", "opportunity"),
                    ("won_status", "=", "won"),
                    ("date_closed", "!=", False),
                ]
            )
        )
        today = fields.Date.context_today(self)
        return SQL(
            """
    WITH known AS (%(known)s), period AS (
        SELECT first::date AS first, (first + interval '1 month')::date AS next
          FROM generate_series(
                 (SELECT date_trunc('month', min(date)) FROM crm_forecast_snapshot),
                 %(last)s, interval '1 month') AS first
         WHERE first >= %(part_first)s AND first < %(part_end)s
    ), span AS (
        SELECT min(first)::timestamp AT TIME ZONE %(tz)s AT TIME ZONE 'UTC' AS first,
               max(next)::timestamp AT TIME ZONE %(tz)s AT TIME ZONE 'UTC' AS next
          FROM period
    ), week AS (
        SELECT period.first, period.next, horizon.weeks,
               date_trunc('week', period.first - 7 * horizon.weeks)::date AS date
          FROM period
    CROSS JOIN unnest(ARRAY[%(horizons)s]) AS horizon (weeks)
    ), seen AS (
        SELECT week.*, known.company_id,
               CASE WHEN company.id IS NULL THEN 1 ELSE %(rate)s END AS rate
          FROM week
          JOIN known ON known.date = week.date
     LEFT JOIN res_company AS company ON company.id = known.company_id
    ), won AS (
        SELECT crm_lead.id, COALESCE(crm_lead.company_id, 0) AS company_id,
               crm_lead.pipeline_id, crm_lead.team_id, crm_lead.user_id,
               COALESCE(crm_lead.expected_revenue, 0) AS amount,
               date_trunc('month', crm_lead.date_closed AT TIME ZONE 'UTC'
                                   AT TIME ZONE %(tz)s)::date AS first
          FROM %(lead_from)s
         WHERE %(lead_where)s
           AND crm_lead.date_closed >= (SELECT first FROM span)
           AND crm_lead.date_closed < (SELECT next FROM span)
    ), amount AS (
        SELECT seen.first, seen.weeks, seen.date, seen.company_id, seen.rate,
               crm_forecast_snapshot.pipeline_id,
               crm_forecast_snapshot.team_id,
               crm_forecast_snapshot.user_id,
               crm_forecast_snapshot.team_name,
               crm_forecast_snapshot.user_name,
               crm_forecast_snapshot.amount AS forecast,
               crm_forecast_snapshot.weighted_amount AS weighted, 0 AS actual
          FROM %(snapshot_from)s
          JOIN seen
            ON seen.date = crm_forecast_snapshot.date
           AND seen.company_id = COALESCE(crm_forecast_snapshot.company_id, 0)
           AND crm_forecast_snapshot.date_deadline >= seen.first
           AND crm_forecast_snapshot.date_deadline < seen.next
         WHERE %(snapshot_where)s
         UNION ALL
        SELECT seen.first, seen.weeks, seen.date, seen.company_id, seen.rate,
               CASE WHEN snapshot.id IS NULL
                    THEN won.pipeline_id ELSE snapshot.pipeline_id END,
               CASE WHEN snapshot.id IS NULL
                    THEN won.team_id ELSE snapshot.team_id END,
               CASE WHEN snapshot.id IS NULL
                    THEN won.user_id ELSE snapshot.user_id END,
               snapshot.team_name, snapshot.user_name, 0, 0, won.amount
          FROM won
          JOIN seen
            ON seen.first = won.first
           AND seen.company_id = won.company_id
     LEFT JOIN crm_forecast_snapshot AS snapshot
            ON snapshot.lead_id = won.id
           AND snapshot.date = seen.date
           -- not those that it took over in a merge
           AND snapshot.former_lead_id IS NULL
    ), cell AS (
        SELECT first, weeks, date, company_id, pipeline_id, team_id, user_id,
               team_name, user_name,
               SUM(forecast * rate) AS forecast,
               SUM(weighted * rate) AS weighted,
               SUM(actual * rate) AS actual
          FROM amount
      GROUP BY first, weeks, date, company_id, pipeline_id, team_id, user_id,
               team_name, user_name
    )
    SELECT row_number() OVER (ORDER BY first, weeks, company_id, pipeline_id, team_id,
                                       user_id, team_name, user_name) AS id,
           first AS period,
           date AS week,
           lpad(weeks::text, 2, '0') AS horizon,
           NULLIF(company_id, 0) AS company_id,
           pipeline_id,
           team_id,
           user_id,
           team_name,
           user_name,
           %(currency)s AS currency_id,
           forecast,
           weighted AS weighted_forecast,
           actual,
           forecast - actual AS error,
           weighted - actual AS weighted_error,
           abs(forecast - actual) AS absolute_error,
           abs(weighted - actual) AS weighted_absolute_error,
           100 * abs(forecast - actual) / NULLIF(GREATEST(actual, 0), 0) AS wape,
           100 * (forecast - actual) / NULLIF(GREATEST(actual, 0), 0) AS bias,
           100 * abs(weighted - actual)
                / NULLIF(GREATEST(actual, 0), 0) AS weighted_wape,
           100 * (weighted - actual) / NULLIF(GREATEST(actual, 0), 0) AS weighted_bias
      FROM cell
     WHERE forecast <> 0 OR actual <> 0""",
            known=self.env["crm.forecast.snapshot"]._get_known_weeks_sql(),
            last=today.replace(day=1) - relativedelta(months=1),
            horizons=SQL(", ").join(SQL("%s", weeks) for weeks in part.horizons),
            part_first=part.first,
            part_end=part.end,
            rate=self._get_rate_sql(),
            tz=str(self.env.tz),
            lead_from=leads.from_clause,
            lead_where=leads.where_clause or SQL("TRUE"),
            snapshot_from=snapshots.from_clause,
            snapshot_where=snapshots.where_clause or SQL("TRUE"),
            currency=self.env.company.currency_id.id,
        )

    @api.model
    def _get_rate_sql(self):
        """Return the SQL of the rate from the currency of ``company`` to the present
        company's, on the last day of the month."""
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        conversion = self.env.company._get_conversion(companies.search([]))
        return conversion.get_factor_sql(SQL("company.id"), SQL("week.next - 1"))

    def _get_cell_domain(self):
        self.ensure_one()
        return [
            *(
                (name, "=", self[name].id)
                for name in ("company_id", "pipeline_id", "team_id", "user_id")
            ),
            *((name, "=", self[name]) for name in ("team_name", "user_name")),
        ]

    def action_open_forecast(self):
        """Open the snapshots that made up this forecast."""
        check_records(self)
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_forecast_snapshot_action"
        )
        return {
            **action,
            "name": self.env._("Forecast"),
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [
                *self._get_cell_domain(),
                ("date", "=", self.week),
                ("date_deadline", ">=", self.period),
                ("date_deadline", "<", self.period + relativedelta(months=1)),
            ],
            "context": {},
        }
