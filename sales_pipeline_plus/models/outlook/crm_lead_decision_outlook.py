from odoo import api, fields, models
from odoo.fields import Domain

from ...kpi.outlook import USUAL, Backtest, foresee, get_bounds, get_windows
from ...tools.arguments import check_choice, refuse, searched_domain
from ..decision import decision_period as periods
from ..decision.searched import get_searched_ids
from .crm_kpi_outlook_query import OPPORTUNITY, Window
from .crm_kpi_outlook_question import MOST_WINDOWS

# What a snapshot has of its own. It knows no customer, tag or text of then, so the
# outlook cannot speak about a search for any of these.
KNOWN = {"user_id", "team_id", "company_id", "pipeline_id"}
# Of fewer past deals nothing is said.
FEWEST = 5


class CrmLead(models.Model):
    """What is likely to come of a period of the view by expected closing."""

    _inherit = "crm.lead"

    @api.model
    @api.readonly
    def get_decision_outlook(self, domain, granularity, starts):
        """Return what will come of the open opportunities of each period by its end.

        Of a period that ends in so many days it is learned from opportunities whose
        expected closing was as far away, in weekly snapshots of the past, and what was
        won of them by then, by stage alone. A search for anything that a snapshot does
        not know has no answer, nor have Late, Later and no date.

        :param domain: the search that the view shows
        :param starts: the first days of the periods
        :return: list as long as ``starts`` of None or a dict of ``value``, ``low`` and
            ``high`` in the currency of the user's company (``currency_id``) and
            ``words``; empty if there is no answer at all
        """
        self.check_access("read")
        check_choice(self.env, "granularity", granularity, periods.GRANULARITIES)
        if not isinstance(starts, list | tuple):
            refuse(self.env, "starts", starts, self.env._("a list of days"))
        with searched_domain(self, domain) as domain:
            found = get_searched_ids(self, domain, KNOWN)
        spans = {}
        today = fields.Date.context_today(self)
        for start in starts:
            start = self._check_group_start(start)
            if start and start not in (periods.LATE, periods.LATER):
                end = periods.get_next(start, granularity)
                if end > today:
                    spans[start] = (max(start, today), end)
        if found is None or not spans:
            return []
        answers = self.env["crm.kpi"]._get_decision_outlook(found, spans, today)
        result = [answers.get(self._check_group_start(start)) for start in starts]
        return result if any(result) else []


class CrmKpi(models.AbstractModel):
    _inherit = "crm.kpi"

    @api.model
    def _get_decision_outlook(self, searched, spans, today):
        """Return {start: answer} of periods with an answer, in as many queries for few
        of them as for many.

        :param searched: {name of a field: ids}
        :param spans: {start: (first day, day after the last)}, today at the earliest
        """
        of_own = Domain.AND(Domain(name, "in", ids) for name, ids in searched.items())
        starts = list(spans)
        known = self._get_change_weeks()
        now, past = [], []
        for key, (first, end) in enumerate(spans.values()):
            now.append(Window(key, None, first, end))
            for week in get_windows(known, today, (end - today).days, MOST_WINDOWS):
                since = week - today
                past.append(Window(key, week, first + since, end + since))
        deals = of_own & OPPORTUNITY & self.env["crm.lead"]._get_open_domain()
        groups = self._read_outlook_now(deals, now, today)
        trials = self._read_outlook_past(self._get_outlook_known(of_own), past)
        answers = {}
        for key, start in enumerate(starts):
            found = self._foresee_decision(groups.get(key), trials.get(key))
            if found:
                answers[start] = found
        return answers

    @api.model
    def _foresee_decision(self, groups, trials):
        """Return the answer of a period, None if there is no data."""
        count = sum(group.count for trial in trials or () for group in trial.groups)
        if not groups or count < FEWEST:
            return None
        test = Backtest(trials)
        forecast = foresee(test.learning, groups, None)[USUAL]
        bounds = test.get_range(USUAL, forecast, get_bounds(groups))
        return self._describe_decision(
            forecast, bounds, count, test.is_by_errors(USUAL)
        )

    @api.model
    def _describe_decision(self, forecast, bounds, count, is_by_errors):
        value, low, high = map(self._round_amount, (forecast.value, *bounds))
        amounts = {
            name: self.env["crm.kpi.outlook.words"]._format(amount)
            for name, amount in (("value", value), ("low", low), ("high", high))
        }
        words = self.env._(
            "Of the open ones %(value)s are likely to be won by the end of the period, "
            "8 times in 10 between %(low)s and %(high)s. It is learned from "
            "opportunities of the past whose expected closing was as far away: "
            "%(count)s.",
            **amounts,
            count=count,
        )
        words += " " + self.env._(
            "It is learned by stage alone, also where What Will Come takes more into "
            "account."
        )
        if not is_by_errors:
            words += " " + self.env._(
                "The past is too short to learn how wide the range must be: it comes "
                "from the chances alone."
            )
        return {
            "value": value,
            "low": low,
            "high": high,
            "words": words,
            "currency_id": self.env.company.currency_id.id,
        }
