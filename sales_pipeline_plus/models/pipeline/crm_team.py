from odoo import api, fields, models


class CrmTeam(models.Model):
    _name = "crm.team"
    _inherit = ["crm.team", "crm.setup.mixin"]
    _setup_fields = frozenset({"company_id", "pipeline_id"})

    pipeline_id = fields.Many2one(
        "crm.pipeline",
        string="Default Pipeline",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', id)]",
        help="New opportunities of this team start in this pipeline. Without one they "
        "start in the default pipeline of their company.",
    )

    @api.model
    def default_get(self, fields):
        """The pipeline that is shown when a team is created on the way is no choice."""
        return super(CrmTeam, self.with_context(default_pipeline_id=False)).default_get(
            fields
        )

    @api.constrains("pipeline_id")
    def _check_pipeline_id(self):
        self.sudo().pipeline_id._check_default()

    @api.model
    def _action_update_to_pipeline(self, action):
        """Open “My Pipeline” on the default of the user's team, else company."""
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
