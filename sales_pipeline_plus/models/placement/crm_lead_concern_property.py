from odoo import models


class CrmLeadConcernProperty(models.AbstractModel):
    """The properties of the pipeline on new opportunities."""

    _name = "crm.lead.concern.property"
    _inherit = "crm.lead.concern"
    _description = "Pipeline Properties of New Opportunities"

    def _complete(self, change):
        """Give the default values of a pipeline that is computed.

        Odoo gives those of a pipeline that is among the values.
        """
        if not change.is_creation:
            return
        field = change.leads._fields["pipeline_properties"]
        if field._get_layouts(self):
            self.env.add_to_compute(
                field,
                change.leads.browse(
                    lead.id
                    for lead, vals in zip(change.leads, change.vals_list, strict=True)
                    if not vals.get("pipeline_id")
                    and "pipeline_properties" not in vals
                    and lead.pipeline_id
                ),
            )
