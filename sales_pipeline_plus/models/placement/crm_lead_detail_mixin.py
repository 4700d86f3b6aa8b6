from odoo import api, models

from ...tools.arguments import is_id


class CrmLeadDetailMixin(models.AbstractModel):
    """A record that is a part of an opportunity, which it names in ``lead_id``.

    Who may not write the opportunity is told so before anything else: another error
    would tell what the opportunity has.
    """

    _name = "crm.lead.detail.mixin"
    _inherit = ["crm.naming.mixin"]
    _description = "Part of an Opportunity"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_given_leads(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if "lead_id" in vals:
            self._check_given_leads([vals])
        return super().write(vals)

    @api.model
    def _check_given_leads(self, vals_list):
        """Check the opportunities that are named, save those underway themselves.

        :raise AccessError: if the user may not write one of them
        """
        if self.env.su:
            return
        lead_ids = {vals.get("lead_id") for vals in vals_list if "lead_id" in vals}
        if any("lead_id" not in vals for vals in vals_list):
            lead_ids.add(self.default_get(["lead_id"]).get("lead_id"))
        leads = self.env["crm.lead"].browse(filter(is_id, lead_ids))
        leads.filtered(lambda lead: not lead._is_changing()).check_access("write")
