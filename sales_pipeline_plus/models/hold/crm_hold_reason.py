from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.texts import has_text


class CrmHoldReason(models.Model):
    """Why an opportunity sleeps, for one company or for all.

    One that was given is not deleted: it is archived, and stays on what has it.
    """

    _name = "crm.hold.reason"
    _inherit = ["crm.naming.mixin"]
    _description = "Reason for Putting an Opportunity on Hold"
    _order = "sequence, id"

    name = fields.Char(string="Reason", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        help="An archived reason is no longer offered; opportunities keep it.",
    )
    company_id = fields.Many2one(
        "res.company",
        ondelete="restrict",
        index=True,
        help="Empty: for all companies.",
    )

    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "There is already a reason of this name."
    )

    @api.constrains("name")
    def _check_name(self):
        for reason in self:
            if not has_text(reason.name):
                raise ValidationError(
                    self.env._("A reason for a hold needs a name. Write it first.")
                )
