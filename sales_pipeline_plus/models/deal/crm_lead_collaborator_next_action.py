from odoo import api, models
from odoo.tools import SQL


class CrmLead(models.Model):
    """A collaborator can do what is planned on the deal."""

    _inherit = "crm.lead"

    @api.depends("collaborator_ids")
    def _compute_next_action(self):
        return super()._compute_next_action()

    @api.model
    def _get_deal_is_own_sql(self):
        return [
            *super()._get_deal_is_own_sql(),
            SQL(
                """EXISTS (SELECT 1 FROM crm_lead_collaborator_rel AS joined
                            WHERE joined.lead_id = deal.id
                              AND joined.user_id = doer.id)""",
                to_flush=self._fields["collaborator_ids"],
            ),
        ]
