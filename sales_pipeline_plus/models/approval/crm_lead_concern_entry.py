from odoo import api, models
from odoo.exceptions import UserError

from ..change.deal_change import get_plain_values
from ..placement.standing import (
    STANDING_FIELDS,
    get_standings_after,
    get_standings_before,
)

MAX_NAMED = 20


class CrmLeadConcernEntry(models.AbstractModel):
    """Who moves opportunities into a stage that not everybody may enter.

    What persons may not do is refused. What comes in by itself is let in and recorded.
    Whose an opportunity was before the change is what counts: nobody takes it over and
    moves it in one go.
    """

    _name = "crm.lead.concern.entry"
    _inherit = "crm.lead.concern"
    _description = "Restricted Stages of Changing Opportunities"

    def _get_watched_fields(self):
        return STANDING_FIELDS

    def _get_known_fields(self, affected):
        return affected & (STANDING_FIELDS | {"team_id", "user_id"})

    def _check(self, change):
        """:raise UserError: naming each opportunity, the stage and who may"""
        refused, let_in = [], change.leads.browse()
        is_machine = change.leads._is_machine_at_work() or not change.is_chosen
        for lead, line, is_past in self._get_entries(change):
            people = self._get_people(change, lead)
            if lead._may_enter(line, **people):
                continue
            if is_machine or is_past:
                let_in += lead
            else:
                refused.append((lead, line, people))
        change.notes["entry"] = is_machine, let_in
        if refused:
            raise UserError(
                "\n".join(
                    lead._get_entry_refusal(line, lead.stage_id, **people)
                    for lead, line, people in refused[:MAX_NAMED]
                )
            )

    @api.model
    def _get_entries(self, change):
        """Return (lead, line, whether its past is brought in) of what has come into a
        stage that not everybody may enter, from where it was last active."""
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        restricted = {
            (layout.id, line.stage_id): line
            for layout in layouts.values()
            for line in layout.lines
            if line.entry_policy != "everybody"
        }
        if not restricted:
            return []
        requirement = self.env["crm.lead.concern.requirement"]
        return [
            (lead, line, requirement._is_past(lead, before, after))
            for lead, before, after in zip(
                change.leads,
                get_standings_before(change),
                get_standings_after(change),
                strict=True,
            )
            if after.is_active
            and (line := restricted.get(after.place))
            and requirement._is_entered(lead, before, after)
        ]

    @api.model
    def _get_people(self, change, lead):
        """Return its salesperson and its sales team as they were before."""
        if change.is_creation:
            return {}
        above = lead.sudo()
        leads = change.above
        return {
            name: above[field]
            .browse(change.before(lead, field) or ())
            .with_prefetch(leads[field]._ids)
            for name, field in (("user", "user_id"), ("team", "team_id"))
        }

    def _record(self, change):
        """End what was asked for: it is there now, or went elsewhere."""
        is_machine, let_in = change.notes["entry"]
        if let_in:
            let_in._record_entry_by_itself()
        if change.is_creation:
            return
        approved, moot = [], []
        for lead_id, stage_id, before, after in zip(
            change.above._ids,
            get_plain_values(change.above, "approval_stage_id"),
            get_standings_before(change),
            get_standings_after(change),
            strict=True,
        ):
            if before == after or not stage_id:
                continue
            is_there = (
                after.is_active
                and after.pipeline_id == before.pipeline_id
                and after.stage_id == stage_id
            )
            (approved if is_there and not is_machine else moot).append(lead_id)
        if approved:
            change.leads.browse(approved)._end_approvals("approved")
        if moot:
            change.leads.browse(moot)._end_approvals("moot")


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_concerns(self):
        """Whether somebody may is told before what is missing."""
        names = list(super()._get_concerns())
        names.insert(
            names.index("crm.lead.concern.requirement"), "crm.lead.concern.entry"
        )
        return names
