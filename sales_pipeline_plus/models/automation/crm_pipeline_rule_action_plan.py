from datetime import timedelta

import pytz

from odoo import fields, models


class CrmPipelineRuleAction(models.Model):
    """Who does what an automatic action plans, and when."""

    _inherit = "crm.pipeline.rule.action"

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def _get_persons(self, leads, workers):
        """Return {lead: the first of those in question who may work on it, or None}.

        :param workers: see :class:`.Workers`
        """
        return {
            lead: workers.get_first(lead, self._get_candidates(lead)) for lead in leads
        }

    def _get_candidates(self, lead):
        """Return who is asked for an opportunity, in this order."""
        owner, leader = lead.user_id, lead.team_id.user_id
        first = {"owner": owner, "leader": leader, "user": self.user_id}
        return (first[self.responsible], owner, leader, self.rule_id.fallback_user_id)

    # ------------------------------------------------------------
    # What and when
    # ------------------------------------------------------------

    def _prepare_activities(self, leads, person, workers):
        """Return {lead id: list of values of activities} of leads of one company for
        one person, in that person's language."""
        timezone = pytz.timezone(person.tz or "UTC")
        today = pytz.utc.localize(fields.Datetime.now()).astimezone(timezone).date()
        date = today + timedelta(days=self.delay_days)
        common = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            # Else the ORM makes a draft of each activity to find it.
            "res_model": "crm.lead",
            "automated": True,
            "pipeline_rule_id": self.rule_id.id,
        }
        if self.action == "plan":
            return {
                lead.id: [
                    {**common, "res_id": lead.id, **vals}
                    for vals in self._prepare_plan_activities(
                        lead, person, date, workers
                    )
                ]
                for lead in leads
            }
        line = self.with_context(lang=person.lang or self.env.lang)
        vals = {
            **common,
            "activity_type_id": self.activity_type_id.id,
            "summary": line.summary or line.rule_id.name,
            "note": line.note,
            "user_id": person.id,
            "date_deadline": date,
        }
        return {lead_id: [{**vals, "res_id": lead_id}] for lead_id in leads._ids}

    def _prepare_plan_activities(self, lead, person, date, workers):
        """Return the values that Odoo's activity plan gives for one lead; who may not
        work on it is replaced."""
        plan = self.plan_id
        if plan.company_id and lead.company_id not in (
            plan.company_id,
            self.company_id.browse(),
        ):
            return []
        vals_list = []
        for template in plan.template_ids:
            user = template._determine_responsible(person, lead)["responsible"]
            if lead.id not in workers[user]:
                user = person
            vals_list.append(
                {
                    "activity_type_id": template.activity_type_id.id,
                    "summary": template.summary,
                    "note": template.note,
                    "user_id": user.id,
                    "date_deadline": template._get_date_deadline(date),
                }
            )
        return vals_list
