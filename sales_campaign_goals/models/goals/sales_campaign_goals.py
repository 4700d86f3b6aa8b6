from odoo import api, fields, models

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaign(models.Model):
    """The goals of a campaign and how far they are."""

    _inherit = "sales.campaign"

    goal_ids = fields.One2many("sales.campaign.goal", "campaign_id", string="Goals")
    goal_count = fields.Integer(compute="_compute_goal_progress", string="Goals Set")
    goal_reached_count = fields.Integer(
        compute="_compute_goal_progress", string="Goals Reached"
    )
    goal_percentage = fields.Float(
        string="Goals (%)",
        compute="_compute_goal_progress",
        help="The average progress of the goals, each 100 % at most. The shares of a "
        "goal and the goals that are a limit are left out.",
    )
    goal_state = fields.Selection(
        [
            ("on_track", "On track"),
            ("behind", "Behind"),
            ("reached", "Reached"),
            ("missed", "Missed"),
        ],
        string="State of the Goals",
        compute="_compute_goal_progress",
        search="_search_goal_state",
        help="Behind when a goal is behind, missed when one is missed; reached when "
        "all are.",
    )

    @api.depends(
        "goal_ids.state",
        "goal_ids.percentage",
        "goal_ids.parent_id",
        "goal_ids.direction",
    )
    def _compute_goal_progress(self):
        for campaign in self:
            # Counted together with the goals of the other campaigns.
            goals = campaign.goal_ids.filtered(lambda goal: not goal.parent_id)
            goals = goals.with_prefetch(self.goal_ids.ids)
            aims = goals.filtered(lambda goal: goal.direction == "at_least")
            states = goals.mapped("state")
            shares = [min(100.0, goal.percentage) for goal in aims]
            campaign.goal_count = len(goals)
            campaign.goal_reached_count = states.count("reached")
            campaign.goal_percentage = sum(shares) / len(shares) if shares else 0.0
            campaign.goal_state = self._get_worst_state(states)

    @api.model
    def _get_worst_state(self, states):
        for state in ("behind", "missed", "on_track", "reached"):
            if state in states:
                return state
        return False

    @api.model
    def _search_goal_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        campaigns = self.search([]).filtered(
            lambda campaign: campaign.goal_state in value
        )
        return [("id", "in", campaigns.ids)]

    def _get_goal_timezone(self):
        """Time zone in which the days of the goals are counted: the responsible's, for
        want of it the company's."""
        self.ensure_one()
        company = self.company_id or self.env.company
        return self.user_id.tz or company.resource_calendar_id.tz or "UTC"

    def action_view_goals(self):
        """Open the goals of this campaign."""
        check_records(self)
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_campaign_goals.sales_campaign_goal_action"
        )
        name = self.env._("Goals: %s", self.title)
        action.update(
            name=name,
            display_name=name,
            domain=[("campaign_id", "=", self.id)],
            context={"default_campaign_id": self.id},
        )
        return action
