from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaign(models.Model):
    """The pattern of a campaign, and the goals that it makes."""

    _inherit = "sales.campaign"

    pattern_id = fields.Many2one(
        "sales.campaign.pattern",
        string="Goal Pattern",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        tracking=True,
        help="Makes the goals of the campaign from its expected revenue.",
    )
    is_pattern_applied = fields.Boolean(compute="_compute_pattern_state")
    is_pattern_outdated = fields.Boolean(
        compute="_compute_pattern_state",
        help="The pattern would now give other targets than when it was applied.",
    )

    @api.depends(
        "pattern_id.average_basket",
        "pattern_id.step_ids.rate",
        "pattern_id.step_ids.parent_id",
        "goal_ids.pattern_step_id",
        "goal_ids.pattern_values",
        "expected_revenue",
        "currency_id",
    )
    def _compute_pattern_state(self):
        for campaign in self:
            applied = campaign._get_pattern_goals()
            targets = campaign._get_pattern_targets() if applied else {}
            campaign.is_pattern_applied = bool(applied)
            campaign.is_pattern_outdated = any(
                target != (applied[step].pattern_values or {}).get("target")
                for step, target in targets.items()
                if step in applied
            )

    @api.onchange("segment_id")
    def _onchange_segment_id(self):
        """Propose the pattern of the segment."""
        if self.segment_id and not self.pattern_id:
            company = self.company_id.id
            self.pattern_id = self.env["sales.campaign.pattern"].search(
                [
                    ("segment_id", "=", self.segment_id._origin.id),
                    ("company_id", "in", [False, company]),
                ],
                limit=1,
            )

    # ------------------------------------------------------------
    # TARGETS
    # ------------------------------------------------------------

    def _get_pattern_goals(self):
        """Return ``{step: goal}`` of the goals that the present pattern has made.

        The won opportunities are the same in each pattern: another pattern's goal of
        them, from before, is taken over.
        """
        self.ensure_one()
        pattern = self.pattern_id._origin
        goals, won = {}, None
        for goal in self.goal_ids if pattern else ():
            step = goal.pattern_step_id._origin
            if step.pattern_id == pattern:
                goals[step] = goal
            elif step.is_root:
                won = goal
        root = pattern.step_ids.filtered("is_root")
        if won and root and root not in goals:
            goals[root] = won
        return goals

    def _get_pattern_basket(self):
        """Average basket in the currency of the campaign, at today's rate."""
        self.ensure_one()
        pattern = self.pattern_id
        if pattern.currency_id == self.currency_id:
            return pattern.average_basket
        return pattern.currency_id._convert(
            pattern.average_basket,
            self.currency_id,
            self.company_id or self.env.company,
            fields.Date.context_today(self),
        )

    def _get_pattern_targets(self):
        """Return ``{step: target}``, nothing without an expected revenue."""
        self.ensure_one()
        if not self.pattern_id or self.expected_revenue <= 0:
            return {}
        try:
            return self.pattern_id._origin._get_needed(
                self.expected_revenue, self._get_pattern_basket()
            )
        except ValueError:
            return {}

    # ------------------------------------------------------------
    # APPLYING
    # ------------------------------------------------------------

    def action_apply_pattern(self):
        """Make the goals of the pattern; if there are any, show what would change."""
        check_records(self)
        self.ensure_one()
        self.check_access("write")
        if not self.pattern_id:
            raise UserError(
                self.env._("Campaign “%s”: choose a goal pattern first.", self.title)
            )
        if self.expected_revenue <= 0:
            raise UserError(
                self.env._(
                    "Campaign “%s”: enter the expected revenue first. The goals of the "
                    "pattern are computed from it.",
                    self.title,
                )
            )
        targets = self._get_pattern_targets()
        if not targets:
            raise UserError(
                self.env._(
                    "Goal pattern “%(pattern)s”: no goals can be computed. Check its "
                    "average basket, also in the currency of the campaign "
                    "“%(campaign)s”, and its rates.",
                    pattern=self.pattern_id.name,
                    campaign=self.title,
                )
            )
        if not self.goal_ids:
            self._create_pattern_goals(targets)
            return True
        return self._open_pattern_wizard(targets)

    def _get_similar_goals(self, steps):
        """Return ``{step: goal}`` of the goals that no pattern has made and that count
        what a step without a goal counts: they may be taken over."""
        self.ensure_one()
        taken = self._get_pattern_goals()
        free = self.goal_ids.filtered(
            lambda goal: not goal.pattern_step_id and not goal.parent_id
        )
        similar = {}
        for step in steps:
            if step in taken:
                continue
            found = free.filtered(lambda goal, step=step: goal._counts_as_step(step))
            if found:
                similar[step] = found[0]
                free -= found[0]
        return similar

    def _create_pattern_goals(self, targets):
        """Create the goals of these steps, from the top of the tree down."""
        first = 10 + max(self.goal_ids.mapped("sequence"), default=0)
        vals_list = []
        for rank, (step, target) in enumerate(targets.items()):
            vals = step._prepare_goal_vals(target)
            vals_list.append(
                {
                    **vals,
                    "campaign_id": self.id,
                    "date_deadline": step._get_goal_deadline(self),
                    "sequence": first + rank,
                    "pattern_step_id": step.id,
                    "pattern_values": vals,
                }
            )
        return self.env["sales.campaign.goal"].create(vals_list)

    def _open_pattern_wizard(self, targets):
        goals = self._get_pattern_goals()
        similar = self._get_similar_goals(targets)
        wizard = self.env["sales.campaign.pattern.apply"].create(
            {
                "campaign_id": self.id,
                "line_ids": [
                    fields.Command.create(
                        self._prepare_pattern_line(
                            step, target, goals.get(step), similar.get(step)
                        )
                    )
                    for step, target in targets.items()
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply the Pattern: %s", self.pattern_id.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _prepare_pattern_line(self, step, target, goal, similar=None):
        """A goal that was changed by hand is kept unless the user says otherwise; one
        that counts the same is taken over."""
        vals = {"step_id": step.id, "new_target": target, "choice": "replace"}
        if goal:
            vals.update(
                goal_id=goal.id,
                old_target=goal.target,
                changes=goal._describe_changes(),
                choice="keep" if goal.is_changed_by_hand else "replace",
            )
        elif similar:
            vals.update(
                goal_id=similar.id,
                old_target=similar.target,
                changes=self.env._("Counts the same: it is taken over"),
                choice="replace",
            )
        return vals
