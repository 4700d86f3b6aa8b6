from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records

from ..tools.goal_pace import split_exactly


class SalesCampaignGoalShare(models.TransientModel):
    """Give each salesperson or team a share of a goal; the shares add up to it."""

    _name = "sales.campaign.goal.share"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Share Out a Goal"

    goal_id = fields.Many2one("sales.campaign.goal", required=True, ondelete="cascade")
    campaign_id = fields.Many2one(related="goal_id.campaign_id")
    company_id = fields.Many2one(related="goal_id.company_id")
    is_whole = fields.Boolean(related="goal_id.is_whole")
    target = fields.Float(related="goal_id.target")
    shared_by = fields.Selection(
        [("user", "Salesperson"), ("team", "Sales team")],
        required=True,
        default="user",
    )
    line_ids = fields.One2many(
        "sales.campaign.goal.share.line",
        "share_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("goal_id", "shared_by")
    def _compute_line_ids(self):
        """Propose those who have a share already, or the people of the campaign."""
        for share in self:
            fname = share._get_whom_field()
            existing = share.goal_id.child_ids.filtered(fname)
            if existing:
                proposed = [(child[fname], child.target) for child in existing]
            else:
                proposed = [(record, 1.0) for record in share._get_proposed()]
            share.line_ids = [
                Command.clear(),
                *(
                    Command.create({fname: record.id, "weight": weight})
                    for record, weight in proposed
                ),
            ]

    def _get_whom_field(self):
        return f"{self.shared_by}_id"

    def _get_proposed(self):
        campaign = self.goal_id.campaign_id
        if self.shared_by == "team":
            return campaign.team_id or self.env["crm.team"].search(
                [("company_id", "in", [False, campaign.company_id.id])]
            )
        return campaign.user_id | campaign.member_ids or campaign.team_id.member_ids

    def action_share(self):
        """Make the shares, or bring those up to date that are there."""
        check_records(self)
        self.ensure_one()
        goal, fname = self.goal_id, self._get_whom_field()
        goal.check_access("write")
        lines = self.line_ids.filtered(fname)
        if not lines:
            raise UserError(
                self.env._("Choose who gets a share of the goal “%s”.", goal.name)
            )
        if len(lines[fname]) < len(lines):
            raise UserError(
                self.env._("Each salesperson or team can have one share only.")
            )
        children = {child[fname]: child for child in goal.child_ids if child[fname]}
        for line, target in zip(lines, self._split(lines), strict=True):
            if target <= 0:
                raise UserError(
                    self.env._(
                        "The share of %s is zero. Remove the line, or give it more "
                        "weight.",
                        line[fname].display_name,
                    )
                )
            vals = {"target": target}
            if child := children.pop(line[fname], None):
                child.write(vals)
            else:
                goal.create([goal._prepare_share_vals(line[fname], fname, vals)])
        for child in children.values():
            child.unlink()
        return goal.action_compare()

    def _split(self, lines):
        digits = 0 if self.goal_id._is_whole() else 2
        # One below zero is refused when it is saved; while it is written, it is none.
        weights = [max(weight, 0.0) for weight in lines.mapped("weight")]
        return split_exactly(self.goal_id.target, weights, digits)


class SalesCampaignGoalShareLine(models.TransientModel):
    _name = "sales.campaign.goal.share.line"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Share of a Goal"

    share_id = fields.Many2one(
        "sales.campaign.goal.share", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Salesperson", domain="[('share', '=', False)]"
    )
    team_id = fields.Many2one("crm.team", string="Sales Team")
    weight = fields.Float(
        default=1.0, help="Twice the weight is twice the share of the target."
    )
    target = fields.Float(
        string="Part of the Target", compute="_compute_target", digits=(16, 2)
    )

    @api.depends("weight", "share_id.line_ids.weight", "share_id.goal_id.target")
    def _compute_target(self):
        for share in self.share_id:
            lines = share.line_ids
            for line, target in zip(lines, share._split(lines), strict=True):
                line.target = target
        for line in self - self.share_id.line_ids:
            line.target = 0.0

    _positive_weight = models.Constraint(
        "CHECK(weight >= 0)", "The weight of a share cannot be below zero."
    )
