from odoo import api, fields, models


class CrmTeam(models.Model):
    _name = "crm.team"
    _inherit = ["crm.team", "crm.setup.mixin"]
    _setup_fields = frozenset(
        {"company_id", "lead_properties_definition", "pipeline_id"}
    )

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
        """Open “My Pipeline” where the user has opportunities."""
        action = super()._action_update_to_pipeline(action)
        if self.env["crm.lead"]._is_pipeline_panel_shown():
            pipeline_id = self._get_pipeline_to_open()
            if pipeline_id:
                action["context"]["searchpanel_default_pipeline_id"] = pipeline_id
        return action

    @api.model
    def _get_pipeline_to_open(self):
        """Return the id of the default pipeline of the user's team, else company; of
        the one with most of the user's opportunities if there are none in it.
        """
        layouts = self.env["crm.pipeline"]._get_layout()
        layout = layouts.get_default(self.env.user.sale_team_id.id, self.env.company.id)
        groups = self.env["crm.lead"]._read_group(
            [
                ("type", "=", "opportunity"),
                ("user_id", "=", self.env.uid),
                ("pipeline_id.active", "=", True),
            ],
            ["pipeline_id"],
            ["__count"],
            order="__count desc, pipeline_id",
        )
        pipeline_ids = [pipeline.id for pipeline, _count in groups]
        if layout and (layout.id in pipeline_ids or not pipeline_ids):
            return layout.id
        return pipeline_ids[0] if pipeline_ids else False
