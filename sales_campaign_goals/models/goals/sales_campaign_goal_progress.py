import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, formatLang

from ...tools.goal_pace import get_expected, get_percentage, get_state


class SalesCampaignGoal(models.Model):
    """How far a goal is: counted when it is read, never stored."""

    _inherit = "sales.campaign.goal"

    current = fields.Float(
        compute="_compute_progress",
        digits=(16, 2),
        help="What is there, in the company of the campaign: the same for everybody, "
        "with the rights of the person who defined the goal.",
    )
    remaining = fields.Float(
        compute="_compute_progress",
        digits=(16, 2),
        help="What is missing to reach the target.",
    )
    percentage = fields.Float(
        string="Progress (%)",
        compute="_compute_progress",
        aggregator="avg",
        help="What is there against the target, 0 to 100 and more.",
    )
    expected_today = fields.Float(
        string="Expected by Today",
        compute="_compute_progress",
        digits=(16, 2),
        help="What should be there by the end of today, at an even pace over the "
        "working days from the start to the deadline.",
    )
    state = fields.Selection(
        [
            ("on_track", "On track"),
            ("behind", "Behind"),
            ("reached", "Reached"),
            ("missed", "Missed"),
        ],
        compute="_compute_progress",
        search="_search_state",
        help="Behind: less is there than expected by today. Missed: the deadline has "
        "passed without the target.",
    )
    stored_date_reached = fields.Date(readonly=True, copy=False)
    date_reached = fields.Date(
        compute="_compute_date_reached",
        help="The day when the target was reached. It goes when less is there again.",
    )
    count_error = fields.Char(
        string="Cannot Be Counted",
        compute="_compute_progress",
        help="Why the goal keeps its last value, and who can mend it.",
    )
    is_whole = fields.Boolean(compute="_compute_kind")
    is_money = fields.Boolean(compute="_compute_kind")
    progress_text = fields.Char(string="Reached", compute="_compute_texts")
    expected_text = fields.Char(string="By Today", compute="_compute_texts")
    remaining_text = fields.Char(compute="_compute_texts")

    # ------------------------------------------------------------
    # PROGRESS
    # ------------------------------------------------------------

    @api.depends(
        "counting",
        "direction",
        "res_model",
        "condition",
        "condition_user_id",
        "measure",
        "sum_field",
        "within_dates",
        "date_field",
        "target",
        "user_id",
        "team_id",
        "manual_count",
        "child_ids.manual_count",
        "date_deadline",
        "campaign_id.date_start",
        "campaign_id.date_end",
        "campaign_id.company_id",
        "campaign_id.currency_id",
    )
    @api.depends_context("company", "allowed_company_ids", "lang")
    def _compute_progress(self):
        counted, errors = self.env["sales.campaign.goal.counter"]._count(
            self.filtered(lambda goal: goal.counting == "automatic")
        )
        shares = self.env["sales.campaign.goal.pace"]._get_elapsed_shares(self)
        for goal in self:
            if goal.counting == "manual":
                current = goal._get_manual_total()
            else:
                current = counted[goal]
            share, is_over = shares[goal]
            is_ceiling = goal.direction == "at_most"
            expected = goal._round(
                get_expected(goal.target, share, goal._is_whole(), is_ceiling)
            )
            goal.count_error = goal._describe_count_error(errors.get(goal))
            goal.current = current
            goal.remaining = max(0.0, goal._round(goal.target - current))
            goal.percentage = get_percentage(current, goal.target)
            goal.expected_today = expected
            goal.state = get_state(
                current, goal.target, expected, is_over, goal._is_whole(), is_ceiling
            )

    def _describe_count_error(self, reason):
        """Return why the goal cannot be counted and who must mend it, or False."""
        if not reason:
            return False
        user = self._get_condition_user().sudo()
        if not user or user._is_superuser():
            return self.env._(
                "Cannot be counted: %s. A sales manager must define it again.", reason
            )
        return self.env._(
            "Cannot be counted: %(reason)s. %(user)s or a sales manager must define it "
            "again.",
            reason=reason,
            user=user.name,
        )

    def _get_manual_total(self):
        """What was counted by hand, on this goal and on its shares."""
        self.ensure_one()
        return float(
            self.manual_count
            + sum(
                child._get_manual_total()
                for child in self.child_ids
                if child.counting == "manual"
            )
        )

    def _round(self, value):
        return self.currency_id.round(value) if self._is_money() else round(value, 2)

    @api.depends("state", "stored_date_reached", "deadline")
    def _compute_date_reached(self):
        for goal in self:
            if goal.state != "reached":
                goal.date_reached = False
            elif goal.direction == "at_most":
                goal.date_reached = goal.deadline
            else:
                goal.date_reached = (
                    goal.stored_date_reached or fields.Date.context_today(goal)
                )

    def _update_date_reached(self, day=None):
        """Keep the day on which the target was reached: today, or ``day``."""
        goals = self._with_all_companies()
        goals.invalidate_recordset(["current", "state"], flush=False)
        reached = goals.filtered(lambda goal: goal.state == "reached")
        new = reached.filtered(lambda goal: not goal.stored_date_reached)
        if new:
            new.sudo().stored_date_reached = day or fields.Date.context_today(self)
        if gone := (goals - reached).filtered("stored_date_reached"):
            gone.sudo().stored_date_reached = False

    @api.depends("counting", "measure", "res_model", "sum_field")
    def _compute_kind(self):
        for goal in self:
            goal.is_whole = goal._is_whole()
            goal.is_money = goal._is_money()

    @api.depends("current", "target", "expected_today", "remaining", "is_money")
    @api.depends_context("lang")
    def _compute_texts(self):
        for goal in self:
            goal.progress_text = self.env._(
                "%(current)s of %(target)s",
                current=goal._format(goal.current),
                target=goal._format(goal.target),
            )
            goal.expected_text = goal._format(goal.expected_today)
            goal.remaining_text = goal._format(goal.remaining)

    def _format(self, value):
        """Return a value as the user reads it, with its currency if it has one."""
        self.ensure_one()
        if self._is_money():
            return format_amount(
                self.env,
                value,
                self.currency_id,
                trailing_zeroes=value != int(value),
            )
        digits = 0 if value == int(value) else 1 if self._is_whole() else 2
        return formatLang(self.env, value, digits=digits)

    # ------------------------------------------------------------
    # SEARCHING, GROUPING AND ADDING UP WHAT IS NOT STORED
    # ------------------------------------------------------------

    @api.model
    def _get_live_fields(self):
        """Fields that are counted when they are read, with their type in SQL."""
        return {
            "current": SQL("double precision"),
            "remaining": SQL("double precision"),
            "percentage": SQL("double precision"),
            "expected_today": SQL("double precision"),
            "state": SQL("varchar"),
        }

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        goals = self.search([]).filtered(lambda goal: goal.state in value)
        return Domain("id", "in", goals.ids)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let what is counted be sorted, grouped and added up: the goals that the user
        may read are counted, at once, and their values become part of the query."""
        sql_type = self._get_live_fields().get(field_expr)
        if sql_type is None:
            return super()._field_to_sql(alias, field_expr, query)
        values = {}
        if query is None or not query.is_empty():
            goals = self.with_context(active_test=False).search([])
            values = {str(goal.id): goal[field_expr] for goal in goals}
        return SQL(
            "(%s::jsonb ->> %s::text)::%s",
            json.dumps(values),
            SQL.identifier(alias, "id"),
            sql_type,
        )
