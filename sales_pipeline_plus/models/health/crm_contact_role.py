from odoo import fields, models


class CrmContactRole(models.Model):
    """Which roles decide."""

    _inherit = "crm.contact.role"

    decides = fields.Boolean(
        help="Who has this role decides on the purchase: with such a contact the "
        "decision-maker of an opportunity is known.",
    )
