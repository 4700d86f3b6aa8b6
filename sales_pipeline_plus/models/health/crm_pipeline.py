from odoo import fields, models

from .lamps import DEFAULTS


class CrmPipeline(models.Model):
    """From where on a lamp of a deal's health is weak."""

    _inherit = "crm.pipeline"

    health_step_days = fields.Integer(
        "Next Step Within",
        required=True,
        default=DEFAULTS["health_step_days"],
        help="Days within which the next step of an opportunity is to be planned.",
    )
    health_contact_days = fields.Integer(
        "Last Contact Within",
        required=True,
        default=DEFAULTS["health_contact_days"],
        help="Days without a message, a call or a meeting, after which the contact "
        "with the customer is weak.",
    )
    health_pace = fields.Float(
        "Slow From",
        required=True,
        digits=(16, 1),
        default=DEFAULTS["health_pace"],
        help="Times the usual stay in the stage, the median of the opportunities that "
        "were won, from which on an opportunity is slow.",
    )
    health_postponements = fields.Integer(
        "Unsteady From",
        required=True,
        default=DEFAULTS["health_postponements"],
        help="Postponements of the expected closing date from which on it says little.",
    )
    health_minimum_score = fields.Float(
        "Qualified From",
        required=True,
        digits=(16, 2),
        default=DEFAULTS["health_minimum_score"],
        help="Percent of the qualification grid below which it is weak.",
    )

    _health_is_positive = models.Constraint(
        "CHECK(health_step_days BETWEEN 1 AND 36500 "
        "AND health_contact_days BETWEEN 1 AND 36500 "
        "AND health_pace > 0 AND health_pace <= 1000 "
        "AND health_postponements BETWEEN 1 AND 36500 "
        "AND health_minimum_score > 0 AND health_minimum_score <= 100)",
        "The limits of the health of opportunities must be greater than 0: days and "
        "postponements at most 36,500, the pace at most 1,000 times, and the "
        "qualification at most 100 %.",
    )
