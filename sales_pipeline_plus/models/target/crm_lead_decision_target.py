from odoo import api, fields, models
from odoo.fields import Domain

from ...kpi.period import Period
from ...kpi.target_period import cut, get_share_of_days, get_start
from ..decision import decision_period as periods
from ..decision.searched import get_searched_ids

FIGURE = "won_amount"
OWNERS = {"user_id": "user_ids", "team_id": "team_ids", "company_id": "company_ids"}


class CrmLead(models.Model):
    """The targets of the amount won, in the graph by expected closing."""

    _inherit = "crm.lead"

    @api.model
    @api.readonly
    def get_decision_made(self, domain, granularity):
        """Return what was won in the current period, and its target.

        :return: the dict of the method of the same name, with ``target``: that of the
            amount won of whom the search names, see ``crm.kpi.get_figures``, or None
        """
        made = super().get_decision_made(domain, granularity)
        made["target"] = None
        filters = self._get_target_owners_searched_for(Domain(domain))
        if filters is not None:
            start = fields.Date.to_date(made["start"])
            end = fields.Date.subtract(periods.get_next(start, granularity), days=1)
            answer = self.env["crm.kpi"].get_figures(
                {
                    **filters,
                    "period": {"start": start, "end": end},
                    "comparison": "none",
                },
                [FIGURE],
                with_targets=True,
            )
            made["target"] = answer["values"][FIGURE][0]["target"]
        return made

    @api.model
    def _get_decision_target(self, domain, start, end):
        """The target of the amount won, of those that the search names: salespeople,
        teams or companies. Without one it is Odoo's invoicing target, as before: they
        are never added.

        A week has its share of the target of its month, by working days.
        """
        found = self._get_won_target(domain, start, end)
        if found is None:
            return super()._get_decision_target(domain, start, end)
        return found

    @api.model
    def _get_won_target(self, domain, start, end):
        """Return the target of the amount won in a period, None if there is none."""
        filters = self._get_target_owners_searched_for(domain)
        if filters is None:
            return None
        kpi = self.env["crm.kpi"]
        companies = kpi._get_target_companies(filters)
        period = Period(start, end)
        pieces = [period]
        if not cut(period):
            pieces = self._get_months(period)
        around = Period(pieces[0].start, pieces[-1].end)
        book = self.env["crm.target"]._get_book([FIGURE], companies, around)
        owners = kpi._get_target_owners(filters, None, False, book)
        total = None
        for piece in pieces:
            for owner in owners:
                found = book.find_period(FIGURE, owner, piece)
                if found:
                    company = self.env["res.company"].browse(owner.company)
                    share = self._get_share_of_month(company, piece, period)
                    total = (total or 0) + found.value * share
        return None if total is None else self.env.company.currency_id.round(total)

    @api.model
    def _get_months(self, period):
        """Return the months that a week lies in."""
        month = get_start(period.start, "month")
        months = []
        while month < period.end:
            following = fields.Date.add(month, months=1)
            months.append(Period(month, following))
            month = following
        return months

    @api.model
    def _get_share_of_month(self, company, month, period):
        if month.start >= period.start and month.end <= period.end:
            return 1
        days = company._get_working_days(month.start, month.end)
        return get_share_of_days(days, month, period.end) - get_share_of_days(
            days, month, period.start
        )

    @api.model
    def _get_target_owners_searched_for(self, domain):
        """Return the filters of owners that a search names, None if it is about
        something without a target."""
        found = get_searched_ids(self, domain, OWNERS)
        return found and {OWNERS[name]: ids for name, ids in found.items()}
