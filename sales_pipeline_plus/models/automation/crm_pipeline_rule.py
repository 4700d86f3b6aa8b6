from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Events that time brings about, found by a cron.
TIMED_EVENTS = ("meeting_held", "decision_passed", "inactive")
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
    date.
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
        ],
        string="When",
        required=True,
        default="created",
        help="What happens to the opportunity. Created: also when a lead becomes an "
        "opportunity. Meeting held: meetings that end after the rule was made. Nothing "
        "happened: no activity done, no message or note, no meeting and no change of "
        "stage. What is entered or imported as won or lost, and quotations that are "
        "imported as sent or confirmed, launch nothing.",
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
    action = fields.Selection(
        [("activity", "One activity"), ("plan", "Activity plan")],
        string="Plan",
        required=True,
        default="activity",
    )
    plan_id = fields.Many2one(
        "mail.activity.plan",
        string="Activity Plan",
        ondelete="restrict",
        domain="[('res_model', '=', 'crm.lead')]",
        help="The plan of another company than the opportunity's is not launched.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="['|', ('res_model', '=', False), ('res_model', '=', 'crm.lead')]",
        ondelete="restrict",
        default=lambda self: self.env.ref(
            "mail.mail_activity_data_todo", raise_if_not_found=False
        ),
    )
    summary = fields.Char(
        translate=True,
        help="The title of the activity. The name of the rule when it is empty.",
    )
    note = fields.Html(translate=True, help="What there is to do.")
    delay_days = fields.Integer(
        "Days Until Then",
        help="Number of days from the event to the due date, or to the date of the "
        "activity plan.",
    )
    responsible = fields.Selection(
        [
            ("owner", "Salesperson"),
            ("leader", "Team leader"),
            ("user", "Someone else"),
        ],
        required=True,
        default="owner",
        help="Who the activity is for. Where there is none, or no longer, the "
        "salesperson and then the team leader take over.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        ondelete="restrict",
        domain="[('share', '=', False)]",
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
    delay_summary = fields.Char("Due", compute="_compute_delay_summary")

    _check_inactive_days = models.Constraint(
        "CHECK(event != 'inactive' OR inactive_days > 0)",
        "The number of days in which nothing happened must be greater than 0.",
    )
    _check_delay_days = models.Constraint(
        "CHECK(delay_days >= 0)",
        "An activity cannot be due before the event: give 0 days or more.",
    )

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

    @api.constrains("action", "plan_id", "activity_type_id", "responsible", "user_id")
    def _check_action(self):
        for rule in self:
            missing = False
            if rule.action == "plan" and not rule.plan_id:
                missing = self.env._("an activity plan")
            elif rule.action == "activity" and not rule.activity_type_id:
                missing = self.env._("an activity type")
            elif rule.responsible == "user" and not rule.user_id:
                missing = self.env._("the person who does it")
            if missing:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” needs %(missing)s. Choose it.",
                        rule=rule.name,
                        missing=missing,
                    )
                )
            if rule.action == "plan" and rule.plan_id.res_model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: the activity plan “%(plan)s” is not made for "
                        "opportunities. Choose another one.",
                        rule=rule.name,
                        plan=rule.plan_id.name,
                    )
                )

    @api.depends_context("lang")
    @api.depends("event", "inactive_days")
    def _compute_event_summary(self):
        labels = dict(self._fields["event"]._description_selection(self.env))
        for rule in self:
            rule.event_summary = labels.get(rule.event)
            if rule.event == "inactive":
                rule.event_summary = (
                    self.env._("Nothing happened for 1 day")
                    if rule.inactive_days == 1
                    else self.env._("Nothing happened for %s days", rule.inactive_days)
                )

    @api.depends_context("lang")
    @api.depends("delay_days")
    def _compute_delay_summary(self):
        for rule in self:
            rule.delay_summary = self.env._("%s days later", rule.delay_days)
            if not rule.delay_days:
                rule.delay_summary = self.env._("The same day")
            elif rule.delay_days == 1:
                rule.delay_summary = self.env._("The next day")

    def _get_condition_model(self):
        return self.env["crm.lead"]

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys() <= STATE_FIELDS:
            kept = {"error_message": False, "error_date": False}
            if vals.get("active") or "event" in vals:
                kept["since"] = fields.Datetime.now()
            self.sudo().write(kept)
        return result
