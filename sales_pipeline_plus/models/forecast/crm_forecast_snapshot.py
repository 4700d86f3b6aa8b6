from datetime import UTC, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

RETENTION_PARAMETER = "sales_pipeline_plus.snapshot_months"
DEFAULT_MONTHS = 36
PURGE_BATCH = 50_000
# What is written of each opportunity, in the order of the statement
TAKEN = (
    "amount",
    "weighted_amount",
    "recurring_revenue_monthly",
    "probability",
    "date_deadline",
    "stage_id",
    "pipeline_id",
    "user_id",
    "team_id",
    "company_id",
    "currency_id",
)


class FactMany2one(fields.Many2one):
    """A link without a foreign key, whose check would double the time of a snapshot.

    What is deleted leaves the snapshots by ``_forget_links``; ``restrict`` is checked
    by ``_unlink_unless_referred`` alone.
    """

    def update_db_foreign_key(self, model, column):
        pass


class CrmForecastSnapshot(models.Model):
    """What was known of an open opportunity as a week began: a fact, never updated.

    Rows are written by one SQL statement for all opportunities. The week is the one of
    the company's own time zone (its address, else its working hours).
    """

    _name = "crm.forecast.snapshot"
    _inherit = ["crm.lead.fact.merged"]
    _description = "Forecast Snapshot"
    _order = "date desc, id desc"
    _rec_name = "deal_name"
    _log_access = False

    date = fields.Date(
        "Week of",
        required=True,
        readonly=True,
        help="The Monday at whose start the opportunities were as they are here.",
    )
    lead_id = fields.Many2one(index=False)  # the index of the constraint serves
    partner_id = fields.Many2one(related="lead_id.partner_id", string="Customer")
    won_status = fields.Selection(
        [("pending", "Pending"), ("won", "Won"), ("lost", "Lost")],
        string="Outcome",
        compute="_compute_won_status",
        search="_search_won_status",
        compute_sudo=True,
    )
    amount = fields.Monetary("Expected Revenue", readonly=True)
    weighted_amount = fields.Monetary(
        "Weighted Revenue",
        readonly=True,
        help="The expected revenue times the probability.",
    )
    recurring_revenue_monthly = fields.Monetary(
        "Expected Monthly Recurring Revenue", readonly=True
    )
    currency_id = FactMany2one(
        "res.currency", compute="_compute_currency_id", store=True, readonly=True
    )
    probability = fields.Float(
        "Probability (%)", aggregator="avg", readonly=True, digits=(16, 2)
    )
    date_deadline = fields.Date("Expected Closing", readonly=True)
    stage_id = FactMany2one("crm.stage", readonly=True, ondelete="restrict")
    pipeline_id = FactMany2one("crm.pipeline", readonly=True, ondelete="restrict")
    user_id = FactMany2one("res.users", string="Salesperson", readonly=True)
    team_id = FactMany2one("crm.team", string="Sales Team", readonly=True)
    company_id = FactMany2one("res.company", readonly=True)
    user_name = fields.Char("Former Salesperson", readonly=True)
    team_name = fields.Char("Former Sales Team", readonly=True)

    # Besides its own, the survivor of a merge has those of the merged opportunities.
    _lead_week_idx = models.UniqueIndex(
        "(lead_id, date, COALESCE(former_lead_id, 0))",
        "An opportunity has one snapshot a week.",
    )
    _forecast_idx = models.Index("(date, company_id, date_deadline)")

    @api.depends("former_status", "lead_id.won_status")
    def _compute_won_status(self):
        for snapshot in self:
            snapshot.won_status = snapshot.lead_id.won_status or snapshot.former_status

    @api.model
    def _search_won_status(self, operator, value):
        return Domain("lead_id.won_status", operator, value) | Domain(
            "former_status", operator, value
        )

    # ------------------------------------------------------------
    # Taking
    # ------------------------------------------------------------

    @api.model
    def _cron_take_snapshots(self):
        """Take this week's snapshots, then delete those that are too old."""
        self._take_snapshots()
        self.env["ir.cron"]._commit_progress()
        self._purge()

    @api.model
    def _take_snapshots(self):
        """Write a row for each opportunity that was open when the week began, for the
        companies that have no rows of this week yet. A row that a history has left of
        this week gives way.

        What was closed since then is as it was in the stage where it stood, what was
        put on hold since then is as it is; what began or woke up since then is left
        out.

        :return: number of rows written
        """
        leads = self.env["crm.lead"]
        leads.flush_model()
        self.env["crm.lead.passage"].flush_model()
        now = fields.Datetime.now().replace(tzinfo=UTC)
        companies = (
            self.env["res.company"].sudo().with_context(active_test=False).search([])
        )
        weeks = SQL(", ").join(
            SQL(
                "(%s, %s::date, %s::timestamp, %s, %s)",
                company.id,
                monday,
                company._get_midnight(monday),
                company.currency_id.id,
                company.currency_id.rounding,
            )
            for company in companies
            for monday in [self._get_week(company, now)]
        )
        self.env.cr.execute(
            SQL(
                """WITH week (company_id, date, start, currency_id, unit) AS (
                       VALUES %(weeks)s
                   ), due AS (
                       SELECT * FROM week
                        WHERE NOT EXISTS (
                                SELECT FROM crm_forecast_snapshot AS snapshot
                                 WHERE snapshot.date = week.date
                                   AND snapshot.is_from_history IS NOT TRUE
                                   AND COALESCE(snapshot.company_id, %(company)s)
                                       = week.company_id)
                   )
                   INSERT INTO crm_forecast_snapshot
                          (date, lead_id, %(columns)s)
                   SELECT week.date, lead.id, COALESCE(lead.expected_revenue, 0),
                          round(COALESCE(state.weighted, 0) / week.unit) * week.unit,
                          COALESCE(lead.recurring_revenue_monthly, 0),
                          state.probability, lead.date_deadline,
                          state.stage_id, state.pipeline_id, lead.user_id,
                          lead.team_id, lead.company_id, week.currency_id
                     FROM crm_lead AS lead
                     JOIN due AS week
                       ON week.company_id = COALESCE(lead.company_id, %(company)s)
                     JOIN LATERAL (
                             SELECT COALESCE(lead.probability, 0) AS probability,
                                    lead.prorated_revenue AS weighted,
                                    lead.stage_id, lead.pipeline_id
                              WHERE %(is_pending)s
                                AND %(was_awake)s
                              UNION ALL
                            (SELECT COALESCE(stay.probability, 0),
                                    round(lead.expected_revenue
                                          * stay.probability::numeric / 100, 2),
                                    stay.stage_id, stay.pipeline_id
                               FROM crm_lead_passage AS stay
                              WHERE stay.lead_id = lead.id
                                AND lead.won_status IN ('won', 'lost')
                                AND lead.date_closed >= week.start
                                AND lead.date_closed <= %(now)s
                                AND stay.date_in < week.start
                                AND stay.date_out >= week.start
                                AND %(was_awake)s
                           ORDER BY stay.date_in DESC
                              LIMIT 1)
                          ) AS state ON TRUE
                    WHERE lead.type = 'opportunity'
                      AND (lead.date_start < week.start
                           OR lead.date_start > %(now)s
                           OR lead.date_start IS NULL)
              ON CONFLICT (lead_id, date, COALESCE(former_lead_id, 0))
                DO UPDATE SET (%(columns)s, is_from_history, user_name, team_name)
                            = (%(values)s, FALSE, NULL, NULL)
                        WHERE crm_forecast_snapshot.is_from_history""",
                weeks=weeks,
                columns=SQL(", ").join(map(SQL.identifier, TAKEN)),
                values=SQL(", ").join(SQL.identifier("excluded", n) for n in TAKEN),
                now=now.replace(tzinfo=None),
                company=self.env.company.id,
                is_pending=leads._get_pending_sql("lead"),
                was_awake=leads._get_awake_sql("lead", SQL("week.start")),
            )
        )
        count = self.env.cr.rowcount
        self.invalidate_model()
        return count

    @api.model
    def _get_week(self, company, now):
        """Return the Monday of the week in which the company is.

        :param now: aware datetime
        """
        today = now.astimezone(company._get_time_zone()).date()
        return today - timedelta(days=today.weekday())

    # ------------------------------------------------------------
    # Keeping
    # ------------------------------------------------------------

    @api.model
    def _get_retention_months(self):
        """Return for how many months snapshots are kept; 0: for ever."""
        value = (
            self.env["ir.config_parameter"]
            .sudo()
            .get_param(RETENTION_PARAMETER, DEFAULT_MONTHS)
        )
        try:
            return max(0, int(value))
        except ValueError:
            return DEFAULT_MONTHS

    @api.model
    def _set_retention_months(self, months):
        """Keep for how many months snapshots are kept; 0: for ever."""
        self._check_retention_months(months)
        self.env["ir.config_parameter"].sudo().set_param(
            RETENTION_PARAMETER, str(months)
        )

    @api.model
    def _check_retention_months(self, months):
        if months < 0:
            raise ValidationError(
                self.env._(
                    "Forecast snapshots cannot be kept for a negative number of "
                    "months. Give 0 to keep them for ever."
                )
            )

    @api.model
    def _purge(self):
        """Delete, in batches, the snapshots that are older than the setting says.

        :return: number of rows deleted
        """
        months = self._get_retention_months()
        if not months:
            return 0
        oldest = fields.Date.today() - relativedelta(months=months)
        total, count = 0, PURGE_BATCH
        while count == PURGE_BATCH:
            self.env.cr.execute(
                SQL(
                    """DELETE FROM crm_forecast_snapshot
                        WHERE id IN (SELECT id FROM crm_forecast_snapshot
                                      WHERE date < %s LIMIT %s)""",
                    oldest,
                    PURGE_BATCH,
                )
            )
            count = self.env.cr.rowcount
            total += count
            if not self.env["ir.cron"]._commit_progress(count):
                break
        self.invalidate_model()
        return total
