from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.arguments import check_records
from ...tools.readable_name import get_readable_name
from ..change.deal_change import get_plain_values

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
        places = defaultdict(list)
        for lead_id, *place in self._list_places():
            places[tuple(place)].append(lead_id)
        for (pipeline_id, stage_id), lead_ids in places.items():
            layout = layouts.get(pipeline_id)
            line = layout and layout.get_line(stage_id)
            self.browse(lead_ids).pipeline_stage_id = line.id if line else False

    def _list_places(self):
        """Return tuples of the ids of lead, pipeline and stage."""
        return zip(
            self._ids,
            get_plain_values(self, "pipeline_id"),
            get_plain_values(self, "stage_id"),
            strict=True,
        )

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

    @api.constrains("pipeline_id", "stage_id")
    def _check_stage_of_pipeline(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        wrong_ids = [
            lead_id
            for lead_id, pipeline_id, stage_id in self._list_places()
            if (layout := layouts.get(pipeline_id)) and not layout.get_line(stage_id)
        ]
        for lead in self.browse(wrong_ids):
            layout = layouts[lead.pipeline_id.id]
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

    def _check_company(self, fnames=None):
        """Pipelines of all companies need no check, and are not read for one."""
        names = set(fnames or self._fields)
        if "company_id" in names:
            names = set(self._fields)
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        if "pipeline_id" in names and all(
            not pipeline_id or layouts[pipeline_id].company_id is None
            for pipeline_id in set(get_plain_values(self, "pipeline_id"))
        ):
            # What has the company checks all fields.
            names -= {"pipeline_id", "company_id"}
        return super()._check_company(names)

    @api.constrains("pipeline_id", "team_id")
    def _check_team_of_pipeline(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self:
            pipeline = lead.sudo().pipeline_id
            layout = layouts.get(pipeline.id)
            if not layout:
                continue
            # The company may follow the team, and be worked out right now.
            is_final = not self.env.is_protected(self._fields["company_id"], lead)
            company = lead.sudo().company_id
            if is_final and layout.company_id not in (None, company.id):
                raise ValidationError(
                    self.env._(
                        "“%(lead)s”: the pipeline “%(pipeline)s” is not open to the "
                        "company “%(company)s”. Choose another pipeline or another "
                        "company.",
                        lead=lead.display_name,
                        pipeline=get_readable_name(pipeline),
                        company=company.name or self.env._("none"),
                    )
                )
            team_id = lead.team_id.id
            if team_id and layout.team_ids and team_id not in layout.team_ids:
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

    def _get_won_stage(self):
        """Return the stage in which :meth:`action_set_won` wins this lead."""
        self.ensure_one()
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        layout = layouts.get(self.pipeline_id.id)
        if layout and not layout.follow_odoo_stages:
            leads = self.with_context(next_won_stage=True)
            return leads._stage_find(domain=WON_STAGES, limit=None)
        # As Odoo does.
        won_stages = self._stage_find(domain=WON_STAGES, limit=None)
        own = self.stage_id.sequence
        after = won_stages.filtered(lambda stage: stage.sequence > own)
        return after[:1] or won_stages[-1:]

    def action_set_won(self):
        """Win each opportunity in its own pipeline's next won stage.

        :raise UserError: if a pipeline has no won stage
        """
        check_records(self)
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
