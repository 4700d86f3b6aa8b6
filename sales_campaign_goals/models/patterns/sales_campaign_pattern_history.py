from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, formatLang

from ...tools.goal_pattern import get_rate

MONTHS = 12
LEAST_NUMBER = 20


class SalesCampaignPatternHistory(models.AbstractModel):
    """What the company's own last twelve months say about a pattern.

    The campaigns of the pattern's segment are asked first, the whole company when they
    have not enough. Only what the user may see counts.
    """

    _name = "sales.campaign.pattern.history"
    _description = "History for Goal Patterns"

    # ------------------------------------------------------------
    # AVERAGE BASKET
    # ------------------------------------------------------------

    @api.model
    def _get_basket(self, pattern):
        """Return ``(average basket or None, the numbers behind it in words)``.

        Amount won / number won, in the pattern's currency: other currencies are
        converted at the rate of the day on which each opportunity was won.
        """
        number = 0
        for scope, scope_words in self._get_scopes(pattern, ["crm.lead"]):
            number, amount = self._sum_won(pattern, scope["crm.lead"])
            if number >= LEAST_NUMBER:
                basket = pattern.currency_id.round(amount / number)
                words = self.env._(
                    "%(amount)s won, opportunities: %(number)s, %(scope)s",
                    amount=format_amount(self.env, amount, pattern.currency_id),
                    number=self._format(number),
                    scope=scope_words,
                )
                return (basket if basket > 0 else None), words
        return None, self.env._(
            "Not enough data. Opportunities won in the last 12 months: %(number)s; at "
            "least %(least)s are needed",
            number=self._format(number),
            least=LEAST_NUMBER,
        )

    @api.model
    def _sum_won(self, pattern, scope):
        """Return the number and the amount of the opportunities won."""
        leads = self.env["crm.lead"]
        first, after = self._get_bounds(leads, "date_closed")
        rows = leads._read_group(
            scope
            & Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "won")
            & Domain("date_closed", ">=", first)
            & Domain("date_closed", "<", after),
            ["company_id", "date_closed:day"],
            ["__count", "expected_revenue:sum"],
        )
        number, total = 0, 0.0
        for company, day, count, amount in rows:
            company = company or self.env.company
            number += count
            total += company.currency_id._convert(
                amount,
                pattern.currency_id,
                company,
                fields.Date.to_date(day),
                round=False,
            )
        return number, total

    # ------------------------------------------------------------
    # RATES
    # ------------------------------------------------------------

    @api.model
    def _get_rate(self, step):
        """Return ``(rate in percent or None, the numbers behind it in words)``.

        How many there were of what the step leads to, for those of the step itself;
        of quotations, how many became orders; of those who have been in a stage, how
        many of themselves have gone further.
        """
        parent = step.parent_id
        models_ = [each._get_countable_model() for each in (step, parent)]
        if None in models_:
            return None, self.env._("Counted by hand: there is no history of it")
        part = whole = 0
        for scope, scope_words in self._get_scopes(
            step.pattern_id, [model._name for model in models_]
        ):
            whole = self._count(step, scope[step.res_model])
            if whole < LEAST_NUMBER:
                continue
            part, part_words = self._count_successes(step, scope)
            words = self.env._(
                "%(part)s × %(parent)s for %(whole)s × “%(step)s”, %(scope)s",
                part=self._format(part),
                parent=part_words,
                whole=self._format(whole),
                step=step.name,
                scope=scope_words,
            )
            rate = get_rate(part, whole, LEAST_NUMBER)
            if rate is None:
                words = self.env._("No rate of success: %s", words)
            return rate, words
        return None, self.env._(
            "Not enough data: %(whole)s × “%(step)s” in the last 12 months, at least "
            "%(least)s are needed",
            whole=self._format(whole),
            step=step.name,
            least=LEAST_NUMBER,
        )

    @api.model
    def _count_successes(self, step, scope):
        """Return how many succeeded, and in words what that means."""
        parent = step.parent_id
        model, condition = step._get_countable_model(), step._get_condition_domain()
        words = self.env._("“%s”", parent.name)
        if step.res_model == "sale.order" and parent.is_root:
            further, words = Domain("state", "=", "sale"), self.env._("orders")
        elif (
            step.res_model == parent.res_model == "crm.lead"
            and model._mentions(condition, "stage_id")
            and parent._is_condition_valid()
        ):
            further = parent._get_condition_domain().map_conditions(self._to_passages)
        else:
            return self._count(parent, scope[parent.res_model]), words
        return self._count(step, scope[step.res_model] & further), words

    @api.model
    def _count(self, step, scope):
        """Return how many the step would have counted in the last twelve months."""
        model = step._get_countable_model().with_context(active_test=False)
        if not step._is_condition_valid():
            return 0
        condition = step._get_condition_domain()
        domain = scope & model._get_goal_base_domain(condition, step.measure)
        if model._name == "crm.lead" and model._mentions(condition, "stage_id"):
            domain &= condition.map_conditions(self._to_passages)
        else:
            fname = step._get_date_field_name()
            first, after = self._get_bounds(model, fname)
            domain &= condition & Domain(fname, ">=", first) & Domain(fname, "<", after)
        query = model._search(domain, active_test=False)
        if query.is_empty():
            return 0
        counted = SQL("COUNT(*)")
        if step.measure == "companies":
            counted = SQL("COUNT(DISTINCT %s)", model._get_goal_partner_sql(query))
        ((number,),) = self.env.execute_query(query.select(counted))
        return number

    @api.model
    def _to_passages(self, condition):
        """Ask who has been in a stage, not who is there today."""
        if condition.field_expr != "stage_id" or condition.operator not in ("in", "="):
            return condition
        stage_ids = condition.value
        if isinstance(stage_ids, int):
            stage_ids = [stage_ids]
        passages = self.env["crm.lead.passage"]
        first, after = self._get_bounds(passages, "date_in")
        query = passages._search(
            Domain("lead_id", "!=", False)
            & Domain("stage_id", "in", list(stage_ids))
            & Domain("date_in", ">=", first)
            & Domain("date_in", "<", after)
        )
        return Domain("id", "in", query.subselect("lead_id"))

    # ------------------------------------------------------------
    # EFFORT
    # ------------------------------------------------------------

    @api.model
    def _get_hours(self, pattern):
        """Return the hours of calls and meetings ``{what: hours or None}`` that it took
        per meeting, quotation and signature."""
        first, last = self._get_days()
        filters = {
            "period": {
                "start": fields.Date.to_string(first),
                "end": fields.Date.to_string(last),
            },
            "comparison": "none",
        }
        if pattern.company_id:
            filters["company_ids"] = pattern.company_id.ids
        codes = {
            "calendar.event": "hours_per_meeting",
            "sale.order": "hours_per_quotation",
            "won": "hours_per_won",
        }
        figures = self.env["crm.kpi"].get_figures(filters, list(codes.values()))
        return {
            what: figures["values"][code][0]["value"] for what, code in codes.items()
        }

    # ------------------------------------------------------------
    # PERIOD AND SCOPE
    # ------------------------------------------------------------

    @api.model
    def _get_days(self):
        """First and last day of the twelve months that end today."""
        today = fields.Date.context_today(self)
        return today - relativedelta(months=MONTHS) + relativedelta(days=1), today

    @api.model
    def _get_bounds(self, model, fname):
        """Bounds of the last twelve months, in the user's time zone."""
        first, last = self._get_days()
        timezone = self.env.user.tz or "UTC"
        if fname not in model._fields or "sales_campaign_ids" not in model._fields:
            model, fname = self.env["crm.lead"], "create_date"
        return model._get_goal_period_bounds(fname, first, last, timezone)

    @api.model
    def _get_scopes(self, pattern, model_names):
        """Yield ``({model: domain}, words)``, the narrowest first."""
        companies = {
            name: self._get_company_domain(pattern, self.env[name])
            for name in model_names
        }
        if pattern.segment_id:
            linked = Domain("sales_campaign_ids.segment_id", "=", pattern.segment_id.id)
            yield (
                {name: domain & linked for name, domain in companies.items()},
                self.env._("campaigns of “%s”", pattern.segment_id.name),
            )
        if "res.partner" in model_names:  # a company is met in a campaign
            linked = Domain("sales_campaign_ids", "!=", False)
            yield (
                {name: domain & linked for name, domain in companies.items()},
                self.env._("all campaigns"),
            )
        else:
            yield companies, self.env._("the whole company")

    @api.model
    def _get_company_domain(self, pattern, model):
        fname = model._get_goal_company_field()
        if not fname:
            return Domain.TRUE
        companies = self.env.companies
        if pattern.company_id:
            companies = self.env["res.company"].search(
                [("id", "child_of", pattern.company_id.ids)]
            )
        return Domain(fname, "in", [*companies.ids, False])

    @api.model
    def _format(self, number):
        return formatLang(self.env, number, digits=0)
