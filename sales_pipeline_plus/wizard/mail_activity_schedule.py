from odoo import models
from odoo.exceptions import UserError

from ..tools.arguments import check_records


class MailActivitySchedule(models.TransientModel):
    _inherit = "mail.activity.schedule"

    def action_override_next_action(self):
        """Let a sales manager give a reason instead of planning the next action.

        :raise UserError: if there is no opportunity to give it for
        """
        check_records(self)
        self.env["crm.lead.stage.override"].check_access("create")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_lead_stage_override_action"
        )
        lead_ids = self._evaluate_res_ids()
        if not lead_ids:
            raise UserError(self.env._("Choose the opportunities."))
        action["context"] = {
            "active_model": "crm.lead",
            "active_id": lead_ids[0],
            "active_ids": lead_ids,
            "default_stage_id": self.env.context.get("next_action_stage_id"),
        }
        return action
