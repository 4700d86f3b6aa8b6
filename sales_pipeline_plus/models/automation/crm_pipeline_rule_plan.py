import contextlib
import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ...tools.workers import Workers

_logger = logging.getLogger(__name__)

# In which states of a deal an event launches something.
STATUSES = {
    "quotation_confirmed": ("pending", "won"),
    "stage_entered": ("pending", "won"),
    "won": ("won",),
    "lost": ("lost",),
}
# What sleeps is left alone by these.
AWAKE_EVENTS = (
    "activity_planned",
    "activity_done",
    "activity_overdue",
    "woken",
    "quotation_expired",
    "first_contact",
)


class CrmPipelineRule(models.Model):
    """Planning what a rule says, for many opportunities at once."""

    _inherit = "crm.pipeline.rule"

    def _plan(self, keys):
        """Plan what the rule says, once for each occurrence, all at once."""
        keys = self._filter_keys(keys)
        leads = self.env["crm.lead"].browse(lead.id for lead in keys)
        chosen = self._filter_leads(leads)
        repeated = self._filter_repeated(chosen)
        planned, unattended = self._prepare_all_activities(chosen - repeated)
        keys = {lead.id: key or self._get_key(lead) for lead, key in keys.items()}
        logs = self.env["crm.pipeline.rule.log"]
        texts = self._get_texts(planned)
        launched = logs._claim(
            self, {lead_id: (keys[lead_id], texts[lead_id][0]) for lead_id in planned}
        )
        skipped = repeated
        if self.event == "meeting_held":
            # What does not suit when the meeting ends does not suit later.
            skipped = leads.browse(keys.keys() - planned.keys()) - unattended
        logs._claim(
            self, {lead.id: (keys[lead.id], False) for lead in skipped}, state="skipped"
        )
        if unattended:
            self._note_unattended(unattended)
        if not launched:
            return
        self.env["mail.activity"].create(
            [
                {**vals, "pipeline_rule_occurrence": keys[lead_id]}
                for lead_id in launched
                for vals in planned[lead_id]
            ]
        )
        chosen.browse(launched)._message_log_batch(
            bodies={lead_id: texts[lead_id][1] for lead_id in launched},
            author_id=self.env.ref("base.partner_root").id,
        )

    def _filter_repeated(self, leads):
        """Return those on which the rule has planned something not long enough ago."""
        if not self.repeat_days or not leads:
            return leads.browse()
        limit = self.env.cr.now() - timedelta(days=self.repeat_days)
        logs = self.env["crm.pipeline.rule.log"].search(
            [
                ("rule_id", "=", self.id),
                ("lead_id", "in", leads.ids),
                ("state", "=", "planned"),
                ("date", ">", limit),
            ]
        )
        return leads & logs.lead_id.with_env(leads.env)

    def _get_key(self, lead):
        """Return the key of an occurrence that follows from the lead itself."""
        if self.event in ("won", "lost"):
            closed = fields.Datetime.to_string(lead.date_closed)
            return f"{self.event}:{closed}"
        return self.event

    @api.model
    def _get_rules_to_plan(self, leads, stage_id=None):
        """Return {rule: leads} of the rules that plan an action on these opportunities
        as they enter a stage.

        :param stage_id: of the stage that they are about to enter; None if they are in
            it already
        """
        rules = self.search(
            [
                # Archived ones are found in this context, too.
                ("active", "=", True),
                ("event", "=", "stage_entered"),
                ("pipeline_id", "in", leads.pipeline_id.ids),
                ("stage_id", "in", [stage_id] if stage_id else leads.stage_id.ids),
            ]
        )
        planned = {}
        for rule in rules:
            # One that cannot plan keeps nobody from moving: it says so when it is
            # launched.
            with contextlib.suppress(UserError, ValueError, OverflowError):
                planned[rule] = rule._foresee(leads, is_entering=bool(stage_id))
        return {rule: chosen for rule, chosen in planned.items() if chosen}

    def _foresee(self, leads, is_entering):
        """Return those on which the rule plans something as they enter its stage."""
        chosen = self._filter_leads(leads, is_entering)
        chosen = self._filter_coming(chosen)
        chosen -= self._filter_repeated(chosen)
        return chosen.browse(self._prepare_all_activities(chosen)[0])

    def _filter_leads(self, leads, is_entering=False):
        """Return the opportunities that the rule is for, as they are now.

        :param is_entering: whether they are still to enter the rule's stage
        """
        domain = Domain("id", "in", leads.ids)
        domain &= Domain("pipeline_id", "=", self.pipeline_id.id)
        domain &= Domain("type", "=", "opportunity")
        domain &= self._get_status_domain()
        if self.event != "lost":
            domain &= Domain("active", "=", True)
        if self.stage_id and not is_entering:
            domain &= Domain("stage_id", "=", self.stage_id.id)
        domain &= self._get_condition_domain(leads)
        leads = leads.search(domain, order="id")
        if self.only_without_action:
            planned = leads._get_next_actions()
            leads = leads.filtered(lambda lead: lead.id not in planned)
        # Odoo asks for the name of each record: read them at once.
        leads.mapped("display_name")
        return leads

    def _get_status_domain(self):
        """Return the domain of the states in which the event launches something."""
        leads = self.env["crm.lead"]
        if self.event == "on_hold":
            return leads._get_on_hold_domain()
        if self.event in AWAKE_EVENTS:
            return leads._get_open_domain()
        return Domain("won_status", "in", STATUSES.get(self.event, ("pending",)))

    def _get_condition_domain(self, leads):
        """Return the domain of those of these leads that meet the condition, with the
        rights of the person who wrote it.

        :raise ValidationError: when it cannot be asked any more
        """
        conditions = self.env["crm.condition"]
        condition = conditions._parse(self.condition)
        if condition.is_true():
            return condition
        reader = self._get_condition_reader()
        if reader is None:
            reason = self.env._("nobody answers for it")
            raise self._make_condition_error(self.name, "condition", reason)
        if reason := conditions._find_error(reader, self.condition):
            raise self._make_condition_error(self.name, "condition", reason)
        condition &= Domain("id", "in", leads.ids)
        return Domain("id", "in", conditions._find_records(reader, condition))

    def _prepare_all_activities(self, leads):
        """Return what is planned on leads, and those where somebody in charge is
        missing.

        :return: {lead id: list of values of activities} of those that get any, leads
        """
        planned, unattended = defaultdict(list), leads.browse()
        workers = Workers(leads)
        for line in self.action_ids:
            persons = line._get_persons(leads, workers)
            unattended |= leads.filtered(lambda lead, p=persons: not p[lead])
            for (company, person), group in (
                leads.filtered(persons.get)
                .grouped(lambda lead, p=persons: (lead.company_id, p[lead]))
                .items()
            ):
                own = line.with_company(company) if company else line
                for lead_id, vals_list in own._prepare_activities(
                    group.with_env(own.env), person, workers
                ).items():
                    planned[lead_id] += vals_list
        return {
            lead_id: vals_list for lead_id, vals_list in planned.items() if vals_list
        }, unattended

    def _note_unattended(self, leads):
        """Say, without names, that opportunities were passed over."""
        _logger.warning(
            "Automatic action %s: nobody in charge of the opportunities %s",
            self.id,
            leads.ids[:20],
        )
        self.write(
            {
                "error_message": self.env._(
                    "Opportunities for which nobody may work on them were passed over: "
                    "%s. Choose who takes over if nobody is in charge.",
                    len(leads),
                ),
                "error_date": fields.Datetime.now(),
            }
        )

    def _get_texts(self, planned):
        """Return {lead id: (what is planned, the note for the chatter)}."""
        known, texts = {}, {}
        names = ("summary", "activity_type_id", "user_id", "date_deadline")
        for lead_id, vals_list in planned.items():
            key = tuple(vals[name] for vals in vals_list for name in names)
            if key not in known:
                known[key] = self._get_text(vals_list)
            texts[lead_id] = known[key]
        return texts

    def _get_text(self, vals_list):
        """Return what is planned and the note for the chatter, in the language of the
        person of the first activity."""
        users = self.env["res.users"]
        types = self.env["mail.activity.type"]
        user = users.browse(vals_list[0]["user_id"])
        env = self.env(context=dict(self.env.context, lang=user.lang or self.env.lang))
        text = ", ".join(
            env._(
                "%(summary)s (%(responsible)s, %(date)s)",
                summary=vals["summary"]
                or types.with_env(env).browse(vals["activity_type_id"]).name,
                responsible=users.browse(vals["user_id"]).name,
                date=format_date(env, vals["date_deadline"]),
            )
            for vals in vals_list
        )
        note = env._(
            "Planned by the automatic action “%(rule)s”: %(activities)s",
            rule=self.with_env(env).name,
            activities=text,
        )
        return text, note
