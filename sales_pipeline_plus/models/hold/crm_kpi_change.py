from odoo import api, models
from odoo.tools import SQL


class CrmKpi(models.AbstractModel):
    """What Changed tells what woke up and what was put on hold.

    What is on hold is not open, so it comes into the pipeline when it wakes up and
    leaves it when it falls asleep.
    """

    _inherit = "crm.kpi"

    @api.model
    def _get_changes_sql(self, question):
        self.env["crm.lead.hold"].flush_model()
        return super()._get_changes_sql(question)

    @api.model
    def _get_on_hold_at_sql(self, moment):
        """Return the SQL condition by which a deal was on hold at a moment.

        The number of a deal stays its own, whatever became of it.
        """
        return self.env["crm.lead.hold"]._get_covering_sql(
            moment,
            SQL(
                """(hold.former_lead_id = %(number)s
                    OR hold.lead_id = %(number)s AND hold.former_lead_id IS NULL)""",
                number=SQL("COALESCE(opening.number, closing.number, ended.number)"),
            ),
        )

    @api.model
    def _get_came_sql(self, start):
        return SQL(
            "CASE WHEN %s THEN 'woken' ELSE %s END",
            self._get_on_hold_at_sql(start),
            super()._get_came_sql(start),
        )

    @api.model
    def _get_left_sql(self, question, end):
        """What was on hold at the end had not been won, lost or deleted by then."""
        return SQL(
            "CASE WHEN %s THEN 'on_hold' ELSE %s END",
            self._get_on_hold_at_sql(end),
            super()._get_left_sql(question, end),
        )
