from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What Odoo's won button searches for.
WON_STAGES = [("is_won", "=", True)]


class CrmLead(models.Model):
    _inherit = "crm.lead"

    pipeline_id = fields.Many2one(
        "crm.pipeline",
        compute="_compute_pipeline_id",
        store=True,
        readonly=False,
        index=True,
        tracking=14,
        ondelete="restrict",
        check_company=True,
        group_expand="_read_group_pipeline_ids",
        domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_id)]",
        help="The sales process that this opportunity follows.",
    )
    pipeline_stage_id = fields.Many2one(
        "crm.pipeline.stage",
        string="Stage of the Pipeline",
        compute="_compute_pipeline_stage_id",
        store=True,
        index=True,
        ondelete="restrict",
        copy=False,
    )
    pipeline_probability_method = fields.Selection(
        related="pipeline_id.probability_method",
        string="Probability of the Pipeline",
        tracking=False,
    )
    available_stage_ids = fields.Many2many(
        "crm.stage",
        string="Stages of the Pipeline",
        compute="_compute_available_stage_ids",
        help="The stages that this opportunity can be in, in its pipeline's order.",
    )
    stage_id = fields.Many2one(domain="[('id', 'in', available_stage_ids)]")

    @api.model
    def _get_team_for_pipeline(self, pipeline_id, user_id):
        """Return the team for a new opportunity in a pipeline limited to teams."""
        pipeline = self.env["crm.pipeline"].sudo().browse(pipeline_id)
        user = self.env["res.users"].browse(user_id)
        return pipeline._get_team_of(user) or pipeline.team_ids[:1]

    @api.depends("pipeline_id")
    def _compute_stage_id(self):
        """Odoo's rule (first stage, and no stage of another team) outside of pipelines
        and in those that follow Odoo's stages; elsewhere a stage that was chosen stays.
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        kept = self.browse()
        for lead in self:
            layout = layouts.get(lead.pipeline_id.id)
            if not layout or not lead.stage_id:
                continue
            if lead._has_left_pipeline():
                lead.stage_id = lead._get_nearest_stage_id(layout)
                kept += lead
            elif lead.type == "lead":
                if not layout.get_line(lead.stage_id.id):
                    lead.stage_id = lead._stage_find(domain=[("fold", "=", False)])
            elif not layout.follow_odoo_stages:
                kept += lead
        result = super(CrmLead, self - kept)._compute_stage_id()
        for lead in self.filtered(lambda lead: not lead.stage_id and lead.pipeline_id):
            # All stages of the pipeline are folded.
            lead.stage_id = lead._stage_find()
        return result

    @api.depends("pipeline_id", "stage_id")
    def _compute_pipeline_stage_id(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self:
            layout = layouts.get(lead.pipeline_id.id)
            line = layout and layout.get_line(lead.stage_id.id)
            lead.pipeline_stage_id = line.id if line else False

    @api.depends("pipeline_id", "team_id")
    def _compute_available_stage_ids(self):
        for lead in self:
            lead.available_stage_ids = lead._stage_find(domain=[], limit=None)

    @api.onchange("pipeline_id")
    def _onchange_pipeline_id(self):
        """Show in the form, before saving, where the opportunity starts again."""
        layout = (
            self.env["crm.pipeline"]._get_layout().pipelines.get(self.pipeline_id.id)
        )
        if layout and self.stage_id and not layout.get_line(self.stage_id.id):
            self.stage_id = self._stage_find(domain=[("fold", "=", False)])

    @api.model_create_multi
    def create(self, vals_list):
        """Complete what an import or a form leaves open.

        Empty columns of an import are no choice: pipeline and stage are computed. Who
        gives a pipeline but no team gets a team that uses the pipeline.
        """
        default_type = self.default_get(["type"]).get("type")
        chosen_id = self.env.context.get("default_pipeline_id")
        default_team_id = self.env.context.get("default_team_id")
        prepared = []
        for vals in vals_list:
            empty = {"pipeline_id"}
            if vals.get("type", default_type) == "opportunity":
                empty.add("stage_id")
            vals = {k: v for k, v in vals.items() if v or k not in empty}
            pipeline_id = vals.get("pipeline_id", chosen_id)
            if pipeline_id and "team_id" not in vals and not default_team_id:
                user_id = vals.get("user_id", self.env.uid)
                if team := self._get_team_for_pipeline(pipeline_id, user_id):
                    vals["team_id"] = team.id
            prepared.append(vals)
        leads = super().create(prepared)
        leads._check_entered_pipelines()
        return leads

    def write(self, vals):
        """Refuse to take opportunities out of their pipeline.

        :raise ValidationError: naming the opportunity and its pipeline
        """
        if vals.keys() >= {"pipeline_id", "stage_id"}:
            layouts = self.env["crm.pipeline"]._get_layout().pipelines
            layout = layouts.get(vals["pipeline_id"])
            stage_id = self.env.context.get("merge_stage_id")
            if layout and not layout.follow_odoo_stages and stage_id:
                # A merge takes Odoo's first stage if the own one is for other teams.
                vals = dict(vals, stage_id=stage_id)
        if "pipeline_id" in vals and not vals["pipeline_id"]:
            for lead in self.filtered("pipeline_id"):
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” cannot leave the pipeline “%(pipeline)s” without "
                        "another one. Choose the pipeline that it moves to.",
                        lead=lead.display_name,
                        pipeline=lead.sudo().pipeline_id.name,
                    )
                )
        if vals.get("pipeline_id"):
            entering = self.filtered(
                lambda lead: lead.pipeline_id.id != vals["pipeline_id"]
            )
            result = super().write(vals)
            entering._check_entered_pipelines()
            return result
        return super().write(vals)

    @api.constrains("pipeline_id", "stage_id")
    def _check_stage_of_pipeline(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self:
            layout = layouts.get(lead.pipeline_id.id)
            if not layout or layout.get_line(lead.stage_id.id):
                continue
            stages = lead._stage_find(domain=[], limit=None)
            if not lead.stage_id:
                # Odoo lets a stage be emptied.
                if layout.follow_odoo_stages or lead.type == "lead" or not stages:
                    continue
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” needs a stage of the pipeline “%(pipeline)s”. "
                        "Choose one of these: %(stages)s.",
                        lead=lead.display_name,
                        pipeline=lead.sudo().pipeline_id.name,
                        stages=", ".join(stages.mapped("name")),
                    )
                )
            raise ValidationError(
                self.env._(
                    "“%(lead)s”: the stage “%(stage)s” is not part of the pipeline "
                    "“%(pipeline)s”. Choose one of its stages (%(stages)s), or change "
                    "the pipeline together with the stage.",
                    lead=lead.display_name,
                    stage=lead.stage_id.name,
                    pipeline=lead.sudo().pipeline_id.name,
                    stages=", ".join(stages.mapped("name")),
                )
            )

    @api.constrains("pipeline_id", "team_id")
    def _check_team_of_pipeline(self):
        for lead in self:
            pipeline = lead.sudo().pipeline_id
            # The company may follow the team, and be worked out right now.
            is_final = not self.env.is_protected(self._fields["company_id"], lead)
            company = lead.sudo().company_id
            if is_final and pipeline.company_id and pipeline.company_id != company:
                raise ValidationError(
                    self.env._(
                        "“%(lead)s”: the pipeline “%(pipeline)s” is not open to the "
                        "company “%(company)s”. Choose another pipeline or another "
                        "company.",
                        lead=lead.display_name,
                        pipeline=pipeline.name,
                        company=company.name or self.env._("none"),
                    )
                )
            if (
                lead.team_id
                and pipeline.team_ids
                and lead.sudo().team_id not in pipeline.team_ids
            ):
                raise ValidationError(
                    self.env._(
                        "“%(lead)s”: the pipeline “%(pipeline)s” is not open to the "
                        "sales team “%(team)s”. Choose another pipeline or another "
                        "team.",
                        lead=lead.display_name,
                        pipeline=pipeline.name,
                        team=lead.team_id.name,
                    )
                )

    def _stage_find(self, team_id=False, domain=None, order="sequence, id", limit=1):
        """Search in the stages of the leads' pipelines, in the pipeline's order.

        Without a pipeline, Odoo's own search by team answers.
        """
        layouts = self.env["crm.pipeline"]._get_layout()
        teams = self.team_id.ids or [team_id]
        if self.pipeline_id and not team_id:
            found = [layouts.pipelines[pipeline.id] for pipeline in self.pipeline_id]
        else:
            layout = layouts.get_default(
                team_id or teams[0], self.company_id[:1].id, self.env.company.id
            )
            found = [layout] if layout else []
        if not found:
            return super()._stage_find(team_id, domain, order, limit)
        stage_ids = dict.fromkeys(
            stage_id
            for layout in found
            for team in teams
            for stage_id in layout.get_stage_ids(team)
        )
        stages = self.env["crm.stage"].browse(stage_ids)
        if domain:
            stages = stages.filtered_domain(domain)
        if len(found) > 1 or order != "sequence, id":
            stages = stages.sorted(order)
        if self.env.context.get("next_won_stage") and domain == WON_STAGES:
            stages = self._get_next_won_stage(stages, stage_ids)
        return stages[:limit] if limit else stages

    def _get_next_won_stage(self, won_stages, stage_ids):
        """Return the won stage that follows the leads' own in their pipeline, else the
        last one before it.
        """
        rank = {stage_id: rank for rank, stage_id in enumerate(stage_ids)}
        own = rank.get(self.stage_id[:1].id, -1)
        after = won_stages.filtered(lambda stage: rank[stage.id] > own)
        return after[:1] or won_stages[-1:]

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self._is_pipeline_panel_shown())

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the panel to choose a pipeline where there is a choice."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "search" and not self._is_pipeline_panel_shown():
            for panel in arch.xpath(
                "//searchpanel[hasclass('o_pipeline_search_panel')]"
            ):
                panel.getparent().remove(panel)
        return arch, view

    @api.model
    def _is_pipeline_panel_shown(self):
        pipelines = self.env["crm.pipeline"]._get_layout().pipelines.values()
        return sum(pipeline.active for pipeline in pipelines) > 1

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Show the stages of the pipelines that the search is about.

        One pipeline's stages come in its own order. Odoo's stages, with its rule for
        teams, are added when a pipeline that follows them is shown.
        """
        pipelines = self._get_searched_pipelines(domain)
        if not pipelines:
            return super()._read_group_stage_ids(stages, domain)
        own = pipelines.filtered(lambda p: not p.follow_odoo_stages)
        shown = stages | own.pipeline_stage_ids.stage_id
        following = pipelines - own
        if following:
            odoo_stages = super()._read_group_stage_ids(stages, domain)
            shown |= odoo_stages & following.pipeline_stage_ids.stage_id
        if len(pipelines) == 1:
            layout = self.env["crm.pipeline"]._get_layout().pipelines[pipelines.id]
            in_order = stages.browse(line.stage_id for line in layout.lines)
            return (in_order & shown) | (shown - in_order)
        return shown.sorted()

    @api.model
    def _get_searched_pipelines(self, domain):
        """Return the pipelines that a domain on leads lets through: the active ones,
        and archived ones that it names.
        """
        named = set()

        def to_pipeline_condition(condition):
            if condition.field_expr != "pipeline_id":
                return Domain.TRUE
            if condition.operator == "in":
                named.update(condition.value)
            elif condition.operator == "=":
                named.add(condition.value)
            by_text = "like" in condition.operator
            return Domain(
                "name" if by_text else "id", condition.operator, condition.value
            )

        domain = Domain(domain).map_conditions(to_pipeline_condition)
        pipelines = self.env["crm.pipeline"].with_context(active_test=False)
        return (
            pipelines.search(domain)
            .filtered(lambda pipeline: pipeline.active or pipeline.id in named)
            .with_env(self.env)
        )

    @api.model
    def _read_group_pipeline_ids(self, pipelines, domain):
        return pipelines | self._get_searched_pipelines(domain)

    def action_set_won(self):
        """Win each opportunity in its own pipeline's next won stage.

        :raise UserError: if a pipeline has no won stage
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for pipeline in self.pipeline_id:
            if not any(line.is_won for line in layouts[pipeline.id].lines):
                raise UserError(
                    self.env._(
                        "The pipeline “%(pipeline)s” has no won stage. Ask your sales "
                        "manager to add one before you mark “%(lead)s” as won.",
                        pipeline=pipeline.name,
                        lead=self.filtered(
                            lambda lead, p=pipeline: lead.pipeline_id == p
                        )[:1].display_name,
                    )
                )
        # Odoo searches for all of them at once, in the order of the stages' sequences.
        ordered = self.filtered(
            lambda lead: (
                lead.pipeline_id and not layouts[lead.pipeline_id.id].follow_odoo_stages
            )
        )
        for leads in ordered.grouped(
            lambda lead: (lead.pipeline_id, lead.stage_id)
        ).values():
            super(CrmLead, leads.with_context(next_won_stage=True)).action_set_won()
        return super(CrmLead, self - ordered).action_set_won()

    def convert_opportunity(self, partner, user_ids=False, team_id=False):
        """Let leads follow their new team into its pipeline before they are deals.

        A salesperson who is not of the lead's team brings the own one, as in Odoo.
        """
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
                        *leads.env.context.get("conversion_lead_ids", ()),
                        *context["conversion_lead_ids"],
                    ]
                )
        return super(CrmLead, leads).convert_opportunity(
            partner, user_ids=user_ids, team_id=team_id
        )

    def _get_teams_of_conversion(self):
        """Return {team id: leads} of the leads whose salesperson is of another team."""
        kept = set(self.env.context.get("conversion_lead_ids", ()))
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

    def _convert_opportunity_data(self, customer, team_id=False):
        values = super()._convert_opportunity_data(customer, team_id=team_id)
        if self.id in self.env.context.get("conversion_lead_ids", ()):
            values["team_id"] = self.team_id.id
        return values

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        leads = self.with_context(merge_team_id=team_id)
        stage_id = leads._sort_by_confidence_level(reverse=True)._merge_get_stage_id()
        merged = super(
            CrmLead, leads.with_context(merge_stage_id=stage_id)
        )._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        return merged.with_env(self.env)

    def _merge_get_fields_specific(self):
        """Keep the main deal's pipeline as long as its team may use it, and a stage of
        one of the merged deals that is part of that pipeline, else its first stage.
        """
        getters = super()._merge_get_fields_specific()
        getters["pipeline_id"] = lambda fname, leads: leads._merge_get_pipeline()
        getters["stage_id"] = lambda fname, leads: leads._merge_get_stage_id()
        return getters

    def _merge_get_pipeline(self):
        layouts = self.env["crm.pipeline"]._get_layout()
        team_id = self.env.context.get("merge_team_id") or next(
            iter(self.team_id.ids), False
        )
        layout = layouts.find(
            team_id,
            self.company_id[:1].id,
            current_id=self.pipeline_id[:1].id,
            working_company_id=self.env.company.id,
        )
        return layout.id if layout else self.pipeline_id[:1].id

    def _merge_get_stage_id(self):
        layout = (
            self.env["crm.pipeline"]
            ._get_layout()
            .pipelines.get(self._merge_get_pipeline())
        )
        stages = self.stage_id
        if not layout:
            return stages[:1].id
        fitting = stages.filtered(lambda stage: layout.get_line(stage.id))
        return next(
            iter(fitting.ids or layout.get_stage_ids(self.team_id[:1].id)), False
        )
