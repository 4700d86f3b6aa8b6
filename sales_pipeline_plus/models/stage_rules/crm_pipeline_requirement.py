from odoo import api, fields, models

# Fields that the server fills or that mean nothing to a salesperson.
NEVER_REQUIRED = {
    "active",
    "automated_probability",
    "color",
    "lost_reason_id",
    "pipeline_id",
    "pipeline_stage_id",
    "priority",
    "probability",
    "probability_source",
    "stage_id",
    "type",
    "won_status",
}


class CrmPipelineRequirement(models.Model):
    """A field that opportunities need from a stage of a pipeline on."""

    _name = "crm.pipeline.requirement"
    _description = "Field Required in a Pipeline Stage"
    _inherit = ["crm.naming.mixin", "crm.setup.mixin"]
    _order = "pipeline_stage_id, level, id"

    pipeline_stage_id = fields.Many2one(
        "crm.pipeline.stage", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="pipeline_stage_id.company_id", store=True, index="btree_not_null"
    )
    field_name = fields.Selection(
        selection="_selection_field_name", string="Field", required=True
    )
    level = fields.Selection(
        [("hard", "Required"), ("soft", "Recommended")],
        required=True,
        default="hard",
        help="Required: no opportunity enters this stage, or a later one, without it. "
        "Recommended: the opportunity shows that it is missing.",
    )

    _stage_field_uniq = models.Constraint(
        "UNIQUE(pipeline_stage_id, field_name)",
        "A field can be asked for only once in a stage.",
    )

    @api.depends("field_name", "level")
    def _compute_display_name(self):
        labels = dict(self._selection_field_name())
        for requirement in self:
            label = labels.get(requirement.field_name, requirement.field_name or "")
            if requirement.level == "soft":
                label = self.env._("%s (recommended)", label)
            requirement.display_name = label

    @api.model
    def _selection_field_name(self):
        """Return the fields of an opportunity that a salesperson can fill in."""
        lead = self.env["crm.lead"]
        names = lead._get_requirable_field_names()
        return sorted(
            (
                (name, lead._fields[name]._description_string(self.env))
                for name in names
            ),
            key=lambda item: item[1],
        )
