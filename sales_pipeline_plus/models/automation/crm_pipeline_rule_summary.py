from odoo import models


class CrmPipelineRule(models.Model):
    """When a rule plans something, in a few words for the list."""

    _inherit = "crm.pipeline.rule"

    def _describe_inactive(self):
        if self.inactive_days == 1:
            return self.env._("Nothing happened for 1 day")
        return self.env._("Nothing happened for %s days", self.inactive_days)

    def _describe_stage_entered(self):
        texts = {"origin": self.from_stage_id.name, "stage": self.stage_id.name}
        if self.from_stage_id:
            return self.env._("From “%(origin)s” to “%(stage)s”", **texts)
        if self.stage_id:
            return self.env._("Enters “%(stage)s”", **texts)
        return self.env._("Enters a stage")

    def _describe_activity_planned(self):
        if kind := self.event_activity_type_id.name:
            return self.env._("%s planned", kind)
        return self.env._("Activity planned")

    def _describe_activity_done(self):
        if kind := self.event_activity_type_id.name:
            return self.env._("%s done", kind)
        return self.env._("Activity done")

    def _describe_activity_overdue(self):
        texts = {"kind": self.event_activity_type_id.name, "days": self.event_days}
        if not self.event_activity_type_id:
            if self.event_days == 1:
                return self.env._("Activity overdue by 1 day")
            return self.env._("Activity overdue by %s days", self.event_days)
        if self.event_days == 1:
            return self.env._("%(kind)s overdue by 1 day", **texts)
        return self.env._("%(kind)s overdue by %(days)s days", **texts)

    def _describe_first_contact(self):
        if self.event_days == 1:
            return self.env._("No contact 1 day after creation")
        return self.env._("No contact %s days after creation", self.event_days)
