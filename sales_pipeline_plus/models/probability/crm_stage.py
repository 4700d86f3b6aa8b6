from odoo import api, models

from ...tools.internal import INTERNAL

# Context of Odoo's scoring.
SCORING = "opportunity_scoring"


class CrmStage(models.Model):
    _inherit = "crm.stage"

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Answer what Odoo's scoring asks for each lead and team from the set-up, which
        is known: which stages are won, and which is the first one of all teams.
        """
        answer = None
        if self.env.context.get(SCORING) is INTERNAL and isinstance(domain, list):
            layouts = self.env["crm.pipeline"]._get_layout()
            if domain == [("is_won", "=", True)] and not limit:
                answer = [
                    stage_id for stage_id, won in layouts.won_by_stage.items() if won
                ]
            elif domain == [("team_ids", "=", False)] and order == "sequence, id":
                answer = layouts.shared_stage_ids[:limit]
        if answer is None or offset or not self._are_all_readable():
            return super()._search(domain, offset, limit, order, **kwargs)
        return self.browse(answer)._as_query()

    @api.model
    def _are_all_readable(self):
        """Tell whether no record rule hides a stage from the user.

        :raise AccessError: if the user may read no stage at all
        """
        self.browse().check_access("read")
        return self.env["ir.rule"]._compute_domain(self._name, "read").is_true()
