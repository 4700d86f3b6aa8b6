from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SalesCampaignGoal(models.Model):
    """A goal that a pattern has made, and what was changed on it by hand since."""

    _inherit = "sales.campaign.goal"

    pattern_step_id = fields.Many2one(
        "sales.campaign.pattern.step",
        string="Step of the Pattern",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    pattern_values = fields.Json(
        readonly=True, help="The values that the pattern gave the goal last."
    )
    is_changed_by_hand = fields.Boolean(compute="_compute_is_changed_by_hand")

    _one_per_step = models.UniqueIndex(
        "(campaign_id, pattern_step_id) WHERE pattern_step_id IS NOT NULL",
        "A campaign has one goal per step of its pattern.",
    )

    @api.model
    def _get_origin_fields(self):
        return [*super()._get_origin_fields(), "pattern_step_id"]

    @api.constrains("pattern_values")
    def _check_pattern_values(self):
        """They must be those that a step gives."""
        known = {"name", "target", *self._get_definition_fields()}
        for goal in self:
            values = goal.pattern_values or {}
            if not (
                isinstance(values, dict)
                and values.keys() <= known
                and isinstance(values.get("target", 0), int | float)
            ):
                raise ValidationError(
                    self.env._(
                        "Goal “%s”: what its pattern gave it is kept by itself and "
                        "cannot be given.",
                        goal.name,
                    )
                )

    @api.depends(
        "pattern_values",
        "name",
        "target",
        "counting",
        "direction",
        "res_model",
        "condition",
        "measure",
        "sum_field",
        "within_dates",
        "date_field",
    )
    def _compute_is_changed_by_hand(self):
        for goal in self:
            goal.is_changed_by_hand = bool(goal._get_changed_fields())

    def _counts_as_step(self, step):
        """Tell whether this goal of everybody counts what the goal of a step would; by
        hand, what has the same name."""
        self.ensure_one()
        if self.user_id or self.team_id or self.direction != "at_least":
            return False
        if self.counting != step.counting:
            return False
        if self.counting == "manual":
            return self.name.strip().lower() == step.name.strip().lower()
        return (self.res_model, self.measure, self._get_condition_domain()) == (
            step.res_model,
            step.measure,
            step._get_condition_domain(),
        )

    def _get_changed_fields(self):
        """Return the names of the fields that are no more as the pattern made them."""
        self.ensure_one()
        return [
            fname
            for fname, value in (self.pattern_values or {}).items()
            if self[fname] != value
        ]

    def _describe_changes(self):
        """Return what was changed by hand, as the user reads it."""
        self.ensure_one()
        words = [
            self.env._(
                "Target: %(now)s instead of %(before)s",
                now=self._format(self.target),
                before=self._format(self.pattern_values[fname]),
            )
            if fname == "target"
            else self._fields[fname]._description_string(self.env)
            for fname in self._get_changed_fields()
        ]
        if self.child_ids:
            words.append(
                self.env._(
                    "Shared out among %s: share it out again afterwards",
                    len(self.child_ids),
                )
            )
        return ", ".join(words)

    def copy(self, default=None):
        """A copy in the same campaign is no more the goal of the step."""
        default = dict(default or {})
        if "campaign_id" not in default:
            default.setdefault("pattern_step_id", False)
            default.setdefault("pattern_values", False)
        return super().copy(default)
