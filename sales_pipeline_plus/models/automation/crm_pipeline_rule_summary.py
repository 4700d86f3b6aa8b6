from odoo import api, models


class CrmPipelineRule(models.Model):
    """When a rule plans something, and what, in a few words for the list."""

    _inherit = "crm.pipeline.rule"

    @api.depends_context("lang")
    @api.depends(
        "event",
        "event_activity_type_id",
        "event_days",
        "from_stage_id",
        "inactive_days",
        "stage_id",
    )
    def _compute_event_summary(self):
        labels = dict(self._fields["event"]._description_selection(self.env))
        for rule in self:
            describe = getattr(rule, f"_describe_{rule.event}", None)
            summary = describe() if describe else labels.get(rule.event)
            if rule.stage_id and rule.event not in ("stage_entered", "won", "lost"):
                summary = self.env._(
                    "%(event)s in “%(stage)s”",
                    event=summary,
                    stage=rule.stage_id.name,
                )
            rule.event_summary = summary

    @api.depends_context("lang")
    @api.depends("action_ids.what_summary", "action_ids.delay_summary", "name")
    def _compute_action_summary(self):
        for rule in self:
            rule.action_summary = ", ".join(
                self.env._(
                    "%(what)s (%(when)s)",
                    what=line.what_summary,
                    when=line.delay_summary[:1].lower() + line.delay_summary[1:],
                )
                for line in rule.action_ids
            )

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
