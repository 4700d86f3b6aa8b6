from odoo import api, fields, models

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaignGoal(models.Model):
    """The shares of a goal, side by side."""

    _inherit = "sales.campaign.goal"

    child_count = fields.Integer(compute="_compute_child_count")
    indented_name = fields.Char(string="Goals", compute="_compute_indented_name")

    @api.depends("name", "parent_id", "user_id", "team_id")
    @api.depends_context("lang")
    def _compute_indented_name(self):
        """A share is named by whose it is, under the goal that it is a part of."""
        for goal in self:
            whose = goal.user_id.name or goal.team_id.name or goal.name
            goal.indented_name = f"└ {whose}" if goal.parent_id else goal.name

    @api.depends("child_ids")
    def _compute_child_count(self):
        for goal in self:
            goal.child_count = len(goal.child_ids)

    def _prepare_share_vals(self, record, fname, vals):
        """Return the values of the share of this goal for a user or a team."""
        self.ensure_one()
        return {
            "name": self.env._(
                "%(goal)s: %(who)s", goal=self.name, who=record.display_name
            ),
            "campaign_id": self.campaign_id.id,
            "parent_id": self.id,
            "sequence": self.sequence,
            "date_deadline": self.date_deadline,
            "user_id": self.user_id.id,
            "team_id": self.team_id.id,
            fname: record.id,
            **{name: self[name] for name in self._get_definition_fields()},
            **vals,
        }

    def action_share(self):
        """Open the wizard that gives each salesperson or team a share of this goal."""
        check_records(self)
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Share Out: %s", self.name),
            "res_model": "sales.campaign.goal.share",
            "view_mode": "form",
            "target": "new",
            "context": {"default_goal_id": self.id},
        }

    def action_compare(self):
        """Open the shares of this goal side by side."""
        check_records(self)
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_campaign_goals.sales_campaign_goal_action"
        )
        name = self.env._("Comparison: %s", self.name)
        action.update(
            name=name,
            display_name=name,
            domain=[("parent_id", "=", self.id)],
            context={
                "default_parent_id": self.id,
                "create": False,
                "comparing_shares": True,
            },
            views=[
                (False, view) for view in ("list", "graph", "pivot", "kanban", "form")
            ],
        )
        return action
