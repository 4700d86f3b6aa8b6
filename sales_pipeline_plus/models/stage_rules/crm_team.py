import logging

from odoo import models
from odoo.exceptions import UserError

from ...tools.internal import INTERNAL

_logger = logging.getLogger(__name__)


class CrmTeam(models.Model):
    """Odoo's assignment by rules goes on, whatever a single lead lacks."""

    _inherit = "crm.team"

    def _action_assign_leads(self, force_quota=False, creation_delta_days=7):
        teams = self.with_context(
            automatic_stage_move=INTERNAL, assignment_by_rules=INTERNAL
        )
        return super(CrmTeam, teams)._action_assign_leads(
            force_quota=force_quota, creation_delta_days=creation_delta_days
        )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def convert_opportunity(self, partner, user_ids=False, team_id=False):
        """Pass over a lead that cannot be assigned, and say so on it."""
        if not self._is_internal("assignment_by_rules"):
            return super().convert_opportunity(
                partner, user_ids=user_ids, team_id=team_id
            )
        try:
            with self.env.cr.savepoint():
                return super().convert_opportunity(
                    partner, user_ids=user_ids, team_id=team_id
                )
        except UserError as error:
            _logger.warning("Leads %s were not assigned: %s", self.ids, error)
            self._message_log_batch(
                bodies={
                    lead.id: self.env._("Not assigned by the rules: %s", error)
                    for lead in self
                }
            )
        return True
