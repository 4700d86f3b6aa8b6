from odoo import models

from .crm_pipeline_rule_plan import STATUSES


class CrmPipelineRule(models.Model):
    """Whether what a rule has planned still has its reason."""

    _inherit = "crm.pipeline.rule"

    def _has_reason(self, lead):
        """Tell whether what the rule planned on an opportunity is still to be done.

        What follows from being open ends with it; what follows from being won or lost
        ends when it is open again, and what follows from a loss with a new attempt.
        """
        self.ensure_one()
        if lead.won_status not in STATUSES.get(self.event, ("pending",)):
            return False
        if self.event in ("on_hold", "woken"):
            return bool(lead.date_hold) == (self.event == "on_hold")
        if self.event == "stage_entered" and lead.won_status != "pending":
            return self.stage_id == lead.stage_id
        return self.event != "lost" or not lead.attempt_ids


class CrmLead(models.Model):
    """Actions of rules go when their reason is gone."""

    _inherit = "crm.lead"

    def _get_rule_activities(self):
        """Return what rules have planned on these and is not done yet."""
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("active", "=", True),
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("pipeline_rule_id", "!=", False),
                ],
                order="date_deadline, id",
            )
        )

    def _withdraw_rule_activities(self):
        """Take back what rules have planned on these and has no reason any more.

        :return: what rules have planned on these and is still to be done
        """
        leads = self.sudo()
        activities = self._get_rule_activities()
        kept = activities.filtered(
            lambda activity: activity.pipeline_rule_id._has_reason(
                leads.browse(activity.res_id)
            )
        )
        self._withdraw(activities - kept)
        return kept

    def _withdraw(self, activities):
        """Delete activities of these leads; the chatter says which."""
        if not activities:
            return
        bodies = {
            lead_id: self.env._(
                "No longer needed, withdrawn: %s",
                ", ".join(activity.display_name for activity in group),
            )
            for lead_id, group in activities.grouped("res_id").items()
        }
        activities.unlink()
        self.sudo().browse(bodies)._message_log_batch(
            bodies=bodies, author_id=self.env.ref("base.partner_root").id
        )

    def _merge_dependences(self, opportunities):
        """What the same rule planned on several of them is to be done once."""
        result = super()._merge_dependences(opportunities)
        activities = self._withdraw_rule_activities()
        first = activities.browse(
            group[0].id
            for group in activities.grouped(
                lambda activity: (
                    activity.pipeline_rule_id,
                    activity.activity_type_id,
                    activity.summary,
                )
            ).values()
        )
        self._withdraw(activities - first)
        return result
