from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmContactRole(models.Model):
    """What someone has to do with the decision on an opportunity."""

    _name = "crm.contact.role"
    _inherit = ["crm.value.mixin"]
    _description = "Role of a Contact on an Opportunity"
    _order = "sequence, id"

    name = fields.Char(string="Role", required=True, translate=True)
    description = fields.Char(
        translate=True,
        help="What a person in this role decides or does, for the salespeople.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(
        default=True,
        help="An archived role is no longer offered; contacts who have it keep it.",
    )
    color = fields.Integer()

    _name_uniq = models.Constraint(
        "UNIQUE(name)", "There is already a role of this name."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        counts = (
            self.env["crm.lead.contact"]
            .sudo()
            ._read_group([("role_ids", "in", self.ids)], ["role_ids"], ["__count"])
        )
        for role, count in counts:
            if role in self:
                raise UserError(
                    self.env._(
                        "The role “%(role)s” cannot be deleted: contacts of "
                        "opportunities have it (%(count)s). Archive it instead.",
                        role=role.name,
                        count=count,
                    )
                )
