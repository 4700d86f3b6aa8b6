from odoo import models


class CrmLead(models.Model):
    """The planned actions of a deal go along with it to a new salesperson."""

    _inherit = "crm.lead"

    def _hand_over_activities(self, former_by_lead):
        """Give the open activities of former salespeople to their successors.

        Whoever writes the salesperson (form, list, import, assignment, merge) means the
        work on the deal; with ``keep_activities`` in the context it stays with the
        former one. Above the user's rights: a deal that is handed over may not be his
        any more. Nothing goes to a salesperson who is archived.

        :param dict former_by_lead: {lead: its salesperson until now}
        """
        leads_by_change = {}
        for lead, former in former_by_lead.items():
            successor = lead.sudo().user_id
            if former and successor.active and former != successor:
                change = (former, successor)
                leads_by_change.setdefault(change, []).append(lead.id)
        if not leads_by_change:
            return
        activities = (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "in", sum(leads_by_change.values(), [])),
                    ("user_id", "in", [former.id for former, _new in leads_by_change]),
                ]
            )
        )
        for (former, successor), lead_ids in leads_by_change.items():
            moved = activities.filtered(
                lambda activity, former=former, lead_ids=set(lead_ids): (
                    activity.user_id == former and activity.res_id in lead_ids
                )
            )
            if moved:
                moved.write({"user_id": successor.id})
