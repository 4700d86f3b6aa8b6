from odoo import api, models
from odoo.tools import SQL

SECONDS_OF_DAY = 24 * 60 * 60


class CrmLeadHold(models.Model):
    """The end of a hold, and when an opportunity was on hold."""

    _inherit = "crm.lead.hold"

    def _end(self, outcome):
        """Record how and when these holds have ended."""
        now = self.env.cr.now().replace(microsecond=0)
        for hold in self:
            end = max(hold.date_start, now)
            hold.write(
                {
                    "date_end": end,
                    "outcome": outcome,
                    "days": (end - hold.date_start).total_seconds() / SECONDS_OF_DAY,
                }
            )

    @api.model
    def _get_covering_sql(self, moment, condition):
        """Return the SQL condition of a hold, of those of a condition on ``hold``, that
        covers a moment: it began before and ended then, later or not yet.

        :param moment: SQL of a timestamp in UTC
        """
        return SQL(
            """EXISTS (SELECT FROM crm_lead_hold AS hold
                        WHERE %(condition)s
                          AND hold.date_start < %(moment)s
                          AND COALESCE(hold.date_end >= %(moment)s, TRUE))""",
            condition=condition,
            moment=moment,
        )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_awake_sql(self, alias, moment):
        """Holds are looked up only for what has been on hold since."""
        lead = SQL.identifier(alias)
        return SQL(
            """(COALESCE(%(lead)s.date_hold >= %(moment)s, TRUE)
                AND (COALESCE(%(lead)s.date_hold_end < %(moment)s, TRUE)
                     OR NOT %(covering)s)
                AND %(more)s)""",
            lead=lead,
            moment=moment,
            covering=self.env["crm.lead.hold"]._get_covering_sql(
                moment,
                SQL("hold.lead_id = %s.id AND hold.former_lead_id IS NULL", lead),
            ),
            more=super()._get_awake_sql(alias, moment),
        )
