from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadFactMerged(models.AbstractModel):
    """A fact of which it stays known whose it was: the survivor of a merge takes facts
    over, and when it is deleted, they are kept as its own."""

    _name = "crm.lead.fact.merged"
    _inherit = "crm.lead.fact"
    _description = "Fact of an Opportunity That May Be Merged"

    merged_lead_id = fields.Integer(
        "Number of the Merged Opportunity",
        readonly=True,
        aggregator=None,
        exportable=False,
        help="The opportunity that was merged, if the one that it was merged into was "
        "deleted since.",
    )

    @api.model
    def _get_end_values(self):
        return [
            *super()._get_end_values(),
            # What it was before the deletion.
            SQL("merged_lead_id = COALESCE(fact.merged_lead_id, fact.former_lead_id)"),
        ]
