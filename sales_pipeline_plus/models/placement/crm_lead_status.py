from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLead(models.Model):
    """Open, late, on hold, won or lost: where a deal stands today, in the user's time
    zone.

    One that was archived without being lost is none of them.
    """

    _inherit = "crm.lead"

    deal_status = fields.Selection(
        [
            ("open", "Open"),
            ("late", "Late"),
            ("hold", "On Hold"),
            ("won", "Won"),
            ("lost", "Lost"),
        ],
        string="Status",
        compute="_compute_deal_status",
        search="_search_deal_status",
        compute_sql="_get_deal_status_sql",
        help="Late: the expected closing date has passed and the opportunity is "
        "neither won nor lost. On Hold: it sleeps until its wake-up date. Empty if it "
        "was archived without being lost.",
    )

    @api.depends_context("tz")
    @api.depends("active", "won_status", "date_deadline", "date_hold")
    def _compute_deal_status(self):
        today = fields.Date.context_today(self)
        for lead in self:
            if lead.won_status in ("won", "lost"):
                lead.deal_status = lead.won_status
            elif lead._is_on_hold():
                lead.deal_status = "hold"
            elif not lead._is_open():
                lead.deal_status = False
            elif lead.date_deadline and lead.date_deadline < today:
                lead.deal_status = "late"
            else:
                lead.deal_status = "open"

    def _was_closed_elsewhere(self):
        """Tell whether it was won or lost on a day before it was here: a fact of the
        past, which comes in whatever is asked for today."""
        self.ensure_one()
        closed = self.date_closed
        if self._get_won_status() not in ("won", "lost") or not closed:
            return False
        company = self.company_id or self.env.company
        return company._get_day(closed) < company._get_day(self.create_date)

    @api.model
    def _get_deal_status_domains(self):
        """Return {status: domain on stored fields}."""
        late = Domain("date_deadline", "<", fields.Date.context_today(self))
        is_open = self._get_open_domain()
        return {
            "open": is_open & ~late,
            "late": is_open & late,
            "hold": self._get_on_hold_domain(),
            "won": Domain("won_status", "=", "won"),
            "lost": Domain("won_status", "=", "lost"),
            False: ~self._get_pending_domain()
            & Domain("won_status", "not in", ["won", "lost"]),
        }

    @api.model
    def _search_deal_status(self, operator, value):
        if operator in ("in", "not in"):
            wanted = set(value)
        elif operator.endswith("like"):
            # By the label that the user reads.
            labels = dict(self._fields["deal_status"]._description_selection(self.env))
            text = (value or "").replace("%", "").lower()
            wanted = {status for status in labels if text in labels[status].lower()}
        else:
            return NotImplemented
        domains = self._get_deal_status_domains()
        if operator.startswith("not"):
            wanted = domains.keys() - wanted
        return Domain.OR(domains[status] for status in domains if status in wanted)

    def _get_deal_status_sql(self, _name, alias, query):
        won_status = self._field_to_sql(alias, "won_status", query)
        return SQL(
            "CASE WHEN %s IN ('won', 'lost') THEN %s WHEN NOT %s THEN NULL "
            "WHEN %s IS NOT NULL THEN 'hold' WHEN %s THEN 'late' ELSE 'open' END",
            won_status,
            won_status,
            self._get_pending_sql(alias, query),
            self._field_to_sql(alias, "date_hold", query),
            self._get_late_sql(alias, query),
        )

    def _get_late_sql(self, alias, query=None):
        """Return the SQL condition by which an open deal is late; NULL without a
        date."""
        return SQL(
            "%s < %s",
            self._field_to_sql(alias, "date_deadline", query),
            fields.Date.context_today(self),
        )
