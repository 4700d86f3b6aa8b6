from odoo import api, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """The pipelines and stages that a view of deals shows."""

    _inherit = "crm.lead"

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
