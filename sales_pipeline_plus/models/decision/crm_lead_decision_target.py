from odoo import api, fields, models

from ...tools.arguments import check_choice, refuse, searched_domain
from . import decision_period as periods
from .searched import get_searched_ids

MONTHS_PER_WEEK = 12 / 52
# Teams have the invoicing targets, companies those of their teams.
TEAM_OWNERS = {"company_id", "team_id"}


class CrmLead(models.Model):
    """What the opportunities by decision date are held against."""

    _inherit = "crm.lead"

    @api.model
    @api.readonly
    def get_decision_targets(self, domain, granularity, starts):
        """Return the target of each period, in the currency of the user's company.

        :param domain: the search that the figures are about
        :param starts: the first days of the periods; what is no period (Late, Later,
            no date) has no target
        :return: list of amounts or None, as long as ``starts``; empty without a target
        """
        check_choice(self.env, "granularity", granularity, periods.GRANULARITIES)
        if not isinstance(starts, list | tuple):
            refuse(self.env, "starts", starts, self.env._("a list of days"))
        targets = []
        with searched_domain(self, domain) as domain:
            for start in starts:
                start = self._check_group_start(start)
                target = None
                if start and start not in (periods.LATE, periods.LATER):
                    end = periods.get_next(start, granularity)
                    target = self._get_decision_target(domain, start, end)
                targets.append(target)
        return targets if any(targets) else []

    @api.model
    def _get_decision_target(self, domain, start, end):
        """Return the target of a period, in the company's currency, or None.

        This is the hook for other addons: call super() and add to its result, or answer
        instead of it where the search is about something that has a target of its own.

        Here it is the sum of the invoicing targets, which are for one month, of the
        teams of the opportunities searched for. A search for anything else, such as
        one salesperson or customer, is not held against the target of the whole team.

        :param Domain domain: the search that the figures are about
        :param start: the first day of the period
        :param end: the first day after it
        """
        if get_searched_ids(self, domain, TEAM_OWNERS) is None:
            return None
        days = (end - start).days
        months = MONTHS_PER_WEEK if days == 7 else round(days / 30)
        return self._get_monthly_target(domain, start) * months or None

    @api.model
    def _get_monthly_target(self, domain, day):
        """Return the sum of the teams' monthly targets, at the rate of that day, or
        today's for a day to come.
        """
        currency = self.env.company.currency_id
        day = min(day, fields.Date.context_today(self))
        teams = self.env["crm.team"].union(
            *(team for [team] in self._read_group(domain, ["team_id"]))
        )
        return sum(
            (team.company_id.currency_id or currency)._convert(
                team.invoiced_target, currency, self.env.company, day
            )
            for team in teams.sudo()
        )
