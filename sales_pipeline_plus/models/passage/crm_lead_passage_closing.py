from odoo import api, models

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
                if closed < passage.date_in:
                    passage._come_earlier(closed)
                vals = {"date_out": closed}
                if former > passage.date_in:
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
        stays = self.search(
            [("lead_id", "=", self.lead_id.id), ("id", "<=", self.id)], order="id"
        )
        for stay in stays.filtered(lambda stay: stay.date_in > date):
            stay.write({"date_in": date, "date_out": date, "days": False})
        for stay in (stays - self).filtered(lambda stay: stay.date_out > date):
            stay.write({"date_out": date, "days": False})

    def _begin_on(self, date):
        """Let a stay begin on another date, before it ends."""
        self.ensure_one()
        date = min(date, self.date_out) if self.date_out else date
        vals = {"date_in": date}
        if self.date_out:
            vals["days"] = (self.date_out - date).total_seconds() / SECONDS_OF_DAY
        self.write(vals)
