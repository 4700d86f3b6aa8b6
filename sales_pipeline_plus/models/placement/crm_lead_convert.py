from odoo import api, models

from ...tools.arguments import check_id, check_ids, check_records, get_context_ids


class CrmLead(models.Model):
    """A lead follows its team into a pipeline before it is a deal."""

    _inherit = "crm.lead"

    def convert_opportunity(self, partner, user_ids=False, team_id=False):
        """Let leads follow their new team into its pipeline before they are deals.

        A salesperson who is not of the lead's team brings the own one, as in Odoo.
        """
        check_records(self)
        if not isinstance(partner, models.BaseModel):
            partner_id = check_id(self.env, "partner", partner)
            partner = self.env["res.partner"].browse(partner_id or [])
            partner.check_access("read")
        check_ids(self.env, "user_ids", user_ids)
        check_id(self.env, "team_id", team_id)
        leads = self
        if team_id:
            leads = leads._with_team_before_conversion(team_id)
        else:
            for new_team_id, followers in self._get_teams_of_conversion().items():
                context = followers._with_team_before_conversion(
                    new_team_id
                ).env.context
                leads = leads.with_context(
                    conversion_lead_ids=[
                        *leads._get_ids_in_conversion(),
                        *context["conversion_lead_ids"],
                    ]
                )
        return super(CrmLead, leads).convert_opportunity(
            partner, user_ids=user_ids, team_id=team_id
        )

    def _get_teams_of_conversion(self):
        """Return {team id: leads} of the leads whose salesperson is of another team."""
        kept = set(self._get_ids_in_conversion())
        teams = {}
        for lead in self:
            user, team = lead.user_id, lead.sudo().team_id
            if lead.type != "lead" or lead.id in kept or not user:
                continue
            if user in team.member_ids | team.user_id:
                continue
            new_team = self.env["crm.team"]._get_default_team_id(
                user_id=user.id, domain=[("use_opportunities", "=", True)]
            )
            if new_team and new_team != team:
                teams[new_team.id] = teams.get(new_team.id, self.browse()) | lead
        return teams

    def _with_team_before_conversion(self, team_id):
        """Give the leads this team, which they keep while they are converted.

        Odoo takes the team of the former salesperson for a moment, which the pipeline
        may not be open to.
        """
        leads = self.filtered(
            lambda lead: lead.type == "lead" and lead.team_id.id != team_id
        )
        leads.write({"team_id": team_id})
        return self.with_context(conversion_lead_ids=leads.ids)

    @api.model
    def _get_ids_in_conversion(self):
        return get_context_ids(self.env, "conversion_lead_ids")

    def _convert_opportunity_data(self, customer, team_id=False):
        values = super()._convert_opportunity_data(customer, team_id=team_id)
        if self.id in self._get_ids_in_conversion():
            values["team_id"] = self.team_id.id
        return values
