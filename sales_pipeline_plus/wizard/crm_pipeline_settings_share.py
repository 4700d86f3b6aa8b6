from odoo import api, fields, models


class CrmPipelineSettings(models.TransientModel):
    """Whether the credit of opportunities is shared, among the settings of the
    company."""

    _inherit = "crm.pipeline.settings"

    uses_deal_shares = fields.Boolean("Shares of Opportunities")

    @api.model
    def _get_company_fields(self):
        return [*super()._get_company_fields(), "uses_deal_shares"]
