from odoo import api, models
from odoo.tools import SQL


class CrmLeadPassage(models.Model):
    """Whose stay it was stays known, see :class:`CrmLeadFactMerged`."""

    _inherit = "crm.lead.passage"

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
