from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records

from ...tools.days import check_days


class SalesCampaignGoal(models.Model):
    """What a campaign should bring, and how far it is.

    ``current`` and what follows from it are never stored: they are counted, for all
    goals at once, by :meth:`sales.campaign.goal.counter._count`, with the rights of the
    person who defined the goal and within the campaign's company. A campaign shared
    between companies counts those that the user has chosen.
    """

    _name = "sales.campaign.goal"
    _inherit = ["sales.campaign.goal.definition", "crm.kept.mixin"]
    _description = "Goal of a Campaign"
    _parent_name = "parent_id"
    _order = "campaign_id desc, sequence, id"
    _kept_fields = frozenset({"stored_date_reached"})
    _check_company_auto = True

    name = fields.Char(string="Goal", required=True)
    sequence = fields.Integer(default=10)
    campaign_id = fields.Many2one(
        "sales.campaign",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="campaign_id.company_id", store=True, index="btree_not_null"
    )
    currency_id = fields.Many2one(related="campaign_id.currency_id")
    template_id = fields.Many2one(
        "sales.campaign.goal.template",
        string="Ready-made Goal",
        ondelete="set null",
        check_company=True,
        help="Fills in what is counted; everything can be changed afterwards.",
    )
    target = fields.Float(required=True, default=1.0, digits=(16, 2))
    date_deadline = fields.Date(
        string="Deadline", help="By default, the end of the campaign."
    )
    deadline = fields.Date(
        string="By When",
        compute="_compute_period",
        help="The deadline, or the end of the campaign.",
    )
    start = fields.Date(
        string="Since",
        compute="_compute_period",
        help="The first day of the pace: the start of the campaign, for want of it the "
        "creation of the goal.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        domain="[('share', '=', False)]",
        index="btree_not_null",
        ondelete="restrict",
        help="Only the records of this salesperson count.",
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Only the records of this sales team count.",
    )
    parent_id = fields.Many2one(
        "sales.campaign.goal",
        string="Part Of",
        ondelete="cascade",
        index="btree_not_null",
        domain="[('campaign_id', '=', campaign_id), ('id', '!=', id)]",
    )
    child_ids = fields.One2many(
        "sales.campaign.goal", "parent_id", string="Shares of the Goal"
    )
    manual_count = fields.Integer(
        string="Counter", default=0, copy=False, help="What was counted by hand."
    )
    can_edit = fields.Boolean(compute="_compute_can_edit")

    _positive_target = models.Constraint(
        "CHECK(target > 0)", "The target of a goal must be more than zero."
    )
    _positive_count = models.Constraint(
        "CHECK(manual_count >= 0)", "The counter of a goal cannot be below zero."
    )

    # ------------------------------------------------------------
    # PERIOD
    # ------------------------------------------------------------

    @api.depends("date_deadline", "campaign_id.date_start", "campaign_id.date_end")
    def _compute_period(self):
        for goal in self:
            goal.deadline = goal.date_deadline or goal.campaign_id.date_end
            goal.start = goal.campaign_id.date_start or (
                goal.create_date and goal.create_date.date()
            )

    def _get_timezone(self):
        """Time zone of the days of a goal, the same for all who look at it."""
        self.ensure_one()
        return self.campaign_id.sudo()._get_goal_timezone()

    def _get_period_bounds(self):
        """Bounds of the campaign's dates for the date field of the records."""
        return self._get_countable_model()._get_goal_period_bounds(
            self._get_date_field_name(),
            self.campaign_id.date_start or None,
            self.campaign_id.date_end or None,
            self._get_timezone(),
        )

    @api.depends("campaign_id")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        allowed = self.env["sales.campaign"].browse(self.campaign_id.ids)
        allowed = allowed._filtered_access("write")
        for goal in self:
            goal.can_edit = goal.campaign_id._origin in allowed

    # ------------------------------------------------------------
    # CHECKS AND CHANGES
    # ------------------------------------------------------------

    @api.constrains("parent_id", "campaign_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A goal cannot be a part of itself."))
        for goal in self:
            if goal.parent_id and goal.parent_id.campaign_id != goal.campaign_id:
                raise ValidationError(
                    self.env._(
                        "Goal “%(goal)s” is a part of “%(parent)s”: both must belong "
                        "to the same campaign.",
                        goal=goal.name,
                        parent=goal.parent_id.name,
                    )
                )

    @api.constrains("date_deadline")
    def _check_deadline(self):
        for goal in self:
            check_days(goal, goal.name, "date_deadline")

    @api.constrains("res_model", "user_id", "team_id")
    def _check_for_whom(self):
        for goal in self:
            model = goal._get_countable_model()
            if model is None:
                continue
            for fname, path in (
                ("user_id", model._get_goal_user_field()),
                ("team_id", model._get_goal_team_field()),
            ):
                if goal[fname] and not path:
                    raise ValidationError(
                        self.env._(
                            "Goal “%(goal)s”: %(records)s have no field “%(field)s”. "
                            "Leave it empty.",
                            goal=goal.name,
                            records=model._get_goal_label(),
                            field=self._fields[fname]._description_string(self.env),
                        )
                    )

    @api.onchange("template_id")
    def _onchange_template_id(self):
        if template := self.template_id:
            self.update(template._prepare_goal_vals())

    @api.model_create_multi
    def create(self, vals_list):
        templates = self.env["sales.campaign.goal.template"]
        for vals in vals_list:
            if vals.get("template_id"):
                template = templates.browse(vals["template_id"])
                for fname, value in template._prepare_goal_vals().items():
                    vals.setdefault(fname, value)
        goals = super().create(vals_list)
        goals._update_date_reached()
        counted = goals.filtered("manual_count")
        counted.sudo()._add_entries({goal: goal.manual_count for goal in counted})
        return goals

    def write(self, vals):
        before = (
            {goal: goal.manual_count for goal in self} if "manual_count" in vals else {}
        )
        result = super().write(vals)
        if before:
            self.sudo()._add_entries(
                {goal: goal.manual_count - count for goal, count in before.items()}
            )
        shared = {
            fname: vals[fname]
            for fname in self._get_definition_fields()
            if fname in vals
        }
        if shared and self.child_ids:
            self.child_ids.write(shared)
        if not vals.keys() <= {
            "condition_user_id",
            "name",
            "sequence",
            "stored_date_reached",
        }:
            self._update_date_reached()
        return result

    def _counts_everything(self):
        """A manager of another company defines nothing for this one."""
        company = self.campaign_id.company_id.sudo()
        user = self._get_condition_user().sudo()
        return super()._counts_everything() and (
            user._is_superuser() or not company or company in user.company_ids
        )

    @api.model
    def _get_origin_fields(self):
        """A ready-made goal, the goal that this is a share of."""
        return ["template_id", "parent_id"]

    def action_renew_condition(self):
        """Answer for what the goals and their shares count from now on."""
        check_records(self)
        result = super().action_renew_condition()
        shares = self.child_ids.filtered(
            lambda share: (
                share._get_condition_key() == share.parent_id._get_condition_key()
            )
        )
        if shares:
            shares.action_renew_condition()
        self._update_date_reached()
        return result

    def action_open(self):
        """Open the form of this goal."""
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }
