from collections import defaultdict

from odoo import fields, models

from ..change.deal_change import get_plain_values

GIVEN_DATES = frozenset({"date_start", "date_closed"})
CLOSED = ("won", "lost")
# Odoo loses an opportunity in two steps: it is archived, then has 0 %.
LOSING = "losing"


class CrmLeadConcernDates(models.AbstractModel):
    """A deal has a closing date as long as it is won or lost: the moment when it became
    so, unless a sales manager gives another one.
    """

    _name = "crm.lead.concern.dates"
    _inherit = "crm.lead.concern"
    _description = "Dates of Changing Opportunities"

    def _get_watched_fields(self):
        return GIVEN_DATES | {"won_status"}

    def _complete_create(self, change, vals_list):
        """Take over the dates that a sales manager gives."""
        # An empty cell of an import is no choice.
        leads = self.env["crm.lead"]
        vals_list = [
            leads._read_bare_dates(
                {k: v for k, v in vals.items() if v or k not in GIVEN_DATES}
            )
            for vals in vals_list
        ]
        given = [GIVEN_DATES & vals.keys() for vals in vals_list]
        if any(given):
            leads._check_may_give_dates()
        change.notes["dates"] = given
        return vals_list

    def _complete_write(self, change, vals):
        """Leave out dates that are there already, and those that Odoo gives itself."""
        vals = change.leads._read_bare_dates(vals)
        given = {
            name: fields.Datetime.to_datetime(vals[name])
            for name in GIVEN_DATES & vals.keys()
        }
        leads = change.above
        if not given or all(lead._is_changing() for lead in leads):
            return vals
        for name, value in list(given.items()):
            if (not value and name == "date_closed") or all(
                lead[name] and lead[name].replace(microsecond=0) == value
                for lead in leads
            ):
                vals = {key: value for key, value in vals.items() if key != name}
                del given[name]
        if given:
            change.leads._check_may_give_dates()
            change.notes["dates"] = given
        return vals

    def _complete(self, change):
        if change.is_creation:
            self._complete_created(change)
            return
        given = change.notes.get("dates", {})
        if given.get("date_start", True) is None:
            change.leads._compute_date_start()
        dates = defaultdict(list)
        for lead, status, present in zip(
            change.above,
            get_plain_values(change.above, "won_status"),
            get_plain_values(change.above, "date_closed"),
            strict=True,
        ):
            date = self._get_date_closed(change, lead, status, given.get("date_closed"))
            if present != date:
                dates[date].append(lead.id)
        for date, lead_ids in dates.items():
            change.above.browse(lead_ids)._write_facts({"date_closed": date})

    def _get_date_closed(self, change, lead, status, given):
        """Return the closing date that a deal has after a change."""
        if status not in CLOSED:
            if change.leads._is_internal(LOSING):
                return lead.date_closed
            # With one that somebody gives, it is refused below.
            return (not self.env.su and given) or False
        before = change.before(lead, "date_closed")
        if given:
            return given
        if before and change.before(lead, "won_status") == status:
            return before
        if change.leads._is_internal(LOSING) and self._is_of_now(before):
            return before
        if lead.date_closed and lead.date_closed != before:
            return lead.date_closed
        return fields.Datetime.now()

    def _is_of_now(self, date):
        """Tell whether a date was given in this transaction."""
        return bool(date) and date >= self.env.cr.now().replace(microsecond=0)

    def _complete_created(self, change):
        """What is entered as lost is closed now; Odoo does so for what is won."""
        lost = change.leads.filtered(
            lambda lead: lead._get_won_status() == "lost" and not lead.date_closed
        )
        if lost:
            lost._write_facts({"date_closed": self.env.cr.now().replace(microsecond=0)})

    def _check(self, change):
        """:raise ValidationError: naming each opportunity and what is wrong"""
        given = change.notes.get("dates")
        if change.is_creation:
            leads = change.leads.browse(
                lead.id
                for lead, names in zip(change.leads, given, strict=True)
                if names
            )
            leads._check_given_dates("date_closed" in set().union(*given))
        elif given:
            change.leads._check_given_dates(bool(given.get("date_closed")))
