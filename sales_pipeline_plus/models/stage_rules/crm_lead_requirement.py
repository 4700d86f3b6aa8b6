from odoo import api, fields, models

from ..change.deal_change import get_plain
from .crm_pipeline_requirement import NEVER_REQUIRED
from .field_value import is_empty


class CrmLead(models.Model):
    """What a stage of the pipeline asks for before an opportunity enters it."""

    _inherit = "crm.lead"

    stage_definition = fields.Text(related="pipeline_stage_id.definition")
    next_stage_name = fields.Char(string="Next Stage", compute="_compute_next_stage")
    next_stage_criteria = fields.Text(
        string="Criteria for the Next Stage",
        compute="_compute_next_stage",
    )
    missing_now = fields.Char(
        compute="_compute_missing",
        help="What the present stage asks for and the opportunity does not have.",
    )
    missing_next = fields.Char(
        compute="_compute_missing",
        help="What else the next stage asks for.",
    )

    @api.model
    def _get_requirable_field_names(self):
        """Return the names of the fields that a pipeline stage can ask for."""
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and not field.readonly
            and name not in models.MAGIC_COLUMNS
            and not field.related
            and name not in NEVER_REQUIRED
            and not name.startswith(("activity_", "message_", "website_message"))
            and field.type
            not in ("json", "properties", "properties_definition", "one2many")
            and not field.groups
        ]

    @api.depends("pipeline_stage_id", "won_status")
    def _compute_next_stage(self):
        for lead in self:
            line = lead._get_next_line() if lead.won_status == "pending" else None
            record = self.env["crm.pipeline.stage"].sudo().browse(line and line.id)
            lead.next_stage_name = record.stage_id.name
            lead.next_stage_criteria = record.entry_criteria

    def _get_line(self):
        """Return the :class:`StageLine` that the lead is in, or None."""
        layout = (
            self.env["crm.pipeline"]._get_layout().pipelines.get(self.pipeline_id.id)
        )
        return layout.get_line(self.stage_id.id) if layout else None

    def _get_next_line(self):
        layout = (
            self.env["crm.pipeline"]._get_layout().pipelines.get(self.pipeline_id.id)
        )
        return layout.get_next_line(self.stage_id.id) if layout else None

    @api.depends(
        lambda self: ["pipeline_stage_id", *self._get_live_requirable_fields()]
    )
    def _compute_missing(self):
        for lead in self:
            here = lead._get_missing(lead._get_line(), soft=True)
            after = lead._get_missing(lead._get_next_line())
            lead.missing_now = ", ".join(here)
            lead.missing_next = ", ".join(label for label in after if label not in here)

    @api.model
    def _get_live_requirable_fields(self):
        """Fields whose edition updates the list of what is missing in the form."""
        return [
            name
            for name in self._get_requirable_field_names()
            if self._fields[name].type not in ("binary", "html", "text")
        ]

    def _get_missing(self, line, soft=False):
        """Return the labels of what the lead lacks in a stage of a pipeline.

        :param line: the :class:`StageLine`; None asks for nothing
        :param soft: also name what is recommended only
        """
        self.ensure_one()
        if not line or self.type != "opportunity":
            return []
        names = line.required_fields + (line.recommended_fields if soft else ())
        labels = self._get_field_labels(
            name
            for name in names
            if name in self._fields and self._is_field_empty(name)
        )
        return labels + self._get_missing_conditions(line)

    def _get_missing_conditions(self, line):
        """Return what else the stage asks for, beyond fields; to be extended."""
        return []

    def _is_field_empty(self, name):
        return is_empty(self._fields[name], get_plain(self, name))

    # ------------------------------------------------------------
    # Web client
    # ------------------------------------------------------------

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        names = self._get_asked_fields()
        # Odoo takes the keys that end so into its own, whatever they are.
        asked = self.with_context(missing_fields_view_ref=names)
        key = super(CrmLead, asked)._get_view_cache_key(view_id, view_type, **options)
        return (*key, names)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Put the missing fields into the small form or list that asks for them.

        The web client passes on only the context keys that end in ``_view_ref``.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        names = self._get_asked_fields()
        if view_type in ("form", "list") and names:
            allowed = set(self._get_requirable_field_names())
            for place in arch.xpath(
                "//group[@name='missing_fields']"
                " | //list[@js_class='stage_requirements_list']"
            ):
                for name in names.split(","):
                    if name in allowed:
                        place.append(self._make_missing_field(place, name))
        return arch, view

    @api.model
    def _make_missing_field(self, place, name):
        attributes = {"name": name, "required": "1"}
        kind = self._fields[name].type
        if place.tag == "list" and kind == "many2many":
            attributes["widget"] = "many2many_tags"
        elif place.tag == "list" and kind in ("float", "integer", "monetary"):
            attributes["width"] = "145px"
        return place.makeelement("field", attributes)

    @api.model
    def _get_asked_fields(self):
        names = self.env.context.get("missing_fields_view_ref")
        return names if isinstance(names, str) else ""
