from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaignPatternApply(models.TransientModel):
    """Old and new targets side by side, before a pattern is applied again."""

    _name = "sales.campaign.pattern.apply"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Apply a Goal Pattern Again"

    campaign_id = fields.Many2one(
        "sales.campaign", required=True, readonly=True, ondelete="cascade"
    )
    pattern_id = fields.Many2one(related="campaign_id.pattern_id")
    currency_id = fields.Many2one(related="campaign_id.currency_id")
    expected_revenue = fields.Monetary(related="campaign_id.expected_revenue")
    line_ids = fields.One2many("sales.campaign.pattern.apply.line", "wizard_id")
    other_goals = fields.Char(
        compute="_compute_other_goals",
        help="The goals of the campaign that the pattern has nothing to do with.",
    )

    @api.depends("campaign_id.goal_ids", "line_ids.goal_id")
    def _compute_other_goals(self):
        for wizard in self:
            goals = wizard.campaign_id.goal_ids.filtered(
                lambda goal: not goal.parent_id
            )
            others = goals - wizard.line_ids.goal_id
            wizard.other_goals = ", ".join(others.mapped("name"))

    def action_keep_all(self):
        """Keep every goal that is there."""
        check_records(self)
        return self._choose_all("keep")

    def action_replace_all(self):
        """Take the new target everywhere."""
        check_records(self)
        return self._choose_all("replace")

    def _choose_all(self, choice):
        self.ensure_one()
        self.line_ids.filtered("goal_id").choice = choice
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply the Pattern: %s", self.pattern_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_apply(self):
        """Make the goals that are missing and update those that are to be replaced.

        What a goal has counted, its history and its shares stay in any case.
        """
        check_records(self)
        self.ensure_one()
        campaign = self.campaign_id
        campaign.check_access("write")
        goals = campaign._get_pattern_goals()
        missing = {}
        for line in self.line_ids:
            step = line.step_id
            if not step:
                raise UserError(
                    self.env._(
                        "The pattern was changed in the meantime. Apply it again."
                    )
                )
            goal = goals.get(step)
            if goal and line.choice == "add":
                raise UserError(
                    self.env._(
                        "Step “%s” has its goal already. Keep it or replace it.",
                        step.name,
                    )
                )
            if line.choice != "add":
                goal = goal or line.goal_id
            if goal:
                line._update_goal(goal)
            elif line.choice != "keep":
                missing[step] = line.new_target
        if missing:
            campaign._create_pattern_goals(missing)
        return {"type": "ir.actions.act_window_close"}


class SalesCampaignPatternApplyLine(models.TransientModel):
    _name = "sales.campaign.pattern.apply.line"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Goal to Keep or to Replace"
    _rec_name = "step_id"

    wizard_id = fields.Many2one(
        "sales.campaign.pattern.apply", required=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "sales.campaign.pattern.step", readonly=True, ondelete="cascade"
    )
    goal_id = fields.Many2one("sales.campaign.goal", readonly=True, ondelete="set null")
    name = fields.Char(string="Name of the Goal", compute="_compute_name")
    old_target = fields.Float(digits=(16, 2), readonly=True)
    new_target = fields.Float(digits=(16, 2), readonly=True)
    changes = fields.Char(string="Changed by Hand", readonly=True)
    choice = fields.Selection(
        [("keep", "Keep"), ("replace", "Replace"), ("add", "Make Another")],
        string="What to Do",
        required=True,
        default="replace",
        help="Keep: the goal stays as it is; a new goal is not made. Replace: it "
        "becomes what the pattern says. Make Another: a goal that was there before the "
        "pattern stays, and a second one is made.",
    )

    @api.depends("goal_id", "step_id")
    def _compute_name(self):
        for line in self:
            if line.goal_id:
                line.name = line.goal_id.name
            else:
                line.name = self.env._("%s (new)", line.step_id.name)

    def _update_goal(self, goal):
        """Update a goal, or remember only what the pattern would make of it."""
        vals = self.step_id._prepare_goal_vals(self.new_target)
        kept = {"pattern_values": vals, "pattern_step_id": self.step_id.id}
        if self.choice == "replace":
            kept.update(
                {fname: value for fname, value in vals.items() if goal[fname] != value}
            )
            if deadline := self.step_id._get_goal_deadline(goal.campaign_id):
                kept["date_deadline"] = deadline
        goal.write(kept)
