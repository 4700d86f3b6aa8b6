from odoo import models

from ...tools.internal import INTERNAL


class CrmTeam(models.Model):
    """Odoo's assignment by rules goes on, whatever a single lead lacks."""

    _inherit = "crm.team"

    def _action_assign_leads(self, force_quota=False, creation_delta_days=7):
        teams = self.with_context(automatic_stage_move=INTERNAL)
        return super(CrmTeam, teams)._action_assign_leads(
            force_quota=force_quota, creation_delta_days=creation_delta_days
        )
