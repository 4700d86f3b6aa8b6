from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmLead(models.Model):
    _inherit = "crm.lead"

    is_frozen = fields.Boolean("Amount Is Agreed")

    @api.model
    def _get_concerns(self):
        return [*super()._get_concerns(), "crm.lead.concern.frozen"]


class CrmLeadConcernFrozen(models.AbstractModel):
    """The amount of a frozen opportunity stays, and freezing it is noted."""

    _name = "crm.lead.concern.frozen"
    _inherit = "crm.lead.concern"
    _description = "Frozen Amounts of Opportunities"

    def _get_watched_fields(self):
        return {"expected_revenue", "is_frozen"}

    def _check(self, change):
        for lead in change.get_changed("expected_revenue"):
            # None on creation: nothing was frozen before.
            if lead.is_frozen and change.before(lead, "is_frozen"):
                raise UserError(
                    self.env._(
                        "The amount of %s is agreed: unfreeze it first.", lead.name
                    )
                )

    def _record(self, change):
        for lead in change.get_changed("is_frozen"):
            if lead.is_frozen:
                lead._message_log(body=self.env._("The amount is agreed."))
