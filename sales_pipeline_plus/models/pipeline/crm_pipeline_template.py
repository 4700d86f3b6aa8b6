from odoo import api, fields, models
from odoo.fields import Command

from ...tools.arguments import check_choice
from .pipeline_templates import TEMPLATES

ODOO = "odoo"


class CrmPipeline(models.Model):
    """The stages that a new pipeline starts with."""

    _inherit = "crm.pipeline"

    start_from = fields.Selection(
        selection="_get_starts",
        store=False,
        help="The stages that the new pipeline begins with. You can change them.",
    )
    start_preview = fields.Char(compute="_compute_start_preview")

    @api.model
    def _get_starts(self):
        starts = [(code, self.env._(each.name)) for code, each in TEMPLATES.items()]
        return [*starts, (ODOO, self.env._("Odoo's stages"))]

    @api.depends("start_from")
    def _compute_start_preview(self):
        for pipeline in self:
            lines = pipeline._list_start_stages(pipeline.start_from)
            pipeline.start_preview = " → ".join(
                self.env._("%(stage)s %(percent)s %%", stage=name, percent=percent)
                for name, percent in lines
            )

    @api.model
    def _list_start_stages(self, start):
        """Return [(name, percent as text)] of what a pipeline would start with."""
        if start == ODOO:
            stages = self._get_shared_stages()
            lines = self._prepare_stage_lines(stages)
            return [
                (stage.name, f"{line['probability']:g}")
                for stage, line in zip(stages, lines, strict=True)
            ]
        if start not in TEMPLATES:
            return []
        return [
            (self.env._(stage.name), f"{stage.probability:g}")
            for stage in TEMPLATES[start].stages
        ]

    @api.model
    def _get_shared_stages(self):
        return self.env["crm.stage"].search([("team_ids", "=", False)])

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {
                **vals,
                "pipeline_stage_ids": self._prepare_start_lines(vals["start_from"]),
            }
            if vals.get("start_from") and not vals.get("pipeline_stage_ids")
            else vals
            for vals in vals_list
        ]
        return super().create(vals_list)

    @api.model
    def _prepare_start_lines(self, start):
        """Return the commands for the lines of a start.

        :raise UserError: if there is none of this name
        """
        check_choice(self.env, "start_from", start, [*TEMPLATES, ODOO])
        if start == ODOO:
            lines = self._prepare_stage_lines(self._get_shared_stages())
        else:
            lines = [
                {
                    "stage_id": self._get_or_create_stage(stage).id,
                    "sequence": 10 * position,
                    "probability": stage.probability,
                    "limit_days": stage.days,
                }
                for position, stage in enumerate(TEMPLATES[start].stages, start=1)
            ]
        return [Command.create(line) for line in lines]

    @api.model
    def _get_or_create_stage(self, stage):
        """Return the stage of that name which all teams share; a new one is not offered
        to the pipelines that follow Odoo's stages."""
        stages = self.env["crm.stage"]
        name = self.env._(stage.name)
        found = stages.search(
            [
                ("name", "=", name),
                ("is_won", "=", stage.is_won),
                ("team_ids", "=", False),
            ],
            limit=1,
        )
        if found:
            return found
        created = stages.with_context(in_pipeline_form=True).create(
            {"name": name, "is_won": stage.is_won, "sequence": 100}
        )
        created.update_field_translations(
            "name",
            {
                code: self.with_context(lang=code).env._(stage.name)
                for code, _name in self.env["res.lang"].get_installed()
            },
        )
        return created.with_env(self.env)
