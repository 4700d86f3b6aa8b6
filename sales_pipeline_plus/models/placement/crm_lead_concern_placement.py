import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.arguments import get_context_id, is_id
from .standing import STANDING_FIELDS, get_standings_after, get_standings_before


class CrmLeadConcernPlacement(models.AbstractModel):
    """In which pipeline and stage an opportunity is, and where it was last."""

    _name = "crm.lead.concern.placement"
    _inherit = "crm.lead.concern"
    _description = "Place of Changing Opportunities"

    def _get_watched_fields(self):
        return STANDING_FIELDS

    def _complete_create(self, change, vals_list):
        """Complete what an import or a form leaves open.

        Empty columns of an import are no choice: pipeline and stage are computed. Who
        gives a pipeline but no team gets a team that uses the pipeline.
        """
        leads = self.env["crm.lead"]
        default_type = leads.default_get(["type"]).get("type")
        chosen_id = self.env.context.get("default_pipeline_id")
        default_team_id = self.env.context.get("default_team_id")
        prepared = []
        for vals in vals_list:
            empty = {"pipeline_id"}
            if vals.get("type", default_type) == "opportunity":
                empty.add("stage_id")
            vals = {k: v for k, v in vals.items() if v or k not in empty}
            pipeline_id = vals.get("pipeline_id", chosen_id)
            if is_id(pipeline_id) and "team_id" not in vals and not default_team_id:
                user_id = vals.get("user_id", self.env.uid)
                if team := leads._get_team_for_pipeline(pipeline_id, user_id):
                    vals["team_id"] = team.id
            prepared.append(vals)
        return prepared

    def _complete_write(self, change, vals):
        """Refuse to take opportunities out of their pipeline.

        :raise ValidationError: naming the opportunity and its pipeline
        """
        if vals.keys() >= {"pipeline_id", "stage_id"}:
            layouts = self.env["crm.pipeline"]._get_layout().pipelines
            layout = layouts.get(vals["pipeline_id"])
            stage_id = get_context_id(self.env, "merge_stage_id")
            if layout and not layout.follow_odoo_stages and stage_id:
                # A merge takes Odoo's first stage if the own one is for other teams.
                vals = dict(vals, stage_id=stage_id)
        if "pipeline_id" in vals and not vals["pipeline_id"]:
            for lead in change.leads.filtered("pipeline_id"):
                raise ValidationError(
                    self.env._(
                        "“%(lead)s” cannot leave the pipeline “%(pipeline)s” without "
                        "another one. Choose the pipeline that it moves to.",
                        lead=lead.display_name,
                        pipeline=lead.sudo().pipeline_id.name,
                    )
                )
        return vals

    def _check(self, change):
        """Refuse a pipeline that nothing new may enter.

        :raise ValidationError: naming the opportunity and the pipeline
        """
        if change.is_creation or "pipeline_id" in change.given:
            change.get_changed("pipeline_id")._check_entered_pipelines()

    def _record(self, change):
        """Remember the places that opportunities leave, for when they come back."""
        if change.is_creation:
            return
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        left = defaultdict(list)
        for lead, before, after in zip(
            change.above,
            get_standings_before(change),
            get_standings_after(change),
            strict=True,
        ):
            if before == after:
                continue
            places = lead._get_left_places(before, after, layouts)
            if places and places != (lead.last_places or {}):
                left[json.dumps(places)].append(lead.id)
        for places, ids in left.items():
            leads = change.leads.browse(ids)
            leads._write_facts({"last_places": json.loads(places)})


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def default_get(self, fields):
        """Leave out a pipeline of the context that can be none."""
        values = super().default_get(fields)
        default_id = self.env.context.get("default_pipeline_id")
        if default_id and not is_id(default_id):
            values.pop("pipeline_id", None)
        return values

    last_places = fields.Json(
        readonly=True,
        copy=False,
        exportable=False,
        help="Where the opportunity was last active, and the stage of each pipeline "
        "where it was last open, as far as it is not there now.",
    )

    def _get_left_places(self, before, after, layouts):
        """Return what ``last_places`` becomes with a change of where it stands.

        :return: dict with ``active``: [pipeline id, stage id] and ``open``:
            {pipeline id as text: stage id}; None if it leaves no place
        """
        is_put_away = before.is_active and not after.is_active
        is_gone = before.is_open(layouts) and (
            not after.is_open(layouts) or after.pipeline_id != before.pipeline_id
        )
        if not is_put_away and not is_gone:
            return None
        places = dict(self.last_places or {})
        if is_put_away:
            places["active"] = list(before.place)
        if is_gone:
            places["open"] = {
                **places.get("open", {}),
                str(before.pipeline_id): before.stage_id,
            }
        return places

    def _get_last_open_stage_id(self, pipeline_id):
        """Return the stage of a pipeline where it was last open, or None."""
        return (self.sudo().last_places or {}).get("open", {}).get(str(pipeline_id))

    def _get_last_active_place(self):
        """Return the pipeline and the stage where it was last active, or None."""
        place = (self.sudo().last_places or {}).get("active")
        return tuple(place) if place else None
