from odoo import api, models


class CrmCondition(models.AbstractModel):
    _inherit = "crm.condition"

    @api.model
    def _get_condition_models(self):
        """The records that goals count, and what they are about."""
        campaign_mixin = self.env["sales.campaign.mixin"]
        return (
            super()
            ._get_condition_models()
            .union(
                *(
                    self.env[name]._get_goal_condition_models()
                    for name in campaign_mixin._get_campaign_models()
                )
            )
        )

    @api.model
    def _get_visible_domain(self, model, names):
        domain = super()._get_visible_domain(model, names)
        if model._name in self.env["sales.campaign.mixin"]._get_campaign_models():
            domain &= model._get_goal_visible_domain(names)
        return domain
