from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools.arguments import is_id


class CrmLead(models.Model):
    """An opportunity stays in the pipeline, and so with the team and in the company,
    where it was put.

    Only a move, a conversion or a merge takes it to another pipeline, with one
    exception: a salesperson of other companies only, who cannot work where the
    pipeline is. A new opportunity, and a lead that is none yet, get the default.
    """

    _inherit = "crm.lead"

    @api.depends("team_id", "company_id")
    def _compute_pipeline_id(self):
        """Give new opportunities and leads their team's or company's default.

        A lead that is no opportunity yet has no visible stage: it just goes along with
        its team.
        """
        layouts = self.env["crm.pipeline"]._get_layout()
        for lead in self:
            is_lead = lead.type == "lead"
            if (
                lead._origin
                and lead.pipeline_id
                and (not is_lead or lead._was_opportunity())
            ):
                lead._leave_pipeline_if_needed(layouts)
                continue
            current_id = lead.pipeline_id.id
            if not current_id and not lead._origin:
                default_id = self.env.context.get("default_pipeline_id")
                current_id = is_id(default_id) and default_id
            former_stage_id = False if is_lead else lead._get_former_stage_id()
            layout = layouts.find(
                lead.team_id.id,
                lead.company_id.id,
                current_id=None if is_lead else current_id,
                stage_id=former_stage_id
                or (not is_lead and lead._get_given_stage_id()),
                working_company_id=self.env.company.id,
            )
            if former_stage_id and layout and not layout.get_line(former_stage_id):
                # Outside of pipelines until now, and no pipeline has its stage.
                continue
            pipeline_id = layout.id if layout else False
            if lead.pipeline_id.id != pipeline_id:
                lead.pipeline_id = pipeline_id

    def _get_given_stage_id(self):
        """Return the stage that someone chose, without computing one."""
        self.ensure_one()
        if self.env.is_to_compute(self._fields["stage_id"], self):
            return False
        if not self._origin and "stage_id" not in self._cache:
            return False
        return self.stage_id.id

    def _get_former_stage_id(self):
        """Return the stage that is about to be computed again, as it still is."""
        self.ensure_one()
        if not self._origin or not self.env.is_to_compute(
            self._fields["stage_id"], self
        ):
            return False
        return self._get_as_it_is("stage_id").id

    def _get_as_it_is(self, name):
        """Return the value of a stored field without the computation it waits for."""
        self.ensure_one()
        field = self._fields[name]
        if not self.env.is_to_compute(field, self):
            return self[name]
        self.env.remove_to_compute(field, self)
        value = self[name]
        self.env.add_to_compute(field, self)
        return value

    def _check_entered_pipelines(self):
        """Refuse what has just entered an archived pipeline.

        :raise ValidationError: naming the opportunity and the pipeline
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self.sudo():
            if lead.pipeline_id and not layouts[lead.pipeline_id.id].active:
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” cannot enter the pipeline “%(pipeline)s”, which is "
                        "archived. Choose another one.",
                        lead=lead.display_name,
                        pipeline=lead.pipeline_id.name,
                    )
                )

    def copy_data(self, default=None):
        """A copy of what is in an archived pipeline starts in the default."""
        vals_list = super().copy_data(default=default)
        given = (default or {}).get("pipeline_id")
        for lead, vals in zip(self, vals_list, strict=True):
            if not given and vals and not lead.sudo().pipeline_id.active:
                vals.pop("pipeline_id", None)
        return vals_list

    # ------------------------------------------------------------
    # Team and company, which follow the salesperson as far as the pipeline lets them
    # ------------------------------------------------------------

    def _compute_team_id(self):
        """Let a new salesperson bring a team that uses the pipeline, or keep the team.

        A new opportunity in a chosen pipeline gets a team that uses the pipeline.
        """
        fresh = self.filtered(
            lambda lead: not lead._origin and not lead._cache.get("team_id")
        )
        before = {
            lead: lead.team_id
            for lead in self
            if lead._origin and lead.type == "opportunity"
        }
        result = super()._compute_team_id()
        for lead in self:
            if not lead._origin and "pipeline_id" in lead._cache:
                lead._take_team_of_pipeline(lead in fresh)
        for lead, team in before.items():
            if lead.team_id != team:
                lead._keep_team_of_pipeline(team)
        return result

    def _take_team_of_pipeline(self, is_fresh):
        pipeline = self.sudo().pipeline_id
        team = pipeline._get_team_of(self.user_id)
        if is_fresh:
            team = team or pipeline.team_ids[:1]
        if team and self.sudo().team_id not in pipeline.team_ids:
            self.team_id = team.id

    def _keep_team_of_pipeline(self, former):
        """Return to the former team if the pipeline is not open to the new one.

        A salesperson of other companies cannot be in the former team.
        """
        pipeline = self.sudo()._get_as_it_is("pipeline_id")
        if not pipeline.team_ids or self.sudo().team_id in pipeline.team_ids:
            return
        team = pipeline._get_team_of(self.user_id) or former
        company = team.sudo().company_id
        if not company or company in self.sudo().user_id.company_ids:
            self.team_id = team.id

    def _compute_company_id(self):
        """Keep the company of the pipeline as long as the salesperson works there."""
        result = super()._compute_company_id()
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self:
            if not lead._origin or lead.type != "opportunity":
                continue
            layout = layouts.get(lead._get_as_it_is("pipeline_id").id)
            if (
                layout
                and layout.company_id not in (None, lead.company_id.id)
                and lead.sudo().team_id.company_id.id in (False, layout.company_id)
                and not lead._is_out_of_reach(layout)
            ):
                lead.company_id = layout.company_id
        return result

    # ------------------------------------------------------------
    # A salesperson who cannot work in the pipeline
    # ------------------------------------------------------------

    def _is_out_of_reach(self, layout):
        """Tell whether the salesperson has no access to any company of the pipeline."""
        self.ensure_one()
        user = self.sudo().user_id
        home = layout.home_company_ids
        return bool(home and user and home.isdisjoint(user.company_ids.ids))

    def _leave_pipeline_if_needed(self, layouts):
        """Go to the default of the salesperson's company if nothing else is possible.

        It is logged, and a move brings the opportunity back to where it was.
        """
        self.ensure_one()
        current = layouts.pipelines.get(self.pipeline_id.id)
        if not current or not self._is_out_of_reach(current):
            return
        stage_id = self._get_former_stage_id()
        is_won = self.env["crm.stage"].browse(stage_id).is_won
        user, team = self.sudo().user_id, self.sudo().team_id
        # The company follows, it may not be worked out yet.
        company = team.company_id or user.company_id
        team_id, company_id = team.id, company.id
        candidates = [
            layouts.get_default(team_id, company_id, self.env.company.id),
            *layouts.get_usable(team_id, company_id),
        ]
        target = next(
            (
                layout
                for layout in candidates
                if layout and any(line.is_won == is_won for line in layout.lines)
            ),
            None,
        )
        self._get_leaving_ids().add(self._origin.id)
        if self.id:
            self._track_set_log_message(
                self.env._(
                    "The pipeline “%(pipeline)s” is not open to the companies of "
                    "“%(user)s”, so the opportunity has left it.",
                    pipeline=self.sudo().pipeline_id.name,
                    user=self.sudo().user_id.name,
                )
            )
        self.pipeline_id = target.id if target else False

    def _get_leaving_ids(self):
        """Return the ids of the leads whose stage is still that of the pipeline that
        they have left.
        """
        return self.env.cr.cache.setdefault("crm.lead.leaving_pipeline", set())

    def _has_left_pipeline(self):
        """Tell, once, whether the stage is to be found in a new pipeline."""
        self.ensure_one()
        leaving_ids = self._get_leaving_ids()
        if self._origin.id not in leaving_ids:
            return False
        leaving_ids.discard(self._origin.id)
        return True

    def _get_nearest_stage_id(self, layout):
        """Return the present stage if the pipeline has it, else the open or won one
        whose probability is nearest.
        """
        if layout.get_line(self.stage_id.id):
            return self.stage_id.id
        is_won = self.stage_id.is_won
        lines = [line for line in layout.lines if line.is_won == is_won]
        return min(
            lines, key=lambda line: abs(line.probability - self.probability)
        ).stage_id
