from odoo import models
from odoo.tools import SQL


class CrmLead(models.Model):
    """The clock of a stage stands still while an opportunity is on hold."""

    _inherit = "crm.lead"

    def _get_clock_start_sql(self, alias, query):
        """Return the moment from which the days in the stage count, later by the time
        on hold since then; holds are looked up only for what has been on hold."""
        started = super()._get_clock_start_sql(alias, query)
        return SQL(
            """CASE WHEN %(hold_end)s IS NULL THEN %(started)s
                    ELSE (SELECT clock.start + COALESCE(
                              (SELECT sum(hold.date_end
                                          - GREATEST(hold.date_start, clock.start))
                                 FROM crm_lead_hold AS hold
                                WHERE hold.lead_id = %(id)s
                                  AND hold.former_lead_id IS NULL
                                  AND hold.date_end > clock.start),
                              interval '0')
                            FROM (SELECT %(started)s AS start) AS clock) END""",
            hold_end=self._field_to_sql(alias, "date_hold_end", query),
            started=started,
            id=SQL.identifier(alias, "id"),
            to_flush=self.env["crm.lead.hold"]._fields["date_end"],
        )
