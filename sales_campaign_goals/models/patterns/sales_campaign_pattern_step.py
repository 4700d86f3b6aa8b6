from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.sales_pipeline_plus.tools.arguments import (
    check_id,
    check_records,
    get_context_id,
)

from .sales_campaign_pattern import WON_OPPORTUNITIES


class SalesCampaignPatternStep(models.Model):
    """A step of a goal pattern: what is counted, and how many percent succeed."""

    _name = "sales.campaign.pattern.step"
    _inherit = "sales.campaign.goal.definition"
    _description = "Step of a Goal Pattern"
    _order = "pattern_id, tree_path, id"
    _check_company_auto = True

    name = fields.Char(string="Step", required=True, translate=True)
    sequence = fields.Integer(default=10)
    pattern_id = fields.Many2one(
        "sales.campaign.pattern", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="pattern_id.company_id", store=True, index="btree_not_null"
    )
    parent_id = fields.Many2one(
        "sales.campaign.pattern.step",
        string="Leads To",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('pattern_id', '=', pattern_id), ('id', '!=', id)]",
        help="The step above: what a success of this step brings.",
    )
    child_ids = fields.One2many(
        "sales.campaign.pattern.step", "parent_id", string="Steps Below"
    )
    tree_path = fields.Char(
        compute="_compute_tree_path", store=True, recursive=True, copy=False
    )
    is_root = fields.Boolean(compute="_compute_is_root")
    indented_name = fields.Char(string="Steps", compute="_compute_indented_name")
    template_id = fields.Many2one(
        "sales.campaign.goal.template",
        string="Ready-made Goal",
        ondelete="set null",
        check_company=True,
        help="Fills in what is counted; everything can be changed afterwards.",
    )
    rate = fields.Float(
        string="Success (%)",
        required=True,
        default=0.0,
        digits=(16, 2),
        aggregator=None,
        help="How many percent of this step bring one of the step above: above 0, and "
        "100 at most.",
    )
    days_after = fields.Integer(
        string="Days after the End",
        help="By when this step is due: so many days after the end of the campaign. "
        "Meetings are held at the show, orders come later.",
    )
    needed = fields.Float(
        compute="_compute_needed",
        digits=(16, 0),
        help="How many are needed for the example, rounded up at each step.",
    )

    _no_days_before = models.Constraint(
        "CHECK(days_after BETWEEN 0 AND 36500)",
        "A step of a goal pattern is due on the last day of the campaign at the "
        "earliest: the days after the end must be between 0 and 36,500.",
    )
    _one_root = models.UniqueIndex(
        "(pattern_id) WHERE parent_id IS NULL",
        "A goal pattern has one step at the top: the won opportunities. Choose what "
        "this step leads to.",
    )

    def _get_real_id(self):
        """Id in the database, also of a step that is being edited."""
        return self._origin.id or self.id

    # ------------------------------------------------------------
    # TREE
    # ------------------------------------------------------------

    @api.depends("sequence", "parent_id.tree_path")
    def _compute_tree_path(self):
        """Let the steps be sorted as a tree, each one above those that lead to it."""
        for step in self:
            number = step._origin.id or 0
            own = f"{max(0, step.sequence):06d}.{number:010d}/"
            step.tree_path = f"{step.parent_id.tree_path or ''}{own}"

    @api.depends("parent_id")
    def _compute_is_root(self):
        for step in self:
            step.is_root = not step.parent_id

    @api.depends("name", "tree_path")
    def _compute_indented_name(self):
        for step in self:
            depth = (step.tree_path or "/").count("/") - 1
            indent = "\u2003" * (depth - 1) + "└ " if depth > 0 else ""
            step.indented_name = f"{indent}{step.name or ''}"

    @api.depends(
        "rate",
        "parent_id",
        "pattern_id.example_revenue",
        "pattern_id.average_basket",
        "pattern_id.step_ids.rate",
        "pattern_id.step_ids.parent_id",
    )
    def _compute_needed(self):
        """0 as long as a rate or the average basket is missing."""
        self.needed = 0.0
        for pattern, steps in self.grouped("pattern_id").items():
            edited = pattern
            if pattern.id and not any(steps._ids):  # the one of the open form
                edited = pattern.new(origin=pattern)
            try:
                needed = edited._get_needed(edited.example_revenue)
            except ValueError:
                continue
            counts = {step._get_real_id(): value for step, value in needed.items()}
            for step in steps:
                step.needed = counts.get(step._get_real_id(), 0)

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.constrains("rate", "parent_id")
    def _check_rate(self):
        for step in self:
            if step.parent_id and not 0 < step.rate <= 100:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s” of the goal pattern “%(pattern)s”: a rate of "
                        "%(rate)s %% cannot be. Enter how many percent succeed, above "
                        "0 and 100 at most.",
                        step=step.name,
                        pattern=step.pattern_id.name,
                        rate=step.rate,
                    )
                )

    @api.constrains("parent_id", "pattern_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A step cannot lead to itself."))
        for step in self:
            if step.parent_id and step.parent_id.pattern_id != step.pattern_id:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s” leads to “%(parent)s”: both must belong to "
                        "the same goal pattern.",
                        step=step.name,
                        parent=step.parent_id.name,
                    )
                )

    @api.constrains("measure", "direction", "counting")
    def _check_countable(self):
        for step in self:
            is_sum = step.counting == "automatic" and step.measure == "sum"
            if is_sum or step.direction != "at_least":
                raise ValidationError(
                    self.env._(
                        "Step “%s”: a step counts how many there are at least. Sums "
                        "and limits cannot be steps of a goal pattern.",
                        step.name,
                    )
                )

    @api.constrains("parent_id", *WON_OPPORTUNITIES)
    def _check_root(self):
        for step in self.filtered("is_root"):
            same = all(
                step[fname] == value
                for fname, value in WON_OPPORTUNITIES.items()
                if fname != "condition"
            )
            won = self.new(WON_OPPORTUNITIES)._get_condition_domain()
            if not same or step._get_condition_domain() != won:
                raise ValidationError(
                    self.env._(
                        "Step “%s” is at the top of its goal pattern: it counts the "
                        "won opportunities.",
                        step.name,
                    )
                )

    # ------------------------------------------------------------
    # CHANGES
    # ------------------------------------------------------------

    @api.model
    def _get_origin_fields(self):
        return ["template_id"]

    @api.model
    def _prepare_root_vals(self):
        return {
            "name": self.env._("Win opportunities"),
            "rate": 100.0,
            "days_after": 60,
            "date_field": "crm.lead.date_closed",
            **WON_OPPORTUNITIES,
        }

    @api.model
    def _prepare_template_vals(self, template):
        vals = template._prepare_goal_vals()
        del vals["target"]
        return vals

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if self.template_id:
            self.update(self._prepare_template_vals(self.template_id))

    @api.model_create_multi
    def create(self, vals_list):
        """Take over the ready-made goals; put a step in above another one if the
        context names it in ``insert_above_step_id``."""
        templates = self.env["sales.campaign.goal.template"]
        for vals in vals_list:
            if template := templates.browse(
                check_id(self.env, "template_id", vals.get("template_id"))
            ):
                for fname, value in self._prepare_template_vals(template).items():
                    vals.setdefault(fname, value)
        below = self.browse(get_context_id(self.env, "insert_above_step_id"))
        if below:
            below._check_insert_above()
            for vals in vals_list:
                vals.update(
                    pattern_id=below.pattern_id.id,
                    parent_id=below.parent_id.id,
                    sequence=below.sequence,
                )
        steps = super().create(vals_list)
        if below:
            below.parent_id = steps[-1]
        return steps

    def _check_insert_above(self):
        if not self.parent_id:
            raise UserError(
                self.env._(
                    "“%s” is at the top of its goal pattern: nothing can be above the "
                    "won opportunities.",
                    self.name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_root(self):
        if root := self.filtered("is_root"):
            raise UserError(
                self.env._(
                    "“%s” is at the top of its goal pattern and stays. Delete the "
                    "pattern, or the steps below.",
                    root[0].name,
                )
            )

    def unlink(self):
        """Delete the steps below as well."""
        subtree = self | self.search([("id", "child_of", self.ids)])
        return super(SalesCampaignPatternStep, subtree).unlink()

    # ------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------

    def action_insert_above(self):
        """Open a new step between this one and what it leads to."""
        check_records(self)
        self.ensure_one()
        self._check_insert_above()
        return self._get_new_step_action(
            self.env._("New Step between “%s” and What It Leads to", self.name),
            default_parent_id=self.parent_id.id,
            insert_above_step_id=self.id,
        )

    def action_insert_below(self):
        """Open a new step that leads to this one."""
        check_records(self)
        self.ensure_one()
        return self._get_new_step_action(
            self.env._("New Step That Leads to “%s”", self.name),
            default_parent_id=self.id,
            default_sequence=10 + max(self.child_ids.mapped("sequence"), default=0),
        )

    def _get_new_step_action(self, name, **context):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_pattern_id": self.pattern_id.id, **context},
        }

    def action_delete(self):
        """Delete this step with all that leads to it."""
        check_records(self)
        self.unlink()
        return True

    # ------------------------------------------------------------
    # GOALS
    # ------------------------------------------------------------

    def _get_goal_deadline(self, campaign):
        """Return by when the goal of this step is due, False for the end of the
        campaign."""
        if not self.days_after or not campaign.date_end:
            return False
        return campaign.date_end + timedelta(days=self.days_after)

    def _prepare_goal_vals(self, target):
        """Return the values of the goal of a campaign that this step makes."""
        self.ensure_one()
        return {
            "name": self.name,
            "target": float(target),
            **{fname: self[fname] for fname in self._get_definition_fields()},
        }
