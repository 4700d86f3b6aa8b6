from odoo import api, models
from odoo.fields import Domain


class CrmFirstPage(models.AbstractModel):
    """What waits for the user's approval stands apart: the next action of such an
    opportunity is another's. On the team's page too, where a leader begins."""

    _inherit = "crm.first.page"

    @api.model
    def _list_sections(self, teams):
        sections = super()._list_sections(teams)
        approvals = self.env["mail.activity.type"]._get_type_of_approval()
        domain = Domain("approval_stage_id", "!=", False) & Domain(
            "activity_ids",
            "any",
            Domain("activity_type_id", "in", approvals.ids)
            & Domain("user_id", "=", self.env.uid),
        )
        leads = self.env["crm.lead"]
        if not leads.search_count(
            leads._get_open_opportunity_domain() & domain, limit=1
        ):
            return sections
        section = (
            "approve",
            self.env._("To approve"),
            self.env._("Nothing waits for your approval."),
            domain,
        )
        return [section, *sections]
