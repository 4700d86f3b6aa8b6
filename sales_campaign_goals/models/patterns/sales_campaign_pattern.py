from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records
from odoo.addons.sales_pipeline_plus.tools.readable_name import get_readable_name

from ...tools.goal_pattern import get_needed_in_tree, get_needed_won

WON_OPPORTUNITIES = {
    "counting": "automatic",
    "direction": "at_least",
    "res_model": "crm.lead",
    "condition": "[('type', '=', 'opportunity'), ('won_status', '=', 'won')]",
    "measure": "count",
}


class SalesCampaignPattern(models.Model):
    """How many of each step it takes to make a revenue, in one market segment.

    At the top of the tree are the won opportunities: the expected revenue divided by
    the average basket. Of each step below, so many are needed that its rate of success
    gives those of the step above; always rounded up, exactly.
    """

    _name = "sales.campaign.pattern"
    _inherit = ["crm.naming.mixin"]
    _description = "Goal Pattern"
    _order = "segment_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    segment_id = fields.Many2one(
        "sales.campaign.segment",
        string="Market Segment",
        ondelete="set null",
        index="btree_not_null",
        check_company=True,
        help="The campaigns of this segment take this pattern by default.",
    )
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        index="btree_not_null",
        ondelete="restrict",
        help="Leave empty to share the pattern between all companies.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    average_basket = fields.Monetary(
        required=True, help="The revenue that an opportunity brings when it is won."
    )
    example_revenue = fields.Monetary(
        string="Example",
        default=20000.0,
        help="An expected revenue, to see what it takes. Campaigns bring their own.",
    )
    step_ids = fields.One2many(
        "sales.campaign.pattern.step", "pattern_id", string="Steps", copy=False
    )
    step_count = fields.Integer(compute="_compute_step_count")
    campaign_ids = fields.One2many("sales.campaign", "pattern_id", string="Campaigns")
    campaign_count = fields.Integer(compute="_compute_campaign_count")

    @api.depends("company_id")
    def _compute_currency_id(self):
        for pattern in self:
            if pattern.company_id or not pattern.currency_id:
                company = pattern.company_id or self.env.company
                pattern.currency_id = company.currency_id

    @api.depends("step_ids")
    def _compute_step_count(self):
        for pattern in self:
            pattern.step_count = len(pattern.step_ids)

    @api.depends("campaign_ids")
    def _compute_campaign_count(self):
        counts = dict(
            self.env["sales.campaign"]._read_group(
                [("pattern_id", "in", self.ids)], ["pattern_id"], ["__count"]
            )
        )
        for pattern in self:
            pattern.campaign_count = counts.get(pattern._origin, 0)

    @api.constrains("average_basket")
    def _check_average_basket(self):
        for pattern in self:
            if pattern.average_basket <= 0:
                raise ValidationError(
                    self.env._(
                        "Goal pattern “%s”: the average basket must be more than zero. "
                        "Enter what a won opportunity brings on average.",
                        pattern.name,
                    )
                )

    # ------------------------------------------------------------
    # HOW MANY ARE NEEDED
    # ------------------------------------------------------------

    def _get_needed(self, expected_revenue, average_basket=None):
        """Return ``{step: how many are needed}``, the top step first.

        :param average_basket: by default the pattern's; both in the same currency
        :raise ValueError: on an average basket of 0, or a rate of 0 or above 100
        """
        self.ensure_one()
        steps = self.step_ids.sorted("tree_path")
        by_id = {step._get_real_id(): step for step in steps}
        parents = {}
        for number, step in by_id.items():
            parent = step.parent_id._get_real_id()
            parents[number] = (parent if parent in by_id else None, step.rate)
        if average_basket is None:
            average_basket = self.average_basket
        needed = get_needed_in_tree(
            get_needed_won(expected_revenue, average_basket), parents
        )
        return {step: needed[number] for number, step in by_id.items()}

    # ------------------------------------------------------------
    # CHANGES
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Begin each tree with the won opportunities."""
        patterns = super().create(vals_list)
        steps = self.env["sales.campaign.pattern.step"]
        steps.create(
            [
                {"pattern_id": pattern.id, **steps._prepare_root_vals()}
                for pattern in patterns
                if not pattern.step_ids
            ]
        )
        return patterns

    def copy(self, default=None):
        """Copy the tree as well, for another segment."""
        copies = super().copy(default)
        for pattern, copy in zip(self, copies, strict=True):
            made = {}
            for step in pattern.step_ids.sorted("tree_path"):
                if not step.parent_id:
                    made[step] = copy.step_ids
                    made[step].name = step.name
                    continue
                made[step] = step.copy(
                    {"pattern_id": copy.id, "parent_id": made[step.parent_id].id}
                )
        return copies

    def copy_data(self, default=None):
        default = dict(default or {})
        vals_list = super().copy_data(default)
        if "name" not in default:
            for pattern, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", pattern.name)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        campaigns = self.env["sales.campaign"].sudo().with_context(active_test=False)
        if used := campaigns.search([("pattern_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Goal pattern “%(pattern)s” cannot be deleted while campaigns use "
                    "it, such as “%(campaign)s”. Archive it instead.",
                    pattern=used.pattern_id.name,
                    campaign=get_readable_name(used),
                )
            )

    def action_view_campaigns(self):
        """Open the campaigns that have this pattern."""
        check_records(self)
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_campaign_goals.sales_campaign_action"
        )
        action.update(
            domain=[("pattern_id", "=", self.id)],
            context={
                "default_pattern_id": self.id,
                "default_segment_id": self.segment_id.id,
            },
        )
        return action
