from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..change.deal_change import get_plain_values
from ..placement.standing import (
    STANDING_FIELDS,
    get_standings_after,
    get_standings_before,
)
from .field_value import is_empty

MAX_NAMED = 20


class CrmLeadConcernRequirement(models.AbstractModel):
    """What a stage asks for: of what enters it, and of what is there already.

    A deal that lacked something before the rule was made can be edited freely until it
    moves. Where it was last active is what counts, whatever happened to it meanwhile.
    """

    _name = "crm.lead.concern.requirement"
    _inherit = "crm.lead.concern"
    _description = "Stage Requirements of Changing Opportunities"

    def _get_watched_fields(self):
        layouts = self.env["crm.pipeline"]._get_layout()
        return STANDING_FIELDS | layouts.required_fields

    def _check(self, change):
        """Refuse what persons do; what comes in by itself is marked, not lost.

        :raise ValidationError: naming each opportunity and what it lacks
        :raise AccessError: if someone other than a sales manager gives a reason
        """
        asked, let_in = self._get_missing(change)
        change.notes["requirement"] = asked, let_in
        if not asked:
            return
        if self.env.context.get("stage_override_reason"):
            change.leads._check_may_override_stage()
            return
        raise ValidationError(
            "\n".join(
                self.env._(
                    "“%(lead)s” cannot be in the stage “%(stage)s” of “%(pipeline)s” "
                    "without: %(missing)s.",
                    lead=lead.display_name,
                    stage=lead.stage_id.name,
                    pipeline=lead.sudo().pipeline_id.name,
                    missing=", ".join(labels),
                )
                for lead, labels in list(asked.items())[:MAX_NAMED]
            )
        )

    def _get_missing(self, change):
        """Return what opportunities lack and may not lack, as {lead: labels}: what a
        person has to answer for, and what came by itself."""
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        asked, let_in = {}, {}
        for lead, before, after in zip(
            change.leads,
            get_standings_before(change),
            get_standings_after(change),
            strict=True,
        ):
            layout = layouts.get(after.pipeline_id)
            line = layout and layout.get_line(after.stage_id)
            if not line or not after.is_active or self._is_past(lead, before, after):
                continue
            if self._is_entered(lead, before, after):
                labels, is_chosen = lead._get_missing(line), change.is_chosen
            else:
                names = self._get_emptied(change, lead, before, line)
                labels = lead._get_field_labels(names)
                is_chosen = change.is_chosen or not change.given.isdisjoint(names)
            if labels:
                is_asked = is_chosen and not lead._is_automatic_entry(change)
                (asked if is_asked else let_in)[lead] = labels
        return asked, let_in

    def _is_past(self, lead, before, after):
        """Tell whether the lead comes in as one that was won before it was here."""
        is_changed = not before or before.won_status != after.won_status
        return is_changed and lead._was_closed_elsewhere()

    def _is_entered(self, lead, before, after):
        """Tell whether the lead stands elsewhere than where it was last active."""
        if before and before.is_active:
            return before.place != after.place
        return not before or lead._get_last_active_place() != after.place

    def _get_emptied(self, change, lead, before, line):
        """Return the names of the fields that the stage asks for and that the lead no
        longer has: since this change, or since it was last active."""
        filled = ()
        if not before.is_active:
            filled = (lead.sudo().last_places or {}).get("filled", ())
        return [
            name
            for name in line.required_fields
            if name in lead._fields
            and lead._is_field_empty(name)
            and (
                name in filled
                or not is_empty(lead._fields[name], change.before(lead, name))
            )
        ]

    def _record(self, change):
        """Say in the chatter who let them in, or that they came in by themselves."""
        asked, let_in = change.notes["requirement"]
        leads = change.leads
        if not change.is_creation:
            self._remember_filled(change)
        if asked:
            leads.browse(lead.id for lead in asked)._log_stage_override(
                asked, self.env.context["stage_override_reason"]
            )
        if let_in:
            incomplete = leads.browse(lead.id for lead in let_in)
            incomplete._write_facts({"incomplete_since": self.env.cr.now()})
            incomplete._log_incomplete_entry(let_in)
        complete = leads.browse(
            lead.id
            for lead, since in zip(
                leads, get_plain_values(leads, "incomplete_since"), strict=True
            )
            if since and lead not in let_in and not lead._get_missing(lead._get_line())
        )
        if complete:
            complete._write_facts({"incomplete_since": False})

    def _remember_filled(self, change):
        """Remember what a deal had of what its stage asks for when it leaves, so that
        it is not emptied while it is away."""
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead, before, after in zip(
            change.above,
            get_standings_before(change),
            get_standings_after(change),
            strict=True,
        ):
            if not before.is_active or after.is_active:
                continue
            layout = layouts.get(before.pipeline_id)
            line = layout and layout.get_line(before.stage_id)
            filled = [
                name
                for name in (line.required_fields if line else ())
                if name in lead._fields
                and not is_empty(lead._fields[name], change.before(lead, name))
            ]
            if filled != (lead.last_places or {}).get("filled", []):
                lead._write_facts(
                    {"last_places": {**(lead.last_places or {}), "filled": filled}}
                )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    incomplete_since = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the opportunity came by itself, for example by e-mail, from the "
        "website or by assignment, without what its stage asks for. It is asked for "
        "when somebody moves the opportunity.",
    )

    def _is_automatic_entry(self, change):
        """Tell whether the lead was changed or made by a machine."""
        if self._is_automatic_move() or not change.is_creation:
            return self._is_automatic_move()
        vals = change.vals_list[change.leads._ids.index(self.id)]
        return any(vals.get(name) for name in self._get_machine_entry_fields())

    @api.model
    def _get_machine_entry_fields(self):
        """Return fields of other addons that only leads from a machine are given.

        To be extended by what makes leads with the rights of a person.
        """
        return {"lead_mining_request_id"}

    def _get_field_labels(self, names):
        return [self._fields[name]._description_string(self.env) for name in names]

    def _check_may_override_stage(self):
        """:raise AccessError: if the user is no sales manager"""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(
                self.env._(
                    "Only a sales manager can let an opportunity into a stage without "
                    "what it asks for."
                )
            )

    def _log_stage_override(self, missing, reason):
        """Log why a sales manager let these leads in.

        :param missing: {lead: labels of what it lacks}
        """
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "Let into “%(stage)s” without %(missing)s. Reason: %(reason)s",
                    stage=lead.stage_id.name,
                    missing=", ".join(missing[lead]),
                    reason=reason,
                )
                for lead in self
            }
        )

    def _log_incomplete_entry(self, missing):
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "Came into “%(stage)s” by itself, without %(missing)s. Complete "
                    "it.",
                    stage=lead.stage_id.name,
                    missing=", ".join(missing[lead]),
                )
                for lead in self
            }
        )
