from contextlib import contextmanager
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import ormcache

from ...tools.internal import INTERNAL
from .deal_change import DealChange, get_cached, get_plain, get_plain_values

# What Odoo's own write brings about without a dependency that says so.
ODOO_BRINGS_ABOUT = {
    "stage_id": ("active", "automated_probability", "date_closed", "probability"),
    "active": ("date_closed",),
    "probability": ("date_closed",),
}
# Computed by others' code as well: what moves an opportunity outside of a write.
MOVED_BY_COMPUTING = {"company_id", "pipeline_id", "stage_id", "team_id"}
STATE = "crm.lead.change"


@dataclass
class Underway:
    """The changes of a transaction that are underway: ids of the opportunities that
    are being written, how many creations there are, and how often anything was written
    or computed that moves an opportunity."""

    written_ids: set = field(default_factory=set)
    types_before: dict = field(default_factory=dict)
    creations: int = 0
    number: int = 0


class CrmLead(models.Model):
    """The one place that sees opportunities change, before and after.

    On creation, on write with all that is computed from it, and when something is
    computed anew for another reason.
    """

    _inherit = "crm.lead"

    @api.model
    def _get_concerns(self):
        """Return the names of the concerns, in the order in which they are asked.

        First all complete the values, then, after the write, all complete what it
        brought about, then all check, then all record.
        """
        return [
            "crm.lead.concern.value",
            "crm.lead.concern.kept",
            "crm.lead.concern.placement",
            "crm.lead.concern.dates",
            "crm.lead.concern.probability",
            "crm.lead.concern.product",
            "crm.lead.concern.property",
            "crm.lead.concern.contact",
            "crm.lead.concern.lost",
            "crm.lead.concern.requirement",
            "crm.lead.concern.next_action",
            "crm.lead.concern.hand_over",
            "crm.lead.concern.passage",
            "crm.lead.concern.slip",
            "crm.lead.concern.collaborator",
            "crm.lead.concern.attempt",
            "crm.lead.concern.automation",
        ]

    @api.model
    @ormcache("names")
    def _get_affected_fields(self, names):
        """Return the names of the stored fields that writing these can change.

        It follows from the code alone, so it is cached.

        :param frozenset names: of fields
        """
        names = set(names)
        for name in tuple(names):
            names.update(ODOO_BRINGS_ABOUT.get(name, ()))
        names.update(
            field.name
            for name in tuple(names)
            if name in self._fields
            for field in self.pool.get_dependent_fields(self._fields[name])
            if field.model_name == self._name and field.store
        )
        return frozenset(names)

    @api.model
    def _get_concerned(self, names):
        """Return whom a write of these fields concerns, and what they need to know.

        :return: names of stored fields, list of concerns
        """
        known, concerned = self._get_concerned_of(
            frozenset(names),
            tuple(self._get_concerns()),
            self.env["crm.setup.version"]._get_current(),
        )
        return known, [self.env[name] for name in concerned]

    @api.model
    @ormcache("names", "concerns", "version")
    def _get_concerned_of(self, names, concerns, version):
        """It follows from the code and the set-up alone, so it is cached."""
        affected = self._get_affected_fields(names)
        concerned = tuple(
            name
            for name in concerns
            if not affected.isdisjoint(self.env[name]._get_watched_fields())
        )
        known = frozenset().union(
            *(self.env[name]._get_known_fields(affected) for name in concerned)
        )
        return known, concerned

    @api.model_create_multi
    def create(self, vals_list):
        concerns = [self.env[name] for name in self._get_concerns()]
        change = DealChange(self, vals_list=[dict(vals) for vals in vals_list])
        for concern in concerns:
            vals_list = concern._complete_create(change, vals_list)
        with self._creating():
            leads = super(CrmLead, self._without_kept_defaults()).create(vals_list)
            change.set_leads(leads.with_env(self.env))
        self._finish_change(change, concerns)
        return change.leads

    def write(self, vals):
        known, concerns = self._get_concerned(vals)
        if not concerns or not self:
            return super().write(vals)
        change = DealChange(self, given=vals)
        change.remember(known)
        for concern in concerns:
            vals = concern._complete_write(change, vals)
        if vals.keys() - change.given:
            # What was completed may concern others, too.
            known, concerns = self._get_concerned({*vals, *change.given})
            change.remember(known)
        with self._changing():
            if "type" in vals:
                self._get_underway().types_before.update(
                    (lead.id, lead.type) for lead in self.sudo()
                )
            result = super().write(vals) if vals else True
            self._get_underway().number += 1
            self._finish_change(change, concerns)
        return result

    @api.model
    def _without_kept_defaults(self):
        """Take the defaults of fields that only our own code writes out of the context,
        which can come from outside."""
        kept = {f"default_{name}" for name in self._get_kept_fields()}
        if kept.isdisjoint(self.env.context):
            return self
        return self.with_context(**dict.fromkeys(kept, False))

    def _compute_field_value(self, field):
        """Remember what moves by computing, as Odoo's tracking does."""
        if field.name in MOVED_BY_COMPUTING:
            self._remember_computed(field.name)
            self._get_underway().number += 1
        return super()._compute_field_value(field)

    def _remember_computed(self, name):
        underway = self._get_underway()
        if underway.creations:
            return
        for lead in self.sudo():
            if not isinstance(lead.id, int) or lead.id in underway.written_ids:
                continue
            # A new one has no value yet.
            if value := get_plain(lead, name):
                precommit = self.env.cr.precommit
                if STATE not in precommit.data:
                    # {id: {field name: plain value before}}
                    precommit.data[STATE] = {}
                    precommit.add(self.env["crm.lead"]._finish_computed)
                precommit.data[STATE].setdefault(lead.id, {}).setdefault(name, value)

    @api.model
    def _finish_computed(self):
        """Check and record what was computed anew, with nobody who asked for it."""
        computed = self.env.cr.precommit.data.pop(STATE, {})
        leads = self.sudo().browse(computed).exists()
        change = DealChange(leads)
        for lead in leads:
            change.keep(lead.id, computed[lead.id])
        names = {name for values in computed.values() for name in values}
        change.set_leads(change.get_changed(*names))
        if change.leads:
            _known, concerns = self.sudo()._get_concerned(names)
            with change.leads._changing():
                self._finish_change(change, concerns)

    @api.model
    def _get_underway(self):
        return self.env.cr.cache.setdefault(STATE, Underway())

    @contextmanager
    def _creating(self):
        underway = self._get_underway()
        underway.creations += 1
        try:
            yield
        finally:
            underway.creations -= 1

    @contextmanager
    def _changing(self):
        underway = self._get_underway()
        ids = set(self._ids) - underway.written_ids
        underway.written_ids |= ids
        try:
            yield
        finally:
            underway.written_ids -= ids
            for lead_id in ids:
                underway.types_before.pop(lead_id, None)

    def _get_won_status(self):
        """Return whether it is won, lost or pending.

        What is active and in no won stage is pending, whatever its probability will
        be: that need not be scored for this, lead by lead.
        """
        self.ensure_one()
        return self._get_won_statuses()[0]

    def _get_won_statuses(self):
        """Return :meth:`_get_won_status` of each, in their order."""
        return self._get_won_statuses_of(
            get_plain_values(self, "active"), get_plain_values(self, "stage_id")
        )

    def _get_won_statuses_of(self, actives, stage_ids):
        """Return :meth:`_get_won_statuses` where these values are known already."""
        is_won = self.env["crm.pipeline"]._get_layout().won_by_stage
        is_won = {
            stage_id: is_won[stage_id]
            if stage_id in is_won
            else self.env["crm.stage"].browse(stage_id or ()).is_won
            for stage_id in set(stage_ids)
        }
        statuses = [
            "pending" if active and not is_won[stage_id] else None
            for active, stage_id in zip(actives, stage_ids, strict=True)
        ]
        unknown = [place for place, status in enumerate(statuses) if not status]
        leads = self.browse(self._ids[place] for place in unknown)
        found = get_cached(leads, self._fields["won_status"])
        for place, status in zip(unknown, found, strict=True):
            statuses[place] = status or False
        return statuses

    def _was_opportunity(self):
        """Tell whether it is one, or was one before the change that is underway."""
        self.ensure_one()
        types = self._get_underway().types_before
        return types.get(self.id, self.type) == "opportunity"

    def _is_changing(self):
        """Tell whether the call comes from a change of this opportunity."""
        self.ensure_one()
        underway = self._get_underway()
        return bool(underway.creations) or self.id in underway.written_ids

    def _finish_change(self, change, concerns):
        for step in ("_complete", "_check", "_record"):
            for concern in concerns:
                getattr(concern, step)(change)

    def _write_facts(self, vals):
        """Write what only follows from a change: it concerns nobody and leaves no
        trace in the chatter."""
        return models.Model.write(self.sudo(), vals)

    def _internally(self, *keys):
        """Return the same leads in a context that marks our own code's calls."""
        return self.with_context(**dict.fromkeys(keys, INTERNAL))

    def _is_internal(self, key):
        """Tell whether :meth:`_internally` has marked the call so."""
        return self.env.context.get(key) is INTERNAL
