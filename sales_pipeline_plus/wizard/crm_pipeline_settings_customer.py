from odoo import api, fields, models


class CrmPipelineSettings(models.TransientModel):
    """The tag of new customers among the settings of the company."""

    _inherit = "crm.pipeline.settings"

    customer_category_id = fields.Many2one(
        "res.partner.category", string="Tag of New Customers"
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if "customer_category_id" in values:
            values["customer_category_id"] = values["customer_category_id"].id
        return values

    @api.model
    def _get_company_fields(self):
        return [*super()._get_company_fields(), "customer_category_id"]
