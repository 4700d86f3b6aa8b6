from odoo import api, models
from odoo.tools import ormcache

from .pipeline_layout import Layouts, PipelineLayout, StageLine


class CrmPipeline(models.Model):
    """The set-up as plain values, cached by its version."""

    _inherit = "crm.pipeline"

    @api.model
    def _get_layout(self):
        """Return the set-up of all pipelines as plain values, as this transaction has
        it.

        :rtype: odoo.addons.sales_pipeline_plus.models.pipeline.pipeline_layout.Layouts
        """
        # It is asked for dozens of times in a change.
        cache = self.env.cr.cache
        version, layouts = cache.get(self._name, (None, None))
        if not layouts or version is not cache.get("crm.setup.version"):
            version = self.env["crm.setup.version"]._get_current()
            layouts = self._get_layout_of(version)
            cache[self._name] = version, layouts
        return layouts

    @api.model
    @ormcache("version")
    def _get_layout_of(self, version):
        # What is cached is the same whoever asks first.
        setup = self.with_env(self.env(su=True, context={"active_test": False}))
        layouts = {
            pipeline.id: pipeline._prepare_layout() for pipeline in setup.search([])
        }
        stages = setup.env["crm.stage"].search([], order="sequence, id")
        return Layouts(
            layouts,
            *(
                {
                    record.id: record.pipeline_id.id
                    for record in setup.env[model].search_fetch(
                        [("pipeline_id", "!=", False)], ["pipeline_id"], order="id"
                    )
                }
                for model in ("crm.team", "res.company")
            ),
            won_by_stage={stage.id: stage.is_won for stage in stages},
            shared_stage_ids=tuple(
                stages.filtered(lambda stage: not stage.team_ids).ids
            ),
            marks_customers=bool(
                setup.env["res.company"].search_count(
                    [("customer_category_id", "!=", False)], limit=1
                )
            ),
            has_team_properties=any(
                setup.env["crm.team"].search([]).mapped("lead_properties_definition")
            ),
        )

    def _prepare_layout(self):
        self.ensure_one()
        lines = self.pipeline_stage_ids.sorted()
        if self.follow_odoo_stages:
            lines = lines.sorted(
                lambda line: (line.stage_id.sequence, line.stage_id.id)
            )
        required, recommended, layout_lines = {}, {}, []
        minimum_score = 0.0
        for line in lines:
            minimum_score = max(minimum_score, line.minimum_score)
            for requirement in line.requirement_ids:
                level = required if requirement.level == "hard" else recommended
                level[requirement.field_name] = True
            layout_lines.append(
                StageLine(
                    id=line.id,
                    stage_id=line.stage_id.id,
                    probability=line.probability,
                    is_won=line.stage_id.is_won,
                    team_ids=frozenset(line.stage_id.team_ids.ids),
                    required_fields=tuple(required),
                    recommended_fields=tuple(
                        name for name in recommended if name not in required
                    ),
                    minimum_score=minimum_score,
                    limit_days=line.limit_days,
                )
            )
        return PipelineLayout(
            id=self.id,
            active=self.active,
            company_id=self.company_id.id or None,
            team_ids=frozenset(self.team_ids.ids),
            follow_odoo_stages=self.follow_odoo_stages,
            probability_method=self.probability_method,
            lines=tuple(layout_lines),
            home_company_ids=frozenset(self._get_home_companies().ids),
        )

    def _get_home_companies(self):
        """Return the companies that alone use the pipeline; none when all may."""
        self.ensure_one()
        if self.company_id:
            return self.company_id
        companies = self.team_ids.mapped("company_id")
        if all(team.company_id for team in self.team_ids):
            return companies
        return companies.browse()
