import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, formatLang

from ...tools.goal_pace import get_percentage, get_state


class SalesCampaignGoal(models.Model):
    """What a campaign should bring, and how far it is.

    ``current`` and what follows from it are never stored: they are counted, for all
    goals at once, by :meth:`sales.campaign.goal.counter._count`, above the user's rules
    and within the campaign's company. A campaign shared between companies counts those
    that the user has chosen.
    """

    _name = "sales.campaign.goal"
    _inherit = "sales.campaign.goal.definition"
    _description = "Goal of a Campaign"
    _parent_name = "parent_id"
    _order = "campaign_id desc, sequence, id"
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
    child_count = fields.Integer(compute="_compute_child_count")

    manual_count = fields.Integer(
        string="Counter", default=0, copy=False, help="What was counted by hand."
    )
    current = fields.Float(
        compute="_compute_progress",
        digits=(16, 2),
        help="What is there, above your own access rights, in the company of the "
        "campaign.",
    )
    remaining = fields.Float(
        compute="_compute_progress",
        digits=(16, 2),
        help="What is missing to reach the target.",
    )
    percentage = fields.Float(
        string="Progress (%)",
        compute="_compute_progress",
        aggregator="avg",
        help="What is there against the target, 0 to 100 and more.",
    )
    expected_today = fields.Float(
        string="Expected by Today",
        compute="_compute_progress",
        digits=(16, 2),
        help="What should be there by the end of today, at an even pace over the "
        "working days from the start to the deadline.",
    )
    state = fields.Selection(
        [
            ("on_track", "On track"),
            ("behind", "Behind"),
            ("reached", "Reached"),
            ("missed", "Missed"),
        ],
        compute="_compute_progress",
        search="_search_state",
        help="Behind: less is there than expected by today. Missed: the deadline has "
        "passed without the target.",
    )
    stored_date_reached = fields.Date(readonly=True, copy=False)
    date_reached = fields.Date(
        compute="_compute_date_reached",
        help="The day when the target was reached. It goes when less is there again.",
    )
    is_whole = fields.Boolean(compute="_compute_kind")
    is_money = fields.Boolean(compute="_compute_kind")
    progress_text = fields.Char(string="Reached", compute="_compute_texts")
    expected_text = fields.Char(string="By Today", compute="_compute_texts")
    remaining_text = fields.Char(compute="_compute_texts")
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

    # ------------------------------------------------------------
    # PROGRESS
    # ------------------------------------------------------------

    @api.depends(
        "counting",
        "direction",
        "res_model",
        "condition",
        "measure",
        "sum_field",
        "within_dates",
        "date_field",
        "target",
        "user_id",
        "team_id",
        "manual_count",
        "child_ids.manual_count",
        "date_deadline",
        "campaign_id.date_start",
        "campaign_id.date_end",
        "campaign_id.company_id",
        "campaign_id.currency_id",
    )
    @api.depends_context("company", "allowed_company_ids")
    def _compute_progress(self):
        counted = self.env["sales.campaign.goal.counter"]._count(
            self.filtered(lambda goal: goal.counting == "automatic")
        )
        shares = self.env["sales.campaign.goal.pace"]._get_elapsed_shares(self)
        for goal in self:
            if goal.counting == "manual":
                current = goal._get_manual_total()
            else:
                current = counted[goal]
            share, is_over = shares[goal]
            expected = goal._round(goal.target * share)
            is_ceiling = goal.direction == "at_most"
            goal.current = current
            goal.remaining = max(0.0, goal._round(goal.target - current))
            goal.percentage = get_percentage(current, goal.target)
            goal.expected_today = expected
            goal.state = get_state(
                current, goal.target, expected, is_over, goal._is_whole(), is_ceiling
            )

    def _get_manual_total(self):
        """What was counted by hand, on this goal and on its shares."""
        self.ensure_one()
        return float(
            self.manual_count
            + sum(
                child._get_manual_total()
                for child in self.child_ids
                if child.counting == "manual"
            )
        )

    def _round(self, value):
        return self.currency_id.round(value) if self._is_money() else round(value, 2)

    @api.depends("state", "stored_date_reached", "deadline")
    def _compute_date_reached(self):
        for goal in self:
            if goal.state != "reached":
                goal.date_reached = False
            elif goal.direction == "at_most":
                goal.date_reached = goal.deadline
            else:
                goal.date_reached = (
                    goal.stored_date_reached or fields.Date.context_today(goal)
                )

    def _update_date_reached(self, day=None):
        """Keep the day on which the target was reached: today, or ``day``."""
        goals = self._with_all_companies()
        goals.invalidate_recordset(["current", "state"], flush=False)
        reached = goals.filtered(lambda goal: goal.state == "reached")
        new = reached.filtered(lambda goal: not goal.stored_date_reached)
        if new:
            new.stored_date_reached = day or fields.Date.context_today(self)
        if gone := (goals - reached).filtered("stored_date_reached"):
            gone.stored_date_reached = False

    @api.depends("counting", "measure", "res_model", "sum_field")
    def _compute_kind(self):
        for goal in self:
            goal.is_whole = goal._is_whole()
            goal.is_money = goal._is_money()

    @api.depends("current", "target", "expected_today", "remaining", "is_money")
    @api.depends_context("lang")
    def _compute_texts(self):
        for goal in self:
            goal.progress_text = self.env._(
                "%(current)s of %(target)s",
                current=goal._format(goal.current),
                target=goal._format(goal.target),
            )
            goal.expected_text = goal._format(goal.expected_today)
            goal.remaining_text = goal._format(goal.remaining)

    def _format(self, value):
        """Return a value as the user reads it, with its currency if it has one."""
        self.ensure_one()
        if self._is_money():
            return format_amount(
                self.env,
                value,
                self.currency_id,
                trailing_zeroes=value != int(value),
            )
        digits = 0 if value == int(value) else 1 if self._is_whole() else 2
        return formatLang(self.env, value, digits=digits)

    @api.depends("child_ids")
    def _compute_child_count(self):
        for goal in self:
            goal.child_count = len(goal.child_ids)

    @api.depends("campaign_id")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        allowed = self.env["sales.campaign"].browse(self.campaign_id.ids)
        allowed = allowed._filtered_access("write")
        for goal in self:
            goal.can_edit = goal.campaign_id._origin in allowed

    # ------------------------------------------------------------
    # SEARCHING, GROUPING AND ADDING UP WHAT IS NOT STORED
    # ------------------------------------------------------------

    @api.model
    def _get_live_fields(self):
        """Fields that are counted when they are read, with their type in SQL."""
        return {
            "current": SQL("double precision"),
            "remaining": SQL("double precision"),
            "percentage": SQL("double precision"),
            "expected_today": SQL("double precision"),
            "state": SQL("varchar"),
        }

    @api.model
    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        goals = self.search([]).filtered(lambda goal: goal.state in value)
        return Domain("id", "in", goals.ids)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let what is counted be sorted, grouped and added up: the goals that the user
        may read are counted, at once, and their values become part of the query."""
        sql_type = self._get_live_fields().get(field_expr)
        if sql_type is None:
            return super()._field_to_sql(alias, field_expr, query)
        values = {}
        if query is None or not query.is_empty():
            goals = self.with_context(active_test=False).search([])
            values = {str(goal.id): goal[field_expr] for goal in goals}
        return SQL(
            "(%s::jsonb ->> %s::text)::%s",
            json.dumps(values),
            SQL.identifier(alias, "id"),
            sql_type,
        )

    # ------------------------------------------------------------
    # RECORDS BEHIND A GOAL
    # ------------------------------------------------------------

    def _get_shared_domain(self):
        """Domain that goals with the same condition and measure have in common."""
        self.ensure_one()
        condition = self._get_condition_domain()
        model = self._get_countable_model()
        return condition & model._get_goal_base_domain(condition, self.measure)

    def _get_record_domain(self):
        """Domain of the records that this goal counts, without archived ones left out:
        to be searched with ``active_test=False``."""
        self.ensure_one()
        model = self._get_countable_model()
        if model is None or not self._is_condition_valid():
            return Domain.FALSE
        domain = (
            self._get_shared_domain()
            & model._get_campaign_domain(self.campaign_id)
            & model._get_campaign_company_domain(self.campaign_id)
        )
        for value, path in (
            (self.user_id, model._get_goal_user_field()),
            (self.team_id, model._get_goal_team_field()),
        ):
            if value:
                domain &= Domain(path, "in", value.ids) if path else Domain.FALSE
        if self.within_dates:
            first, after = self._get_period_bounds()
            fname = self._get_date_field_name()
            if first:
                domain &= Domain(fname, ">=", first)
            if after:
                domain &= Domain(fname, "<", after)
        return domain

    def _get_visible_company_ids(self):
        """Return the ids of the companies behind the records that the user may see."""
        self.ensure_one()
        model = self._get_countable_model()
        query = model.with_context(tz=self._get_timezone())._search(
            self._get_record_domain(), active_test=False
        )
        if query.is_empty():
            return []
        partner = model.sudo()._get_goal_partner_sql(query)
        rows = self.env.execute_query(query.select(SQL("DISTINCT %s", partner)))
        return [partner_id for (partner_id,) in rows if partner_id]

    def action_view_records(self):
        """Open exactly the records that are counted, as far as the user may."""
        self.ensure_one()
        model = self._get_countable_model()
        if model is None:
            return self.action_view_entries()
        domain, res_model = self._get_record_domain(), self.res_model
        if self.measure == "companies":
            domain = Domain("id", "in", self._get_visible_company_ids())
            res_model = "res.partner"
        return {
            "type": "ir.actions.act_window",
            "name": f"{self.campaign_id.title}: {self.name}",
            "res_model": res_model,
            "views": self.env[res_model]._get_goal_views(),
            "domain": list(domain),
            "context": {"active_test": False, **self._get_default_context()},
            "target": "current",
        }

    def action_new_record(self):
        """Open the form of a new record that is linked to the campaign and fulfils
        what it can of the goal."""
        self.ensure_one()
        model = self._get_countable_model()
        if model is None:
            raise UserError(
                self.env._(
                    "“%s” is counted by hand: there is no record to create.", self.name
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New: %s", self.name),
            "res_model": self.res_model,
            "views": [(False, "form")],
            "context": self._get_default_context(),
            "target": "current",
        }

    def _get_default_context(self):
        """Return the default values of a record created from this goal."""
        self.ensure_one()
        model = self._get_countable_model()
        defaults = {
            **self._get_condition_defaults(),
            **model._get_goal_defaults(self),
            "sales_campaign_ids": self.campaign_id.ids,
        }
        return {
            f"default_{fname}": value
            for fname, value in defaults.items()
            if fname in model._fields
        }

    def _get_condition_defaults(self):
        """Return the values that the condition asks for and a user may give."""
        model, domain = self._get_countable_model(), self._get_condition_domain()
        terms = domain.children if hasattr(domain, "children") else [domain]
        if getattr(domain, "OPERATOR", "&") != "&":
            return {}
        defaults = {}
        for term in terms:
            field = model._fields.get(getattr(term, "field_expr", None))
            if field is None or not field.store or field.readonly:
                continue
            value = term.value
            if term.operator == "in" and len(list(value)) == 1:
                (value,) = value
            elif term.operator != "=":
                continue
            if field.name != model._active_name and isinstance(
                value, int | str | float
            ):
                defaults[field.name] = [value] if field.type == "many2many" else value
        return defaults

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
        if not vals.keys() <= {"stored_date_reached", "name", "sequence"}:
            self._update_date_reached()
        return result

    # ------------------------------------------------------------
    # COMPARING THE SHARES
    # ------------------------------------------------------------

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
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_campaign_goals.sales_campaign_goal_action"
        )
        name = self.env._("Comparison: %s", self.name)
        action.update(
            name=name,
            display_name=name,
            domain=[("parent_id", "=", self.id)],
            context={"default_parent_id": self.id, "create": False},
            views=[
                (False, view) for view in ("list", "graph", "pivot", "kanban", "form")
            ],
        )
        return action

    def action_open(self):
        """Open the form of this goal."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "current",
        }
