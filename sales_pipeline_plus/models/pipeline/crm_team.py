from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmTeam(models.Model):
    _inherit = "crm.team"

    pipeline_id = fields.Many2one(
        "crm.pipeline",
        string="Default Pipeline",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', id)]",
        help="New opportunities of this team start in this pipeline. Without one they "
        "start in the first pipeline made for the team, else in the first one that is "
        "open to all teams.",
    )

    @api.constrains("pipeline_id")
    def _check_pipeline_id(self):
        for team in self:
            pipeline = team.sudo().pipeline_id
            if pipeline.team_ids and team not in pipeline.team_ids:
                raise ValidationError(
                    self.env._(
                        "The pipeline “%(pipeline)s” is not open to the sales team "
                        "“%(team)s”. Add the team to the pipeline first.",
                        pipeline=pipeline.name,
                        team=team.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        teams = super().create(vals_list)
        if any(vals.get("pipeline_id") for vals in vals_list):
            self.env.registry.clear_cache()
        return teams

    def write(self, vals):
        result = super().write(vals)
        if "pipeline_id" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    def _action_update_to_pipeline(self, action):
        """Open “My Pipeline” on the pipeline of the user's team."""
        action = super()._action_update_to_pipeline(action)
        if self.env["crm.lead"]._is_pipeline_panel_shown():
            layout = (
                self.env["crm.pipeline"]
                ._get_layout()
                .get_default(self.env.user.sale_team_id.id, self.env.company.id)
            )
            if layout:
                action["context"]["searchpanel_default_pipeline_id"] = layout.id
        return action
