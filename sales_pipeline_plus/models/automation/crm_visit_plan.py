from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...tools.arguments import check_records


class CrmVisitPlan(models.Model):
    """Regular visits to the customers of a category, as far as the person who chose it
    may read them."""

    _name = "crm.visit.plan"
    _inherit = ["crm.condition.mixin", "crm.kept.mixin"]
    _description = "Recurring Visits"
    _order = "sequence, id"
    _kept_fields = frozenset({"cron_cursor"})
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="restrict",
        default=lambda self: self.env.company,
        help="Whose customers are visited. Empty: those of all companies.",
    )
    category_id = fields.Many2one(
        "res.partner.category",
        string="Customers",
        required=True,
        index=True,
        ondelete="restrict",
        help="The customers with this category, or one below it, are visited. A "
        "company is visited once, also when several of its people have the category.",
    )
    period_count = fields.Integer("Every", required=True, default=4)
    period_unit = fields.Selection(
        [("days", "Days"), ("weeks", "Weeks"), ("months", "Months")],
        required=True,
        default="months",
    )
    period = fields.Char(compute="_compute_period")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Kind of Visit",
        required=True,
        ondelete="restrict",
        domain="[('res_model', '=', False)]",
        default=lambda self: self.env.ref(
            "mail.mail_activity_data_meeting", raise_if_not_found=False
        ),
        help="With a meeting, the time is booked in the calendar too.",
    )
    summary = fields.Char(
        translate=True,
        help="The title of the activity. The name of the visits when it is empty.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Without a Salesperson",
        required=True,
        ondelete="restrict",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        help="Who visits the customers that have no salesperson.",
    )
    lead_days = fields.Integer(
        "Planned Ahead (days)",
        required=True,
        default=14,
        help="How many days before it is due a visit is planned.",
    )
    daily_limit = fields.Integer(
        "Visits a Day",
        required=True,
        default=3,
        help="No more visits and meetings are put on one day of a person; the next "
        "visits come on the working days after it.",
    )
    duration = fields.Float("Duration (hours)", required=True, default=1)
    visit_ids = fields.One2many("crm.visit", "plan_id", string="Visits")
    open_visit_count = fields.Integer(
        "Planned Visits", compute="_compute_open_visit_count"
    )
    cron_cursor = fields.Integer(
        readonly=True, copy=False, help="Where an interrupted run goes on."
    )

    _check_period_count = models.Constraint(
        "CHECK(period_count BETWEEN 1 AND 1000)",
        "The time between two visits must be between 1 and 1,000.",
    )
    _check_lead_days = models.Constraint(
        "CHECK(lead_days BETWEEN 0 AND 365)",
        "A visit is planned 0 to 365 days ahead.",
    )
    _check_daily_limit = models.Constraint(
        "CHECK(daily_limit > 0)",
        "At least 1 visit a day must be possible.",
    )
    _check_duration = models.Constraint(
        "CHECK(duration > 0 AND duration <= 8)",
        "A visit takes more than 0 and up to 8 hours.",
    )

    @api.depends("period_count", "period_unit")
    @api.depends_context("lang")
    def _compute_period(self):
        each = {
            "days": self.env._("Every day"),
            "weeks": self.env._("Every week"),
            "months": self.env._("Every month"),
        }
        for plan in self:
            several = {
                "days": self.env._("Every %s days", plan.period_count),
                "weeks": self.env._("Every %s weeks", plan.period_count),
                "months": self.env._("Every %s months", plan.period_count),
            }
            plan.period = (several if plan.period_count > 1 else each).get(
                plan.period_unit
            )

    @api.depends("visit_ids.state")
    def _compute_open_visit_count(self):
        """Count what the button opens: a visit that was made today is none of them,
        though it is closed at night only."""
        counts = dict(
            self.env["crm.visit"]._read_group(
                [
                    ("plan_id", "in", self.ids),
                    ("is_open", "=", True),
                    ("activity_id.active", "=", True),
                ],
                ["plan_id"],
                ["__count"],
            )
        )
        for plan in self:
            plan.open_visit_count = counts.get(plan._origin, 0)

    @api.model
    def _get_condition_fields(self):
        return ["category_id", "company_id"]

    def _get_condition_model(self):
        return self.env["res.partner"]

    def _check_condition(self):
        """A category is no text that might not run."""

    def write(self, vals):
        result = super().write(vals)
        if "category_id" in vals:
            self.sudo().cron_cursor = 0
        return result

    def _get_next_date(self, last_date):
        """Return the date of the visit after one of ``last_date``."""
        return last_date + relativedelta(**{self.period_unit: self.period_count})

    def action_open_visits(self):
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_visit_action"
        )
        action["domain"] = [("plan_id", "=", self.id)]
        action["context"] = {"search_default_planned": 1}
        return action
