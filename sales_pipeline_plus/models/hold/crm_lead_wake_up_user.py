from odoo import models

from ...tools.workers import Workers

MANAGERS = "sales_team.group_sale_manager"


class CrmLead(models.Model):
    """Who takes an opportunity up again when it wakes up: somebody who may."""

    _inherit = "crm.lead"

    def _get_wake_up_users(self, workers=None):
        """Return {lead: the user}: the first of those in charge who may work on it.

        They are the salesperson, the team's leader, who put it on hold, whom the
        automatic actions of its pipeline name if nobody is in charge, and the sales
        managers; nobody if none of them may.

        :param workers: see :class:`.Workers`
        """
        leads = self.sudo()
        workers = Workers(leads) if workers is None else workers
        users = {
            lead: workers.get_first(lead, (lead.user_id, lead.team_id.user_id))
            for lead in leads
        }
        if left := leads.filtered(lambda lead: not users[lead]):
            holds = self.env["crm.lead.hold"].sudo()._get_last(left)
            rules = self.env["crm.pipeline.rule"].sudo()
            rules = rules.search([("pipeline_id", "in", left.pipeline_id.ids)])
            rules = rules.grouped("pipeline_id")
            managers = self.env.ref(MANAGERS).sudo().all_user_ids.sorted("id")
            for lead in left:
                named = rules.get(lead.pipeline_id, self.env["crm.pipeline.rule"])
                users[lead] = workers.get_first(
                    lead,
                    (holds[lead.id].held_by_id, *named.fallback_user_id, *managers),
                )
        nobody = self.env["res.users"]
        return {
            lead.with_env(self.env): (user or nobody).with_env(self.env)
            for lead, user in users.items()
        }

    def _hand_over_wake_up(self):
        """Give the activities at the wake-up of those who may not work on these any
        more, or have left, to somebody who may."""
        workers = Workers(self.sudo())
        activities = self.env["crm.lead.hold"].sudo()._get_activities(self)
        left = self.filtered(
            lambda lead: (
                lead.id in activities
                and lead.id not in workers[activities[lead.id].user_id]
            )
        )
        for lead, user in left._get_wake_up_users(workers).items():
            activity = activities[lead.id].with_context(mail_activity_quick_update=True)
            activity.user_id = user
