from odoo import api, fields, models

from ...tools.arguments import check_records


class MailActivity(models.Model):
    """When the last action of a deal is done, the next one is asked for."""

    _inherit = "mail.activity"

    # Its own type stays to be seen when it is edited.
    activity_type_id = fields.Many2one(
        domain=lambda self: (
            "['|', ('id', '=', activity_type_id), '&', "
            + self.env["mail.activity.type"]._get_planning_domain()[1:]
        )
    )

    @api.onchange("activity_type_id")
    def _onchange_activity_type_id(self):
        """The name of a type does not say what is to be done for a deal."""
        written = self.summary
        result = super()._onchange_activity_type_id()
        activity_type = self.activity_type_id
        if (
            self.res_model == "crm.lead"
            and not self._origin
            and activity_type.summary == activity_type.name
        ):
            self.summary = written
        return result

    def action_done(self):
        """Open the planning of the next action where these were the last ones.

        This is what the buttons of the lists and forms of activities call.
        """
        check_records(self)
        result = super().action_done()
        request = self.get_next_action_request()
        if not request:
            return result
        if request["policy"] == "block":
            return request["action"]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "No next action is planned on: %s", ", ".join(request["names"])
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def get_next_action_request(self):
        """Tell which deals have no action left now that these activities are done.

        :return: dict of :meth:`crm.lead._get_next_action_request`, with the ``action``
            that plans the next one; False if none
        """
        check_records(self)
        done = (
            self.sudo()
            .exists()
            .filtered(
                lambda activity: (
                    activity.res_model == "crm.lead" and not activity.active
                )
            )
        )
        if not done:
            return False
        leads = self.env["crm.lead"].browse(set(done.mapped("res_id"))).exists()
        request = leads._filtered_access("read")._get_next_action_request()
        if request:
            request["action"] = done._prepare_next_action(request)
        return request

    def _prepare_next_action(self, request):
        """Return the action that plans what follows these activities.

        For a single deal this is Odoo's own dialog, with the type that it suggests.
        """
        lead_ids = request["lead_ids"]
        name = self.env._("Next Action of %s Opportunities", len(lead_ids))
        if len(lead_ids) == 1:
            name = self.env._("Next Action of “%s”", request["names"][0])
        action = {
            "type": "ir.actions.act_window",
            "name": name,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
        if len(lead_ids) > 1:
            return {
                **action,
                "res_model": "mail.activity.schedule",
                "context": {
                    "active_model": "crm.lead",
                    "active_id": lead_ids[0],
                    "active_ids": lead_ids,
                },
            }
        previous = self.filtered(lambda activity: activity.res_id in lead_ids)[-1:]
        types = self.env["mail.activity.type"]
        suggested = (
            previous.activity_type_id.suggested_next_type_ids[:1]
            or types._get_type_of_next_action()
        )
        context = {
            "default_res_model": "crm.lead",
            "default_res_id": lead_ids[0],
            "default_previous_activity_type_id": previous.activity_type_id.id,
            "activity_previous_deadline": previous.date_deadline,
        }
        if suggested:
            context["default_activity_type_id"] = suggested.id
        return {**action, "res_model": "mail.activity", "context": context}
