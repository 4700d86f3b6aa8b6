from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.sql import column_exists

from ...tools.internal import INTERNAL
from ...tools.texts import with_colon

# What a rule planned itself before it could plan several actions.
ACTION_FIELDS = (
    "action",
    "plan_id",
    "activity_type_id",
    "summary",
    "note",
    "delay_days",
    "responsible",
    "user_id",
)


class CrmPipelineRuleAction(models.Model):
    """One of the things that an automatic action plans, with its own delay."""

    _name = "crm.pipeline.rule.action"
    _inherit = ["crm.naming.mixin"]
    _description = "What an Automatic Action Plans"
    _order = "rule_id, sequence, id"
    _rec_name = "summary"
    _check_company_auto = True

    rule_id = fields.Many2one(
        "crm.pipeline.rule",
        string="Automatic Action",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        related="rule_id.company_id", store=True, index="btree_not_null"
    )
    sequence = fields.Integer(default=10)
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
        domain=lambda self: self.env["mail.activity.type"]._get_planning_domain(
            "'crm.lead'"
        ),
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
        help="Who the activity is for. Where there is none, or none who may work on "
        "the opportunity, the salesperson, then the team leader and then the person "
        "whom the automatic action names take over.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Who",
        ondelete="restrict",
        domain="[('share', '=', False)]",
    )

    what_summary = fields.Char("What", compute="_compute_what_summary")
    delay_summary = fields.Char("Due", compute="_compute_delay_summary")

    _check_delay_days = models.Constraint(
        "CHECK(delay_days BETWEEN 0 AND 36500)",
        "An activity is due with the event or later: give 0 to 36,500 days.",
    )

    def init(self):
        # The columns of the rules are there by then.
        self.pool.post_init(self._take_over_actions)

    def _take_over_actions(self):
        """In a database in which a rule planned one action, that one is the first."""
        cr = self.env.cr
        if not column_exists(cr, "crm_pipeline_rule", "responsible"):
            return
        cr.execute(
            """INSERT INTO crm_pipeline_rule_action
                      (rule_id, company_id, sequence, action, plan_id,
                       activity_type_id, summary, note, delay_days, responsible,
                       user_id, create_uid, create_date, write_uid, write_date)
               SELECT id, company_id, 10, COALESCE(action, 'activity'), plan_id,
                      activity_type_id, summary, note, delay_days,
                      COALESCE(responsible, 'owner'),
                      user_id, create_uid, create_date, write_uid, write_date
                 FROM crm_pipeline_rule AS rule
                WHERE NOT EXISTS (SELECT FROM crm_pipeline_rule_action AS known
                                   WHERE known.rule_id = rule.id)
             ORDER BY id;
               UPDATE crm_pipeline_rule AS rule
                  SET fallback_user_id = person.id
                 FROM res_users AS person
                WHERE person.id = CASE WHEN rule.write_uid = 1 THEN rule.create_uid
                                       ELSE rule.write_uid END
                  AND person.active AND NOT person.share"""
        )
        cr.execute(
            SQL(
                "ALTER TABLE crm_pipeline_rule %s",
                SQL(", ").join(
                    SQL("DROP COLUMN IF EXISTS %s", SQL.identifier(name))
                    for name in ACTION_FIELDS
                ),
            )
        )

    def write(self, vals):
        former = self.rule_id if "rule_id" in vals else self.rule_id.browse()
        result = super().write(vals)
        former._check_action_ids()
        return result

    def unlink(self):
        """The last one of a rule stays, unless the rule is given another one."""
        rules = self.rule_id
        result = super().unlink()
        if self.env.context.get("in_rule") is not INTERNAL:
            rules.exists()._check_action_ids()
        return result

    @api.constrains("action", "plan_id", "activity_type_id", "responsible", "user_id")
    def _check_action(self):
        for line in self:
            missing = False
            if line.action == "plan" and not line.plan_id:
                missing = self.env._("an activity plan")
            elif line.action == "activity" and not line.activity_type_id:
                missing = self.env._("an activity type")
            elif line.responsible == "user" and not line.user_id:
                missing = self.env._("the person who does it")
            if missing:
                raise ValidationError(
                    self.env._(
                        "“%(rule)s” needs %(missing)s. Choose it.",
                        rule=line.rule_id.name,
                        missing=missing,
                    )
                )
            if line.action == "plan" and line.plan_id.res_model != "crm.lead":
                raise ValidationError(
                    self.env._(
                        "“%(rule)s”: the activity plan “%(plan)s” is not made for "
                        "opportunities. Choose another one.",
                        rule=line.rule_id.name,
                        plan=line.plan_id.name,
                    )
                )

    @api.depends_context("lang")
    @api.depends("action", "plan_id", "activity_type_id", "summary")
    def _compute_what_summary(self):
        for line in self:
            if line.action == "plan":
                line.what_summary = line.plan_id.display_name
            else:
                line.what_summary = line._with_colon(
                    line.activity_type_id.display_name, line.summary
                )

    @api.depends_context("lang")
    @api.depends("delay_days")
    def _compute_delay_summary(self):
        for line in self:
            line.delay_summary = self.env._("%s days later", line.delay_days)
            if not line.delay_days:
                line.delay_summary = self.env._("The same day")
            elif line.delay_days == 1:
                line.delay_summary = self.env._("The next day")

    @api.depends("rule_id.name", "what_summary")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._with_colon(line.rule_id.name, line.what_summary)

    def _with_colon(self, head, text):
        if head and text:
            return with_colon(self.env, head, text)
        return head or text
