from odoo import fields, models


class CrmPipeline(models.Model):
    """Fields of a pipeline's own, on its opportunities."""

    _inherit = "crm.pipeline"

    lead_properties_definition = fields.PropertiesDefinition("Opportunity Properties")

    def _prepare_layout(self):
        return (
            super()
            ._prepare_layout()
            ._replace(
                property_names=frozenset(
                    definition["name"]
                    for definition in self.lead_properties_definition or ()
                )
            )
        )
