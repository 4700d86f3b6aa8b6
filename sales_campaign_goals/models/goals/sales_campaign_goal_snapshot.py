import json
import logging
from datetime import UTC, timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.sales_pipeline_plus.tools.jobs import run_batch

from ...tools.goal_pace import get_elapsed_share

_logger = logging.getLogger(__name__)

MAX_CHART_POINTS = 60


class SalesCampaignGoalSnapshot(models.Model):
    """How far a goal was at the end of a day, written every night."""

    _name = "sales.campaign.goal.snapshot"
    _description = "Progress of a Goal"
    _order = "date desc, id desc"
    _rec_name = "goal_id"

    goal_id = fields.Many2one(
        "sales.campaign.goal", required=True, ondelete="cascade", readonly=True
    )
    campaign_id = fields.Many2one(
        related="goal_id.campaign_id", store=True, index=True, readonly=True
    )
    company_id = fields.Many2one(
        related="goal_id.company_id", store=True, index="btree_not_null", readonly=True
    )
    date = fields.Date(required=True, readonly=True)
    current = fields.Float(digits=(16, 2), readonly=True, aggregator="sum")
    expected = fields.Float(
        string="Expected by Then", digits=(16, 2), readonly=True, aggregator="sum"
    )
    target = fields.Float(digits=(16, 2), readonly=True, aggregator="sum")

    _unique_day = models.Constraint(
        "UNIQUE(goal_id, date)", "The progress of a goal is kept once a day."
    )


class SalesCampaignGoal(models.Model):
    _inherit = "sales.campaign.goal"

    snapshot_ids = fields.One2many("sales.campaign.goal.snapshot", "goal_id")
    burn_up = fields.Char(
        string="Progress over Time",
        compute="_compute_burn_up",
        help="What was there at the end of each day, against the pace.",
    )

    # ------------------------------------------------------------
    # EVERY NIGHT
    # ------------------------------------------------------------

    @api.model
    def _cron_take_snapshots(self, batch_size=1000):
        """Keep the progress of the goals of all active campaigns."""
        goals = self.search([("campaign_id.active", "=", True)], order="id")
        remaining = len(goals)
        for start in range(0, len(goals), batch_size):
            batch = self.browse(goals[start : start + batch_size].ids)
            batch = batch._with_all_companies()
            run_batch(self.env, _logger, batch, "_take_snapshots")
            remaining -= len(batch)
            self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining)

    def _with_all_companies(self):
        """Count goals of shared campaigns in all companies, whoever is asking."""
        companies = self.env["res.company"].sudo().search([])
        current = self.env.company
        return self.sudo().with_context(
            allowed_company_ids=[current.id, *(companies - current).ids]
        )

    def _get_closing_day(self):
        """Day that a snapshot taken now belongs to: before six in the morning, the day
        that has just ended."""
        self.ensure_one()
        now = fields.Datetime.now().replace(tzinfo=UTC)
        local = now.astimezone(pytz.timezone(self._get_timezone()))
        return (local - timedelta(hours=6)).date()

    def _take_snapshots(self):
        """Write one row per goal and day; again on the same day, it is replaced."""
        days = {goal: goal._get_closing_day() for goal in self}
        running = self._get_running(days)
        for day in set(days.values()):
            goals = running.filtered(lambda goal, day=day: days[goal] == day)
            goals._insert_snapshots(day)
            goals._update_date_reached(day)

    def _get_running(self, days):
        """Leave out goals that have not started, and those that are over and have not
        changed since their last snapshot."""
        last = dict(
            self.env.execute_query(
                SQL(
                    """SELECT DISTINCT ON (goal_id) goal_id, current
                         FROM sales_campaign_goal_snapshot
                        WHERE goal_id = ANY(%s)
                     ORDER BY goal_id, date DESC""",
                    self.ids,
                )
            )
        )
        return self.filtered(
            lambda goal: (
                (not goal.start or goal.start <= days[goal])
                and (
                    not goal.deadline
                    or days[goal] <= goal.deadline
                    or last.get(goal.id) != goal.current
                )
            )
        )

    def _insert_snapshots(self, day):
        if not self:
            return
        shares = self.env["sales.campaign.goal.pace"]._get_elapsed_shares(self, day)
        expected = [goal._round(goal.target * shares[goal][0]) for goal in self]
        self.env.execute_query(
            SQL(
                """INSERT INTO sales_campaign_goal_snapshot
                          (goal_id, campaign_id, company_id, date, current, expected,
                           target, create_uid, create_date, write_uid, write_date)
                   SELECT goal.id, goal.campaign_id, goal.company_id, %(day)s,
                          day.current, day.expected, goal.target,
                          %(user)s, now() AT TIME ZONE 'UTC',
                          %(user)s, now() AT TIME ZONE 'UTC'
                     FROM unnest(%(goals)s::int[], %(current)s::numeric[],
                                 %(expected)s::numeric[])
                          AS day (goal_id, current, expected)
                     JOIN sales_campaign_goal AS goal ON goal.id = day.goal_id
              ON CONFLICT (goal_id, date) DO UPDATE
                      SET current = excluded.current,
                          expected = excluded.expected,
                          target = excluded.target,
                          write_date = excluded.write_date
                RETURNING id""",
                day=day,
                user=self.env.uid,
                goals=self.ids,
                current=self.mapped(lambda goal: goal.current),
                expected=expected,
            )
        )
        self.env["sales.campaign.goal.snapshot"].invalidate_model()
        self.invalidate_recordset(["snapshot_ids"], flush=False)

    # ------------------------------------------------------------
    # BURN-UP CHART
    # ------------------------------------------------------------

    @api.depends("snapshot_ids.current", "target", "start", "deadline", "current")
    @api.depends_context("lang")
    def _compute_burn_up(self):
        for goal in self:
            goal.burn_up = json.dumps(goal._get_burn_up()) if goal.ids else False

    def _get_burn_up(self):
        """Return the days, what was there then, and the pace."""
        self.ensure_one()
        today = self._get_today()
        actual = {row.date: row.current for row in self.snapshot_ids}
        if self.start and self.start > today:
            actual = {}
        else:
            actual[today] = self.current
        first = min([self.start or today, *actual])
        last = max([self.deadline or today, *actual])
        days = self._get_chart_days(first, last, today)
        return {
            "days": [format_date(self.env, day, date_format="d MMM") for day in days],
            "actual": [self._get_actual(actual, day) for day in days],
            "pace": self._get_pace(days),
            "is_whole": self._is_whole(),
        }

    @api.model
    def _get_chart_days(self, first, last, today):
        """Return the days of the chart: each one, or evenly spread ones."""
        step = max(1, -(-((last - first).days + 1) // MAX_CHART_POINTS))
        days = {first + timedelta(n) for n in range(0, (last - first).days + 1, step)}
        days.add(last)
        if first <= today <= last:
            days.add(today)
        return sorted(days)

    @api.model
    def _get_actual(self, actual, day):
        """Return what was there on this day; None when nobody knows yet."""
        known = [date for date in actual if date <= day]
        if not known or day > max(actual):
            return None
        return actual[max(known)]

    def _get_pace(self, days):
        """Return what should be there at the end of each of these days."""
        if not self.start or not self.deadline:
            return [None for _day in days]
        pace = self.env["sales.campaign.goal.pace"]
        first, last = pace._get_period(self)
        working_days = pace._get_working_days(pace._get_calendar(self), first, last)
        return [
            self._round(self.target * get_elapsed_share(working_days, first, last, day))
            for day in days
        ]
