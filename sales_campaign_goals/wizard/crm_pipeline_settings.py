from odoo import api, fields, models


class CrmPipelineSettings(models.TransientModel):
    _inherit = "crm.pipeline.settings"

    campaign_attribution = fields.Selection(
        selection=lambda self: (
            self.env["res.company"]
            ._fields["campaign_attribution"]
            ._description_selection(self.env)
        ),
        string="Attribution to Campaigns",
        required=True,
    )

    @api.model
    def _get_company_fields(self):
        return [*super()._get_company_fields(), "campaign_attribution"]
