from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadPassage(models.Model):
    """Whose stay it was stays known: the survivor of a merge takes stays over, and when
    it is deleted, they are kept as its own."""

    _inherit = "crm.lead.passage"

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

    @api.model
    def _get_number_sql(self, to_sql):
        """Return the SQL of the number of the opportunity whose stay it was, whatever
        became of it.

        :param to_sql: function from the name of a field to its SQL
        """
        names = ("merged_lead_id", "former_lead_id")
        return SQL(
            "COALESCE(%s, %s)",
            SQL(", ").join(SQL("NULLIF(%s, 0)", to_sql(name)) for name in names),
            to_sql("lead_id"),
        )
