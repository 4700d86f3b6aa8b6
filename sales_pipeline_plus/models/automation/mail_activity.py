from odoo import api, fields, models

# What makes an activity one that is planned, for what it is about.
PLANNING_FIELDS = frozenset({"active", "activity_type_id", "res_id", "res_model_id"})


class MailActivity(models.Model):
    """Which automatic action of a pipeline planned an activity, and which ones an
    activity launches itself: when it is planned, and when it is done."""

    _inherit = "mail.activity"

    pipeline_rule_id = fields.Many2one(
        "crm.pipeline.rule",
        string="Automatic Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    pipeline_rule_occurrence = fields.Char(
        string="Reason of the Automatic Action",
        readonly=True,
        copy=False,
        exportable=False,
        help="What launched the automatic action.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        activities._tell_rules("activity_planned")
        return activities

    def write(self, vals):
        if PLANNING_FIELDS.isdisjoint(vals):
            return super().write(vals)
        done = self.browse()
        if not vals.get("active", True):
            done = self.filtered("active")
        result = super().write(vals)
        done._tell_rules("activity_done")
        self._tell_rules("activity_planned")
        return result

    def unlink(self):
        """What was planned because these were goes with them."""
        self.sudo()._withdraw_what_followed()
        return super().unlink()

    def _tell_rules(self, event):
        """Tell the automatic actions what happened to these activities.

        What automatic actions plan does not launch others, which could go on for ever.
        """
        if event not in self.env["crm.pipeline"]._get_rule_events():
            return
        occurrences = [
            (event, activity.res_id, f"{event}:{activity.id}")
            for activity in self.sudo()
            if activity.res_model == "crm.lead"
            and (
                event == "activity_done"
                or (activity.active and not activity.pipeline_rule_id)
            )
        ]
        if occurrences:
            self.env["crm.pipeline.rule"]._add_occurrences(occurrences)

    def _withdraw_what_followed(self):
        cancelled = self.filtered(
            lambda activity: activity.active and activity.res_model == "crm.lead"
        )
        # Asked last: other activities are deleted while the addon is uninstalled.
        events = cancelled and self.env["crm.pipeline"]._get_rule_events()
        if not events or "activity_planned" not in events:
            return
        occurrences = [f"activity_planned:{number}" for number in cancelled.ids]
        followed = self.search(
            [
                ("active", "=", True),
                ("pipeline_rule_id.event", "=", "activity_planned"),
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", cancelled.mapped("res_id")),
                ("pipeline_rule_occurrence", "in", occurrences),
            ]
        )
        leads = self.env["crm.lead"].browse(followed.mapped("res_id")).exists()
        leads._withdraw(
            followed.filtered(lambda activity: activity.res_id in leads._ids)
        )
