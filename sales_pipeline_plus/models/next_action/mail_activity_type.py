from odoo import fields, models


class MailActivityType(models.Model):
    """How long an activity takes, for the effort in the figures."""

    _inherit = "mail.activity.type"

    effort_hours = fields.Float(
        string="Hours of Effort",
        default=0.25,
        help="Hours that a salesperson spends on an activity of this type, counted "
        "when it is marked as done. Leave 0 for meetings of the calendar: their own "
        "duration counts.",
    )

    _effort_hours_positive = models.Constraint(
        "CHECK(effort_hours >= 0)",
        "The hours of effort of an activity type cannot be below zero.",
    )
