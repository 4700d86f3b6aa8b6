from odoo import api, fields, models
from odoo.tools import SQL


class CrmLeadPassage(models.Model):
    """What a stay keeps of those who are deleted.

    The pipeline and the stages of a stay are not deleted at all: they are archived, or
    taken out of the pipeline.
    """

    _inherit = "crm.lead.passage"

    user_name = fields.Char("Former Salesperson", readonly=True)
    team_name = fields.Char("Former Sales Team", readonly=True)
    entered_by_name = fields.Char("Formerly Moved by", readonly=True)

    @api.model
    def _get_end_values(self):
        """A deal that is deleted has left its stage for nowhere: its last stay has no
        end that could count."""
        return [
            *super()._get_end_values(),
            SQL(
                "outcome = CASE WHEN fact.outcome = 'open' THEN 'gone' "
                "ELSE fact.outcome END"
            ),
        ]

    @api.model
    def _get_taken_over_sql(self, leads):
        """The survivor is in its own stage, not in that of the merged one, too."""
        return SQL("%s AND fact.outcome <> 'open'", super()._get_taken_over_sql(leads))
