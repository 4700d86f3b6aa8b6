"""Properties of the pipeline on its opportunities.

Odoo drops the values of properties when the record that defines them changes. Here they
are kept (``kept_pipeline_properties``) and come back when the opportunity does. What
the new pipeline has as well goes along: a property with the same technical name, which
a copied pipeline has, or else with the same label and kind.
"""

from odoo import api, fields, models

PROPERTY_FIELDS = ("lead_properties", "pipeline_properties")


def _is_same_kind(definition, other):
    """Tell whether two properties of different pipelines mean the same."""
    return all(
        definition.get(key) == other.get(key) for key in ("string", "type", "comodel")
    )


def _convert_value(value, source, target):
    """Return a value of the property ``source`` as one of the property ``target``.

    Options and tags correspond by their labels; None if nothing does.

    >>> red = {"type": "selection", "selection": [["a", "Red"]]}
    >>> _convert_value("a", red, {"type": "selection", "selection": [["b", "Red"]]})
    'b'
    >>> _convert_value("a", red, {"type": "selection", "selection": [["b", "Blue"]]})
    """
    kind = target["type"]
    if kind not in ("selection", "tags") or not value:
        return value
    options_key = "selection" if kind == "selection" else "tags"
    labels = {option[0]: option[1] for option in source.get(options_key) or ()}
    options = {option[1]: option[0] for option in target.get(options_key) or ()}
    if kind == "selection":
        return options.get(labels.get(value))
    return [options[labels[tag]] for tag in value if labels.get(tag) in options] or None


class PipelineProperties(fields.Properties):
    """Properties whose values survive a move to another pipeline."""

    kept_field = "kept_pipeline_properties"

    def _get_layouts(self, records):
        """Return {pipeline id: layout}, empty if no pipeline has properties."""
        layouts = records.env["crm.pipeline"]._get_layout().pipelines
        if any(layout.property_names for layout in layouts.values()):
            return layouts
        return {}

    def _get_properties_definition(self, record):
        """Whether there is any, the set-up knows without reading the pipeline."""
        layout = self._get_layouts(record).get(
            record[self.definition_record]._origin.id
        )
        if not layout or not layout.property_names:
            return None
        return super()._get_properties_definition(record)

    def _compute(self, records):
        if not self._get_layouts(records):
            for record in records:
                record[self.name] = False
            return
        pipelines = records.env["crm.pipeline"].sudo()
        definitions = {
            definition["name"]: definition
            for pipeline in pipelines.with_context(active_test=False).search([])
            for definition in pipeline.lead_properties_definition or ()
        }
        for record in records.sudo():
            pipeline = record[self.definition_record]
            values = self._get_values_in(pipeline, record, definitions)
            record[self.name] = self._add_default_values(
                record.env, {self.name: values, self.definition_record: pipeline}
            )

    def _get_values_in(self, pipeline, record, definitions):
        """Return {property name: value} of the record for the properties of a pipeline.

        :param definitions: {property name: definition} of all pipelines
        """
        present = record[self.name]._values or {}
        kept = record[self.kept_field] or {}
        values = {}
        for target in pipeline.lead_properties_definition or ():
            name = target["name"]
            if name in present:
                values[name] = present[name]
                continue
            for other, value in present.items():
                source = definitions.get(other)
                if source and _is_same_kind(source, target):
                    converted = _convert_value(value, source, target)
                    if converted is not None:
                        values[name] = converted
                    break
            if name not in values and name in kept:
                values[name] = kept[name]
        return values

    def write(self, records, value):
        """Keep what the present pipeline of the records does not define."""
        layouts = self._get_layouts(records)
        before = {}
        if layouts:
            before = {
                record: record[self.name]._values or {}
                for record in records.sudo()
                if isinstance(record.id, int)
            }
        result = super().write(records, value)
        for record, values in before.items():
            self._keep(record, values, layouts)
        return result

    def _keep(self, record, values, layouts):
        layout = layouts.get(record[self.definition_record].id)
        own = layout.property_names if layout else frozenset()
        known = frozenset().union(*(other.property_names for other in layouts.values()))
        old = record[self.kept_field] or {}
        kept = {
            name: value
            for name, value in {**old, **values}.items()
            if name in known - own
        }
        if kept != old:
            record._fields[self.kept_field].write(record, kept or False)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    pipeline_properties = PipelineProperties(
        "Properties of the Pipeline",
        definition="pipeline_id.lead_properties_definition",
        precompute=False,
        copy=True,
    )
    kept_pipeline_properties = fields.Json(
        readonly=True,
        copy=False,
        exportable=False,
        help="The values of the properties of the pipelines that the opportunity was "
        "in, for when it comes back.",
    )

    pipeline_properties_state = fields.Selection(
        [("none", "None"), ("empty", "Empty"), ("filled", "Filled in")],
        compute="_compute_pipeline_properties_state",
        exportable=False,
        help="Whether the form shows the properties or folds them away: as it was when "
        "the form was opened, so that nothing jumps while they are filled in.",
    )

    @api.depends("pipeline_id")
    def _compute_pipeline_properties_state(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self:
            layout = layouts.get(lead.pipeline_id.id)
            names = layout.property_names if layout else ()
            values = lead.pipeline_properties._values or {}
            filled = any(values.get(name) for name in names)
            lead.pipeline_properties_state = (
                "none" if not names else "filled" if filled else "empty"
            )

    def _track_prepare(self, fields_iter):
        """Leave properties out that nobody has defined: Odoo reads the definitions of
        each before any write."""
        names = set(fields_iter)
        if not names.isdisjoint(PROPERTY_FIELDS):
            layouts = self.env["crm.pipeline"]._get_layout()
            if not layouts.has_team_properties:
                names.discard("lead_properties")
            if not any(layout.property_names for layout in layouts.pipelines.values()):
                names.discard("pipeline_properties")
        return super()._track_prepare(names)

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self._merge_dependences_properties(opportunities)
        return result

    def _merge_dependences_properties(self, opportunities):
        """Take over the properties that this opportunity lacks, from those of the same
        pipeline.

        :param opportunities: see ``_merge_dependences``
        """
        layout = (
            self.env["crm.pipeline"]._get_layout().pipelines.get(self.pipeline_id.id)
        )
        if not layout or not layout.property_names:
            return
        values = dict(self.pipeline_properties._values or {})
        own = {name for name, value in values.items() if value not in (False, None)}
        for lead in opportunities.sudo():
            if lead.pipeline_id.id != layout.id:
                continue
            for name, value in (lead.pipeline_properties._values or {}).items():
                if name in layout.property_names - own and value:
                    values[name] = value
                    own.add(name)
        if values != (self.pipeline_properties._values or {}):
            self.pipeline_properties = values
