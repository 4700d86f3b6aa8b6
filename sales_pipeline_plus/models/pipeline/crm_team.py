from odoo import api, fields, models
from odoo.fields import Domain


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
        """Open “My Pipeline” where there are opportunities: the user's own ones; those
        of others, as far as the user sees them, for who has none.
        """
        action = super()._action_update_to_pipeline(action)
        if self.env["crm.lead"]._is_pipeline_panel_shown():
            pipeline_id, mine = self._get_pipeline_to_open()
            if pipeline_id:
                action["context"]["searchpanel_default_pipeline_id"] = pipeline_id
            if not mine:
                action["context"].pop("search_default_assigned_to_me", None)
        return action

    @api.model
    def _get_pipeline_to_open(self):
        """Choose the pipeline that “My Pipeline” opens with.

        It is the default one of the user's team, else company, if the user has open
        opportunities in it, else the one with most of them. The same with those of
        others if the user has none.

        :return: the id of the pipeline, or False; whether the user's own opportunities
            are shown in it
        """
        layouts = self.env["crm.pipeline"]._get_layout()
        default = layouts.get_default(
            self.env.user.sale_team_id.id, self.env.company.id
        )
        leads = self.env["crm.lead"]
        visible = (
            leads._get_open_domain()
            & Domain("type", "=", "opportunity")
            & Domain("pipeline_id.active", "=", True)
        )
        mine = Domain("user_id", "=", self.env.uid)
        for domain, is_mine in ((visible & mine, True), (visible, False)):
            groups = leads._read_group(
                domain,
                ["pipeline_id"],
                ["__count"],
                order="__count desc, pipeline_id",
            )
            pipeline_ids = [pipeline.id for pipeline, _count in groups]
            if default and default.id in pipeline_ids:
                return default.id, is_mine
            if pipeline_ids:
                return pipeline_ids[0], is_mine
        return (default.id if default else False), True
