from odoo import models


class ResUsers(models.Model):
    """In which team a salesperson's new target counts."""

    _inherit = "res.users"

    def _get_teams_for_targets(self, company):
        """Return {user id: id of the first team of a company that the user is in}."""
        members = self.env["crm.team.member"].search(
            [
                ("user_id", "in", self.ids),
                ("crm_team_id.company_id", "in", [company.id, False]),
            ],
            order="create_date, id",
        )
        teams = {}
        for member in members:
            teams.setdefault(member.user_id.id, member.crm_team_id.id)
        return teams
