from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...tools.internal import INTERNAL
from .crm_pipeline_rule_action import ACTION_FIELDS

# Events that time brings about, found by a cron; of the latter, what they have planned
# is taken back when the reason is gone.
LASTING_EVENTS = ("activity_overdue", "quotation_expired", "first_contact")
TIMED_EVENTS = ("meeting_held", "decision_passed", "inactive", *LASTING_EVENTS)
# Events that an activity of a type brings about.
ACTIVITY_EVENTS = ("activity_planned", "activity_done", "activity_overdue")
# Events that take a number of days, at least one.
DAYS_EVENTS = ("activity_overdue", "first_contact")
# What the rule keeps by itself; all else is the manager's.
STATE_FIELDS = frozenset(
    {"cron_cursor", "cron_date", "error_date", "error_message", "since"}
)


class CrmPipelineRule(models.Model):
    """What is planned on the opportunities of a pipeline when something happens.

    Each occurrence of an event launches a rule once per opportunity. An occurrence is:
    created: the opportunity itself; stage entered: the stay in the stage; quotation
    sent or confirmed: the quotation; meeting held: the meeting; decision date passed:
    that date; nothing happened: the date of what happened last; won, lost: the closing
    date; activity planned or done: the activity; activity overdue: the activity and its
    due date; put on hold, woken: the hold; quotation expired: the quotation and its
    date; first contact missing: the opportunity.
    """

    _name = "crm.pipeline.rule"
    _inherit = ["crm.condition.mixin", "crm.kept.mixin", "crm.setup.mixin"]
    _description = "Automatic Action of a Pipeline"
    _order = "pipeline_id, sequence, id"
    _setup_fields = frozenset({"active", "event", "pipeline_id"})
    _kept_fields = STATE_FIELDS
    _check_company_auto = True

    pipeline_id = fields.Many2one(
        "crm.pipeline", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="pipeline_id.company_id", store=True, index="btree_not_null"
    )
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    event = fields.Selection(
        [
            ("created", "Created"),
            ("stage_entered", "Enters a stage"),
            ("quotation_sent", "Quotation sent"),
            ("quotation_confirmed", "Quotation confirmed"),
            ("meeting_held", "Meeting held"),
            ("decision_passed", "Expected closing date passed"),
            ("inactive", "Nothing happened for days"),
            ("won", "Won"),
            ("lost", "Lost"),
            ("activity_planned", "Activity planned"),
            ("activity_done", "Activity done"),
            ("activity_overdue", "Activity overdue"),
            ("on_hold", "Put on hold"),
            ("woken", "Woken up"),
            ("quotation_expired", "Quotation expired"),
            ("first_contact", "First contact missing"),
        ],
        string="When",
        required=True,
        default="created",
        help="What happens to the opportunity. Created: also when a lead becomes an "
        "opportunity. Meeting held: meetings that end after the rule was made. Nothing "
        "happened: no activity done, no message or note, no meeting and no change of "
        "stage. What is entered or imported as won or lost, and quotations that are "
        "imported as sent or confirmed, launch nothing. Activity: what automatic "
        "actions plan does not count as planned, and what they plan because something "
        "is overdue not as overdue. Quotation expired: none that another one of the "
        "opportunity replaces. First contact missing: no activity done, no meeting "
        "held, and nothing written to the customer.",
    )
    from_stage_id = fields.Many2one(
        "crm.stage",
        ondelete="restrict",
        help="Only opportunities that come from this stage of the pipeline.",
    )
    event_activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Type of the Activity",
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'crm.lead')]",
        ondelete="restrict",
        help="Which activities are meant. All when it is empty.",
    )
    event_days = fields.Integer(
        "After Days",
        default=3,
        help="Number of days: since the activity was due, or since the opportunity was "
        "created, where the person in charge is.",
    )
    repeat_days = fields.Integer(
        "Not Again Within",
        help="Number of days in which nothing more is planned on an opportunity on "
        "which this has planned something. What happens meanwhile is passed over. 0: "
        "each time.",
    )
    stage_id = fields.Many2one(
        "crm.stage",
        ondelete="restrict",
        help="Only opportunities that are in this stage of the pipeline.",
    )
    available_stage_ids = fields.Many2many(related="pipeline_id.stage_ids")
    inactive_days = fields.Integer(
        "Days Without Anything",
        default=30,
        help="Number of days in which nothing happened.",
    )
    condition = fields.Char(
        default="[]",
        help="Only opportunities that meet this condition, as far as the person who "
        "wrote it may read them.",
    )
    action_ids = fields.One2many(
        "crm.pipeline.rule.action",
        "rule_id",
        string="What Is Planned",
        copy=True,
        default=lambda self: self._get_default_actions(),
    )
    # The first of them, for other programs.
    action = fields.Selection(related="action_ids.action", readonly=False)
    plan_id = fields.Many2one(related="action_ids.plan_id", readonly=False)
    activity_type_id = fields.Many2one(
        related="action_ids.activity_type_id", readonly=False
    )
    summary = fields.Char(related="action_ids.summary", readonly=False)
    note = fields.Html(related="action_ids.note", readonly=False)
    delay_days = fields.Integer(related="action_ids.delay_days", readonly=False)
    responsible = fields.Selection(related="action_ids.responsible", readonly=False)
    user_id = fields.Many2one(related="action_ids.user_id", readonly=False)
    fallback_user_id = fields.Many2one(
        "res.users",
        string="If Nobody Is in Charge",
        ondelete="restrict",
        domain="[('share', '=', False)]",
        default=lambda self: self._get_default_fallback_user(),
        help="Who takes over where neither the salesperson nor the team leader may "
        "work on the opportunity.",
    )
    only_without_action = fields.Boolean(
        "Only If No Action Is Planned",
        help="Nothing is planned on opportunities that have a next action already.",
    )
    since = fields.Datetime(
        readonly=True,
        copy=False,
        default=fields.Datetime.now,
        help="Since when the rule has been in force.",
    )
    error_message = fields.Text("Last Error", readonly=True, copy=False)
    error_date = fields.Datetime("Failed On", readonly=True, copy=False)
    cron_cursor = fields.Integer(
        readonly=True, copy=False, help="Where an interrupted run goes on."
    )
    cron_date = fields.Datetime(
        readonly=True, copy=False, help="When all opportunities were last looked at."
    )

    event_summary = fields.Char("When", compute="_compute_event_summary")
    action_summary = fields.Char("What", compute="_compute_action_summary")

    _check_inactive_days = models.Constraint(
        "CHECK(event != 'inactive' OR inactive_days BETWEEN 1 AND 36500)",
        "The number of days in which nothing happened must be between 1 and 36,500.",
    )
    _check_event_days = models.Constraint(
        "CHECK(event NOT IN ('activity_overdue', 'first_contact') "
        "OR event_days BETWEEN 1 AND 36500)",
        "The number of days after which it is said must be between 1 and 36,500.",
    )
    _check_repeat_days = models.Constraint(
        "CHECK(repeat_days BETWEEN 0 AND 36500)",
        "The number of days in which nothing more is planned must be between 0 and "
        "36,500.",
    )

    @api.model
    def _get_default_actions(self):
        """Begin with one action, which can be seen and changed."""
        lines = self.env["crm.pipeline.rule.action"]
        return [Command.create(lines.default_get(list(ACTION_FIELDS)))]

    @api.model
    def _get_default_fallback_user(self):
        """Who makes the rule, if it is somebody who can do something."""
        user = self.env.user
        return user if user._is_internal() and user.active else user.browse()

    @api.constrains("event", "stage_id", "pipeline_id")
    def _check_stage(self):
        for rule in self:
            if rule.event == "stage_entered" and not rule.stage_id:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” needs the stage that opportunities enter. Choose "
                        "one of the pipeline “%(pipeline)s”.",
                        rule=rule.name,
                        pipeline=rule.pipeline_id.name,
                    )
                )
            if rule.stage_id and rule.stage_id not in rule.pipeline_id.stage_ids:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: the stage “%(stage)s” is not part of the pipeline "
                        "“%(pipeline)s”. Choose one of its stages.",
                        rule=rule.name,
                        stage=rule.stage_id.name,
                        pipeline=rule.pipeline_id.name,
                    )
                )

    @api.constrains("from_stage_id", "stage_id", "event", "pipeline_id")
    def _check_from_stage(self):
        for rule in self.filtered(
            lambda rule: rule.event == "stage_entered" and rule.from_stage_id
        ):
            texts = {
                "rule": rule.name,
                "stage": rule.from_stage_id.name,
                "pipeline": rule.pipeline_id.name,
            }
            if rule.from_stage_id == rule.stage_id:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: an opportunity cannot come from the stage that "
                        "it enters, “%(stage)s”. Choose another one.",
                        **texts,
                    )
                )
            if rule.from_stage_id - rule.pipeline_id.stage_ids:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: the stage “%(stage)s” is not part of the pipeline "
                        "“%(pipeline)s”. Choose one of its stages.",
                        **texts,
                    )
                )

    @api.constrains("action_ids")
    def _check_action_ids(self):
        for rule in self:
            if not rule.action_ids:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” plans nothing. Add what is to be planned.",
                        rule=rule.name,
                    )
                )

    def _get_condition_model(self):
        return self.env["crm.lead"]

    @api.model_create_multi
    def create(self, vals_list):
        """What a rule plans can be given as its first action's fields, too."""
        return super().create([self._with_first_action(vals) for vals in vals_list])

    @api.model
    def _with_first_action(self, vals):
        if vals.get("action_ids"):
            return vals
        given = {name: vals[name] for name in ACTION_FIELDS if name in vals}
        others = {name: value for name, value in vals.items() if name not in given}
        return {**others, "action_ids": [Command.create(given)]}

    def write(self, vals):
        rules = self
        if "action_ids" in vals:
            # Checked once all of them are written.
            rules = self.with_context(in_rule=INTERNAL)
        result = super(CrmPipelineRule, rules).write(vals)
        if not vals.keys() <= STATE_FIELDS:
            kept = {"error_message": False, "error_date": False}
            if vals.get("active") or "event" in vals:
                kept["since"] = fields.Datetime.now()
            self.sudo().write(kept)
        return result
