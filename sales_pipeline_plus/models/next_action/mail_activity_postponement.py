from odoo import api, fields, models

from ...tools.internal import INTERNAL


class MailActivity(models.Model):
    """How often the action of a deal was put off: one that always is, is no plan.

    A call that nobody answered was made: the next one is not put off (``call_again``).
    """

    _inherit = "mail.activity"

    postponement_count = fields.Integer(
        string="Times Put Off",
        readonly=True,
        copy=False,
        help="How often the due date of an opportunity's activity was made later.",
    )

    def write(self, vals):
        put_off = self.browse()
        is_made = self.env.context.get("call_again") is INTERNAL
        if vals.get("date_deadline") and not is_made:
            day = fields.Date.to_date(vals["date_deadline"])
            within = self.env["mail.activity.type"]._get_types_within_house()
            put_off = self.filtered(
                lambda activity: (
                    activity.res_model == "crm.lead"
                    and activity.active
                    and activity.date_deadline < day
                    and activity.activity_type_id not in within
                )
            )
        result = super().write(vals)
        for count, activities in put_off.grouped("postponement_count").items():
            activities.sudo().postponement_count = count + 1
        return result


class CrmLead(models.Model):
    _inherit = "crm.lead"

    action_postponement_count = fields.Integer(
        string="Times Put Off",
        compute="_compute_action_postponement_count",
        search="_search_action_postponement_count",
        help="How often the action that is planned on the opportunity was put off; of "
        "several, the one that was put off most.",
    )

    @api.depends("activity_ids.active", "activity_ids.postponement_count")
    def _compute_action_postponement_count(self):
        for lead in self:
            activities = lead.sudo().activity_ids.filtered("active")
            lead.action_postponement_count = max(
                activities.mapped("postponement_count"), default=0
            )

    @api.model
    def _search_action_postponement_count(self, operator, value):
        """Search those that were put off often enough.

        :param value: a number above 0, with ``>`` or ``>=``
        """
        if operator not in (">", ">="):
            return NotImplemented
        return [
            (
                "activity_ids",
                "any",
                [("active", "=", True), ("postponement_count", operator, value)],
            )
        ]
