from odoo import models

from ...tools.arguments import check_records


class CrmLead(models.Model):
    """Which entries of the Actions menu can do something with the chosen leads."""

    _inherit = "crm.lead"

    def get_unfit_actions(self):
        """Tell the web client which entries of the Actions menu would do nothing, or
        fail, with all of these leads.

        :return: dict with ``actions`` (ids) and ``entries`` (keys of the web client's
            own: ``archive``, ``unarchive``)
        """
        check_records(self)
        self.check_access("read")
        fitting = self._get_fitting_actions()
        unfit = [name for name, leads in fitting.items() if not leads]
        actions = (
            self.env["ir.model.data"]._xmlid_to_res_id(name, raise_if_not_found=False)
            for name in unfit
            if "." in name
        )
        return {
            "actions": [action_id for action_id in actions if action_id],
            "entries": [name for name in unfit if "." not in name],
        }

    def _get_fitting_actions(self):
        """Return {entry: those of these leads that it can do something with}.

        An entry is the XML id of an action, or the web client's key of its own one;
        what is not named fits all. To be extended by what adds entries.
        """
        deals = self.filtered(lambda lead: lead.type == "opportunity")
        archived = self.filtered(lambda lead: not lead.active)
        pending = self.filtered(lambda lead: lead.won_status == "pending") - archived
        lost = deals.filtered(lambda lead: lead.won_status == "lost")
        several = self if len(self) > 1 else self.browse()
        return {
            "archive": self - archived,
            "unarchive": archived,
            "crm.action_crm_send_mass_convert": (self - deals) - archived,
            "crm.action_merge_opportunities": several,
            "crm.crm_lead_lost_action": pending,
            "sales_pipeline_plus.crm_lead_action_move_to_pipeline": deals - lost,
        }
