from odoo import api, models
from odoo.tools import SQL

from .crm_lead_passage import SECONDS_OF_DAY


class CrmLeadPassage(models.Model):
    """A closing date that is corrected later is the end of the stay that it closed."""

    _inherit = "crm.lead.passage"

    @api.model
    def _correct_closing(self, leads):
        """Let the stays of won and lost deals end, and begin, on their closing date.

        :param leads: closed deals, above the user's rules
        """
        # Not the stays of deals that were merged into them.
        own = [("lead_id", "in", leads.ids), ("former_lead_id", "=", False)]
        closing = self.search([*own, ("outcome", "in", ("won", "lost"))], order="id")
        last = {
            passage.lead_id: passage
            for passage in closing
            if passage.outcome == passage.lead_id.won_status
        }
        after = self.search([*own, ("stage_id.is_won", "=", True)], order="id").grouped(
            "lead_id"
        )
        for lead in leads:
            passage = last.get(lead, self.browse())
            closed = lead.date_closed.replace(microsecond=0)
            former = passage.date_out
            if passage:
                is_known = passage.date_in < former
                vals = {"date_out": closed}
                if closed < passage.date_in:
                    passage._come_earlier(closed)
                elif is_known:
                    # Otherwise nobody knows how long it was there.
                    seconds = (closed - passage.date_in).total_seconds()
                    vals["days"] = seconds / SECONDS_OF_DAY
                passage.write(vals)
            if lead.won_status == "won":
                for stay in after.get(lead, ()):
                    if not former or stay.date_in == former:
                        stay._begin_on(closed)
                        break

    def _come_earlier(self, date):
        """Let a deal's stays until this one be over by a date: whoever corrects the
        closing to before they began says that they were entered too late."""
        self.ensure_one()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead_passage
                      SET date_in = LEAST(date_in, %(date)s),
                          date_out = LEAST(date_out, %(date)s),
                          days = NULL
                    WHERE lead_id = %(lead)s
                      AND id <= %(last)s
                      AND date_out > %(date)s""",
                date=date,
                lead=self.lead_id.id,
                last=self.id,
            )
        )
        self.invalidate_model()

    def _begin_on(self, date):
        """Let a stay begin on another date, before it ends."""
        self.ensure_one()
        date = min(date, self.date_out) if self.date_out else date
        vals = {"date_in": date}
        if self.date_out:
            vals["days"] = (self.date_out - date).total_seconds() / SECONDS_OF_DAY
        self.write(vals)
