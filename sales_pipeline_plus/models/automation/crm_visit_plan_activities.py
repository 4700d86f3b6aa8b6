import pytz

from odoo import models

from ...tools.texts import with_colon


class CrmVisitPlan(models.Model):
    """The activities and meetings of planned visits."""

    _inherit = "crm.visit.plan"

    # ------------------------------------------------------------
    # Activities
    # ------------------------------------------------------------

    def _create_activities(self, visits, slots):
        """Create one activity for each visit, and its meeting where it is one.

        :param visits: {customer id: visit}
        :param slots: {customer id: (start, stop) in the person's time zone}
        """
        if not visits:
            return
        model_ids = {
            model: self.env["ir.model"]._get_id(model)
            for model in ("crm.lead", "res.partner")
        }
        visits_list = self.env["crm.visit"].concat(*visits.values())
        # Odoo asks for the name of each record: read them at once.
        visits_list.lead_id.mapped("display_name")
        visits_list.partner_id.mapped("display_name")
        summaries = {
            user: (plan := self.with_context(lang=user.lang or self.env.lang)).summary
            or plan.name
            for user in visits_list.user_id
        }
        activities = self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model_ids[
                        "crm.lead" if visit.lead_id else "res.partner"
                    ],
                    "res_id": visit.lead_id.id or visit.partner_id.id,
                    "activity_type_id": self.activity_type_id.id,
                    "summary": summaries[visit.user_id],
                    "user_id": visit.user_id.id,
                    "date_deadline": visit.date,
                    "automated": True,
                }
                for visit in visits_list
            ]
        )
        for visit, activity in zip(visits_list, activities, strict=True):
            visit.activity_id = activity
        if self.activity_type_id.category == "meeting":
            self._create_meetings(visits_list, slots)

    def _create_meetings(self, visits, slots):
        """Book the visits in the calendars of those who make them."""
        vals_list = []
        for visit in visits:
            timezone = pytz.timezone(visit.user_id.tz or "UTC")
            start, stop = (
                timezone.localize(time).astimezone(pytz.utc).replace(tzinfo=None)
                for time in slots[visit.partner_id.id]
            )
            vals_list.append(
                {
                    "name": with_colon(
                        self.with_context(lang=visit.user_id.lang).env,
                        visit.activity_id.summary,
                        visit.partner_id.name,
                    ),
                    "start": start,
                    "stop": stop,
                    "duration": self.duration,
                    "user_id": visit.user_id.id,
                    "partner_ids": [(6, 0, visit.user_id.partner_id.ids)],
                    "opportunity_id": visit.lead_id.id,
                    "activity_ids": [(6, 0, visit.activity_id.ids)],
                    "res_model_id": visit.activity_id.res_model_id.id,
                    "res_id": visit.activity_id.res_id,
                }
            )
        self.env["calendar.event"].with_context(
            no_mail_to_attendees=True, dont_notify=True, mail_create_nolog=True
        ).create(vals_list)
