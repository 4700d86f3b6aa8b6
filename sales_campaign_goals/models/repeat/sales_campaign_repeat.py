from odoo import api, fields, models

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaign(models.Model):
    """Doing a campaign again."""

    _inherit = "sales.campaign"

    predecessor_id = fields.Many2one(
        "sales.campaign",
        string="Done Again From",
        copy=False,
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        help="The campaign that this one repeats.",
    )
    successor_ids = fields.One2many(
        "sales.campaign", "predecessor_id", string="Done Again As"
    )
    successor_count = fields.Integer(compute="_compute_successor_count")

    @api.depends("successor_ids")
    def _compute_successor_count(self):
        for campaign in self:
            campaign.successor_count = len(campaign.successor_ids)

    # ------------------------------------------------------------
    # COPYING
    # ------------------------------------------------------------

    def copy(self, default=None):
        """Copy the goals too, with their counters at zero. Links, costs and what was
        reached stay behind."""
        copies = super().copy(default)
        if "goal_ids" not in (default or {}):
            for campaign, new in zip(self, copies, strict=True):
                campaign._copy_goals(new)
        return copies

    def copy_data(self, default=None):
        """A copy of an archived campaign is not archived."""
        default = {"active": True, **(default or {})}
        return super().copy_data(default)

    def _copy_goals(self, new, shift=None):
        """Copy the goals of this campaign to another one, a level at a time.

        :param shift: what is added to the deadlines of the goals
        :return: ``{goal: its copy}``
        """
        self.ensure_one()
        copies = {}
        goals = self.goal_ids
        level = goals.filtered(lambda goal: goal.parent_id not in goals)
        while level:
            vals_list = level.copy_data({"campaign_id": new.id})
            for goal, vals in zip(level, vals_list, strict=True):
                parent = copies.get(goal.parent_id)
                vals["parent_id"] = parent.id if parent else False
                if shift and goal.date_deadline:
                    vals["date_deadline"] = goal.date_deadline + shift
            new_goals = goals._copying().create(vals_list)
            new_goals = new_goals.with_env(self.env)
            new_goals._take_over_condition_users(
                dict(zip(new_goals, level, strict=True)), is_elsewhere=True
            )
            # a goal and its copy are of different campaigns: their keys as well
            copies.update(zip(level, new_goals, strict=True))
            level = goals.filtered(lambda goal, done=level: goal.parent_id in done)
        return copies

    def _repeat(self, vals, shift):
        """Do this campaign again.

        :param vals: title, dates and the like of the new campaign
        :param shift: what is added to the deadlines of the goals
        :return: the new campaign
        """
        self.ensure_one()
        new = self.copy({**vals, "predecessor_id": self.id, "goal_ids": []})
        for goal, copied in self._copy_goals(new, shift).items():
            copied.predecessor_goal_id = goal
        return new

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_repeat(self):
        """Open the dialog that does this campaign again."""
        check_records(self)
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Do It Again: %s", self.title),
            "res_model": "sales.campaign.repeat",
            "view_mode": "form",
            "target": "new",
            "context": {"default_campaign_id": self.id},
        }

    def action_view_successors(self):
        """Open the campaigns that repeat this one."""
        check_records(self)
        self.ensure_one()
        campaigns = self.successor_ids
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_campaign_goals.sales_campaign_action"
        )
        if len(campaigns) == 1:
            action.update(view_mode="form", views=[(False, "form")])
            action["res_id"] = campaigns.id
        else:
            action.update(domain=[("id", "in", campaigns.ids)], context={})
        return action


class SalesCampaignGoal(models.Model):
    """What a goal came to last time."""

    _inherit = "sales.campaign.goal"

    predecessor_goal_id = fields.Many2one(
        "sales.campaign.goal",
        string="Goal of Last Time",
        copy=False,
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    last_time_text = fields.Char(
        string="Last Time",
        compute="_compute_last_time_text",
        help="What was reached when the campaign was done before.",
    )
    last_time_percentage = fields.Float(
        string="Last Time (%)",
        compute="_compute_last_time_text",
        aggregator="avg",
    )

    @api.depends("predecessor_goal_id.progress_text", "predecessor_goal_id.percentage")
    @api.depends_context("lang")
    def _compute_last_time_text(self):
        for goal in self:
            before = goal.predecessor_goal_id
            goal.last_time_text = before.progress_text
            goal.last_time_percentage = before.percentage
