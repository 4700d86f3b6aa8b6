from datetime import timedelta

from odoo import api, fields, models

from ...kpi.target_period import get_start


class CrmForecastCall(models.Model):
    """What somebody says will be won in a month or quarter, week by week.

    A call is of the week in which it is stated, and is never changed: another one of
    the same week replaces it and both are kept. It is for what its author sells, or
    for a team. It stays with the team that its author was in then.
    """

    _name = "crm.forecast.call"
    _inherit = ["crm.naming.mixin", "crm.kept.mixin", "crm.period.mixin"]
    _description = "Forecast Call"
    _order = "week desc, date_start desc, id desc"
    _kept_fields = frozenset({"currency_id", "date_end", "is_replaced"})

    user_id = fields.Many2one(
        "res.users",
        string="Called By",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    scope = fields.Selection(
        [("own", "Own Opportunities"), ("team", "Team")],
        string="For",
        required=True,
        default="own",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        index="btree_not_null",
        domain="[('company_id', 'in', [company_id, False])]",
        help="Of a call for own opportunities, the team that its author was in then.",
    )
    date_start = fields.Date(
        compute="_compute_date_start",
        store=True,
        readonly=False,
        precompute=True,
        help="The first day of the month or quarter. Quarters are those of the "
        "company's fiscal year.",
    )
    week = fields.Date(
        "Week of",
        required=True,
        compute="_compute_week",
        store=True,
        readonly=False,
        precompute=True,
        help="The Monday of the company's week in which it was stated.",
    )
    amount = fields.Monetary(
        "Amount Called",
        required=True,
        help="What will be won in the whole period, with what is won already.",
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id", store=True, precompute=True
    )
    note = fields.Text()
    is_replaced = fields.Boolean(
        "Replaced", readonly=True, help="By another call of the same week."
    )

    _amount_positive = models.Constraint(
        "CHECK(amount >= 0)", "A call cannot be below zero."
    )
    # What holds: one call of a week
    _unique_call = models.UniqueIndex(
        "(user_id, company_id, period_type, date_start, week, scope, "
        "COALESCE(CASE WHEN scope = 'team' THEN team_id END, 0)) "
        "WHERE NOT COALESCE(is_replaced, FALSE)",
        "Another call of this week was stated at the same time. Try again.",
    )
    _period_idx = models.Index("(company_id, period_type, date_start, week)")

    @api.depends("user_id", "company_id", "scope")
    def _compute_team_id(self):
        """Propose the team that the author is in, if it is not theirs yet; what a team
        is called for by somebody else keeps its team."""
        calls = self.filtered(
            lambda call: call.user_id and call.user_id not in call.team_id.member_ids
        )
        for company in calls.company_id:
            some = calls.filtered(lambda call: call.company_id == company)  # noqa: B023
            teams = some.user_id._get_teams_for_targets(company)
            for call in some:
                chosen = call.scope == "team" and call.team_id
                call.team_id = chosen or teams.get(call.user_id.id)

    @api.depends("period_type", "company_id")
    def _compute_date_start(self):
        """Propose the period that runs."""
        for call in self:
            company = call.company_id or self.env.company
            call.date_start = get_start(
                company._get_day(fields.Datetime.now()),
                call.period_type or "month",
                int(company.fiscalyear_last_month or 12),
            )

    @api.model
    def _get_running_week(self, company):
        """Return the Monday of the week in which the company is."""
        today = company._get_day(fields.Datetime.now())
        return today - timedelta(days=today.weekday())

    @api.depends("company_id")
    def _compute_week(self):
        for call in self:
            call.week = call.week or self._get_running_week(
                call.company_id or self.env.company
            )

    @api.depends("user_id", "scope", "team_id", "period_name")
    def _compute_display_name(self):
        for call in self:
            owner = call.team_id if call.scope == "team" else call.user_id
            call.display_name = self.env._(
                "Call of %(owner)s, %(period)s",
                owner=owner.sudo().display_name or "",
                period=call.period_name or "",
            )
