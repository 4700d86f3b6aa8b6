from odoo import api, fields, models
from odoo.tools import format_date

from ..pipeline.percentage import format_percentage
from .lamps import CONTACTS, GOOD, LAMPS, UNKNOWN


class CrmLead(models.Model):
    """The sentence of each lamp: why it is good or weak, or what is not known."""

    _inherit = "crm.lead"

    @api.depends_context("allowed_company_ids", "lang", "tz", "uid")
    @api.depends(lambda self: self._get_health_depends())
    def _compute_health_lamps(self):
        found = self._get_health()
        labels = self._get_lamp_labels()
        for lead in self:
            health = found.get(lead._origin.id)
            lead.health_lamps = health and [
                {
                    "code": lamp,
                    "label": labels[lamp],
                    "state": health.states[lamp],
                    "reason": getattr(lead, f"_describe_lamp_{lamp}")(health),
                }
                for lamp in LAMPS
            ]

    @api.model
    def _get_lamp_labels(self):
        return {
            "next_step": self.env._("Next step"),
            "decision_maker": self.env._("Decision-maker"),
            "contacts": self.env._("Contacts"),
            "last_contact": self.env._("Last contact"),
            "pace": self.env._("Pace"),
            "date": self.env._("Expected closing"),
            "score": self.env._("Qualification"),
        }

    @api.model
    def _describe_days(self, days):
        """Return a number of days, with one decimal where that says something."""
        days = round(days, 1) if days < 10 else round(days)
        if days == 1:
            return self.env._("1 day")
        number = self.env["ir.qweb.field.float"].value_to_html(
            days, {"precision": 0 if days == int(days) else 1}
        )
        return self.env._("%s days", number)

    def _describe_lamp_next_step(self, health):
        if health.step_days is None:
            return self.env._("Nothing is planned.")
        date = format_date(self.env, health.step_date)
        if health.step_days < 0:
            return self.env._("What was planned for %s is overdue.", date)
        if health.states["next_step"] == GOOD:
            return self.env._("Planned for %s.", date)
        return self.env._(
            "Planned for %(date)s only, which is not within %(days)s.",
            date=date,
            days=self._describe_days(health.limits["health_step_days"]),
        )

    def _describe_lamp_decision_maker(self, health):
        if health.states["decision_maker"] == UNKNOWN:
            return self.env._("No role of contacts is marked as deciding.")
        if health.deciding:
            return self.env._("The decision-maker is among the contacts.")
        return self.env._("No contact has a role that decides.")

    def _describe_lamp_contacts(self, health):
        if not health.contacts:
            return self.env._("There is no contact; it takes %s.", CONTACTS)
        if health.contacts == 1:
            return self.env._("There is one contact only; it takes %s.", CONTACTS)
        return self.env._("There are %s contacts.", health.contacts)

    def _describe_lamp_last_contact(self, health):
        limit = self._describe_days(health.limits["health_contact_days"])
        if not health.last_contact:
            if health.states["last_contact"] == UNKNOWN:
                return self.env._("No contact is recorded yet.")
            return self.env._("No contact was ever recorded.")
        days = (fields.Date.context_today(self) - health.last_contact).days
        if not days:
            return self.env._("The last contact was today.")
        texts = {
            "days": self._describe_days(days),
            "date": format_date(self.env, health.last_contact),
        }
        if health.states["last_contact"] == GOOD:
            return self.env._(
                "The last contact was %(days)s ago, on %(date)s.", **texts
            )
        return self.env._(
            "The last contact was %(days)s ago, on %(date)s: more than %(limit)s.",
            limit=limit,
            **texts,
        )

    def _describe_lamp_pace(self, health):
        texts = {"days": self._describe_days(health.days)}
        if health.usual_days is None:
            return self.env._(
                "In this stage for %(days)s; too few were won here to know what is "
                "usual.",
                **texts,
            )
        return self.env._(
            "In this stage for %(days)s; opportunities that were won here stayed "
            "%(usual)s (median of %(count)s stays).",
            usual=self._describe_days(health.usual_days),
            count=health.usual_count,
            **texts,
        )

    def _describe_lamp_date(self, health):
        date = self.date_deadline
        if not date:
            return self.env._("There is no expected closing date.")
        if date < fields.Date.context_today(self):
            return self.env._(
                "The expected closing of %s has passed.", format_date(self.env, date)
            )
        count = self.postponement_count
        if health.states["date"] == UNKNOWN:
            return self.env._("Nobody has told how often it was put off.")
        if not count:
            return self.env._("It was never put off.")
        times = (
            self.env._("It was put off once")
            if count == 1
            else self.env._("It was put off %s times", count)
        )
        slip = self._describe_days(abs(self.slip_days))
        if self.slip_days > 0:
            return self.env._("%(times)s, by %(days)s.", times=times, days=slip)
        return self.env._("%s.", times)

    def _describe_lamp_score(self, health):
        if not self.has_qualification:
            return self.env._("The pipeline asks no questions.")
        if not health.is_answered:
            return self.env._("No question is answered.")
        return self.env._(
            "%(score)s %%; at least %(minimum)s %% is needed.",
            score=format_percentage(self.env, self.qualification_score),
            minimum=format_percentage(self.env, health.limits["health_minimum_score"]),
        )
