from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

# In which states of a deal an event launches something.
STATUSES = {
    "quotation_confirmed": ("pending", "won"),
    "stage_entered": ("pending", "won"),
    "won": ("won",),
    "lost": ("lost",),
}


class CrmPipelineRule(models.Model):
    """Planning what a rule says, for many opportunities at once."""

    _inherit = "crm.pipeline.rule"

    def _plan(self, keys):
        """Plan what the rule says, once for each occurrence, all at once."""
        leads = self.env["crm.lead"].browse(lead.id for lead in keys)
        chosen = self._filter_leads(leads)
        planned = self._prepare_all_activities(chosen)
        keys = {lead.id: key or self._get_key(lead) for lead, key in keys.items()}
        logs = self.env["crm.pipeline.rule.log"]
        texts = self._get_texts(planned)
        launched = logs._claim(
            self, {lead_id: (keys[lead_id], texts[lead_id][0]) for lead_id in planned}
        )
        if self.event == "meeting_held":
            # What does not suit when the meeting ends does not suit later.
            logs._claim(
                self,
                {i: (key, False) for i, key in keys.items() if i not in planned},
                state="skipped",
            )
        if not launched:
            return
        self.env["mail.activity"].create(
            [vals for lead_id in launched for vals in planned[lead_id]]
        )
        chosen.browse(launched)._message_log_batch(
            bodies={lead_id: texts[lead_id][1] for lead_id in launched},
            author_id=self.env.ref("base.partner_root").id,
        )

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
                ("event", "=", "stage_entered"),
                ("pipeline_id", "in", leads.pipeline_id.ids),
                ("stage_id", "in", [stage_id] if stage_id else leads.stage_id.ids),
            ]
        )
        planned = {
            rule: rule._filter_leads(leads, is_entering=bool(stage_id)).filtered(
                rule._prepare_activities
            )
            for rule in rules
        }
        return {rule: chosen for rule, chosen in planned.items() if chosen}

    def _filter_leads(self, leads, is_entering=False):
        """Return the opportunities that the rule is for, as they are now.

        :param is_entering: whether they are still to enter the rule's stage
        """
        domain = Domain("id", "in", leads.ids)
        domain &= Domain("pipeline_id", "=", self.pipeline_id.id)
        domain &= Domain("type", "=", "opportunity")
        domain &= Domain("won_status", "in", STATUSES.get(self.event, ("pending",)))
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

    def _get_responsible(self, lead):
        """Return the first of those in question who still works on such deals."""
        leader = lead.team_id.user_id
        users = {
            "owner": (lead.user_id, leader),
            "leader": (leader, lead.user_id),
            "user": (self.user_id, lead.user_id, leader),
        }[self.responsible]
        for user in users:
            if user.active and (
                not lead.company_id or lead.company_id in user.company_ids
            ):
                return user
        return users[0].browse()

    def _prepare_all_activities(self, leads):
        """Return {lead id: :meth:`_prepare_activities`} of those that get any.

        Without an activity plan, those of one company, salesperson and team get the
        same.
        """
        planned = {}
        for (company, *_persons), group in leads.grouped(
            lambda lead: (lead.company_id, lead.user_id, lead.team_id)
        ).items():
            rule = self.with_company(company) if company else self
            group = group.with_env(rule.env)
            if self.action == "plan":
                planned.update(
                    (lead.id, rule._prepare_activities(lead)) for lead in group
                )
                continue
            vals_list = rule._prepare_activities(group[:1])
            for lead in group:
                planned[lead.id] = [{**vals, "res_id": lead.id} for vals in vals_list]
        return {
            lead_id: vals_list for lead_id, vals_list in planned.items() if vals_list
        }

    def _prepare_activities(self, lead):
        """Return the values of one lead's activities, in the person's language."""
        responsible = self._get_responsible(lead)
        timezone = pytz.timezone(responsible.tz or "UTC")
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(timezone).date()
        date = today + timedelta(days=self.delay_days)
        common = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": lead.id,
            "automated": True,
            "pipeline_rule_id": self.id,
        }
        if self.action == "plan":
            return [
                {**common, **vals}
                for vals in self._prepare_plan_activities(lead, responsible, date)
            ]
        rule = self.with_context(lang=responsible.lang or self.env.lang)
        return [
            {
                **common,
                "activity_type_id": self.activity_type_id.id,
                "summary": rule.summary or rule.name,
                "note": rule.note,
                "user_id": responsible.id,
                "date_deadline": date,
            }
        ]

    def _prepare_plan_activities(self, lead, responsible, date):
        """Return the values that Odoo's activity plan gives for one lead."""
        plan = self.plan_id
        if plan.company_id and lead.company_id not in (
            plan.company_id,
            self.company_id.browse(),
        ):
            return []
        return [
            {
                "activity_type_id": template.activity_type_id.id,
                "summary": template.summary,
                "note": template.note,
                "user_id": template._determine_responsible(responsible, lead)[
                    "responsible"
                ].id,
                "date_deadline": template._get_date_deadline(date),
            }
            for template in plan.template_ids
        ]

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
                responsible=users.browse(vals["user_id"]).name
                or env._("nobody in charge"),
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
