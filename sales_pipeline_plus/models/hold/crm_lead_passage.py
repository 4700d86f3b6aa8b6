from odoo import api, fields, models
from odoo.tools import SQL

from .crm_lead_hold_end import SECONDS_OF_DAY


class CrmLeadPassage(models.Model):
    """Days on hold are no days in the stage: a stay tells both."""

    _inherit = "crm.lead.passage"

    days = fields.Float(
        help="From entering to leaving the stage, without the days on hold. Empty as "
        "long as the opportunity is there, or if nobody knows when it came.",
    )
    hold_days = fields.Float(
        "Days on Hold",
        readonly=True,
        digits=(16, 1),
        help="The days of this stay on which the opportunity was on hold. They are "
        "counted when it wakes up.",
    )

    @api.model
    def _prepare_closing(self, passage, move, state):
        vals = super()._prepare_closing(passage, move, state)
        is_record = isinstance(passage, models.BaseModel)
        held = passage.hold_days if is_record else passage.get("hold_days")
        if held and vals.get("days"):
            vals["days"] = max(0, vals["days"] - held)
        return vals

    @api.model
    def _correct_closing(self, leads):
        result = super()._correct_closing(leads)
        if held := leads.filtered("date_hold_end"):
            self._count_holds(held)
        return result

    @api.model
    def _count_holds(self, leads):
        """Count the days on hold within each stay of these opportunities, up to now."""
        self.flush_model()
        self.env["crm.lead.hold"].flush_model()
        self.env.cr.execute(
            SQL(
                """WITH held AS (
                       SELECT stay.id,
                              sum(EXTRACT(EPOCH FROM
                                  LEAST(COALESCE(stay.date_out, %(now)s),
                                        COALESCE(hold.date_end, %(now)s))
                                  - GREATEST(stay.date_in, hold.date_start)))
                                  / %(seconds)s AS days
                         FROM crm_lead_passage AS stay
                         JOIN crm_lead_hold AS hold
                           ON hold.lead_id = stay.lead_id
                          AND hold.former_lead_id IS NULL
                          AND hold.date_start < COALESCE(stay.date_out, %(now)s)
                          AND COALESCE(hold.date_end, %(now)s) > stay.date_in
                        WHERE stay.lead_id = ANY(%(leads)s)
                          AND stay.former_lead_id IS NULL
                     GROUP BY stay.id
                   )
                   UPDATE crm_lead_passage AS stay
                      SET hold_days = COALESCE(held.days, 0),
                          days = CASE WHEN stay.days IS NOT NULL
                                 THEN GREATEST(0, EXTRACT(EPOCH FROM
                                      stay.date_out - stay.date_in) / %(seconds)s
                                      - COALESCE(held.days, 0)) END
                     FROM crm_lead_passage AS each
                LEFT JOIN held ON held.id = each.id
                    WHERE stay.id = each.id
                      AND each.lead_id = ANY(%(leads)s)
                      AND each.former_lead_id IS NULL
                      AND (held.id IS NOT NULL OR each.hold_days > 0)""",
                now=self.env.cr.now().replace(microsecond=0),
                seconds=SECONDS_OF_DAY,
                leads=leads.ids,
            )
        )
        self.invalidate_model(["days", "hold_days"], flush=False)
