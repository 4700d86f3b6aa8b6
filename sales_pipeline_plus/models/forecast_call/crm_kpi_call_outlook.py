from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...kpi.call import Trial, get_call_range
from ...kpi.catalogue.call import CALL


class CrmKpi(models.AbstractModel):
    """The call, as one of the methods of What Will Come, and on what it rests."""

    _inherit = "crm.kpi"

    @api.model
    def _answer_outlook(self, question, filters):
        """Add the method, ``commit`` and ``best_case`` (``count`` and ``amount`` of the
        open opportunities to be decided in the period), and ``call`` (``count``,
        ``amount``, what is called for the whole period, and ``won``, what those who
        called have won of it), None where nobody calls."""
        answer = super()._answer_outlook(question, filters)
        calls = self._get_calls(question, filters)
        holding = self._get_holding_calls(question, calls)
        amount = sum(call.amount for call in holding)
        for category in ("commit", "best_case"):
            answer[category] = self._read_called_deals(question, category)
        test = self._test_calls(question, calls)
        trial = None
        if holding:
            start, end = question.period.start, question.today + timedelta(days=1)
            won = self._get_won_of_calls([(start, end, end, holding)])
            trial = Trial(amount, won[start][0], None)
        answer["call"] = None
        if self._get_call_domain(question, filters) is not None:
            answer["call"] = {
                "count": len(holding),
                "amount": self._round_amount(amount) if holding else None,
                "won": self._round_amount(trial and trial.before),
            }
        answer["methods"].append(self._describe_call(test, trial))
        return answer

    @api.model
    def _read_called_deals(self, question, category):
        """Return the ``count`` and ``amount`` of the open ones of a category."""
        query = self._search_leads(self._get_called_deals(question, category))
        amount = self.env["crm.lead"]._get_converted_sql(
            "expected_revenue",
            self.env.company._get_conversion(self.env.companies),
            query.table,
            query,
        )
        amount = self._join_outlook_credit(query, question.deals)(amount)
        [(count, total)] = self.env.execute_query(
            query.select(SQL("count(*)"), SQL("sum(%s)", amount))
        )
        return {"count": count, "amount": float(total or 0)}

    @api.model
    def _describe_call(self, test, trial):
        low = high = None
        if trial and test.factor is not None:
            low, high = get_call_range(trial, test.factor)
        return {
            "code": CALL.code,
            "label": self.env._(CALL.label),
            "definition": self.env._(CALL.definition),
            "records": CALL.records,
            "value": self._round_amount(trial and trial.to_come),
            "low": self._round_amount(low),
            "high": self._round_amount(high),
            "is_by_errors": test.factor is not None,
            "error": test.error,
            "bias": test.bias,
            "windows": test.windows,
            "held": test.held,
            "ranges": test.ranges,
            "is_compared": False,
            "is_best": False,
        }
