from odoo import api, models

from ...kpi.arithmetic import change, difference
from ...kpi.catalogue import HOURLY_COST


class CrmKpi(models.AbstractModel):
    """From the facts to the values of the answer."""

    _inherit = "crm.kpi"

    @api.model
    def _get_facts(self, scope, names):
        """Return {fact: Cells} of the facts wanted.

        One or two queries for each source of facts.
        """
        facts = {}
        source_of = self._get_fact_sources()
        for source in sorted({source_of[name] for name in names if name in source_of}):
            facts.update(getattr(self, f"_get_{source}_facts")(scope))
        return {name: facts[name] for name in names if name in facts}

    @api.model
    def _get_cell(self, kpi, facts, key, is_compared):
        value = self._get_value(kpi, facts, 0, key)
        compared = self._get_value(kpi, facts, 1, key) if is_compared else None
        compare = difference if kpi.unit == "percentage" else change
        return {
            "value": value,
            "comparison": compared,
            "change": compare(value, compared),
        }

    @api.model
    def _get_value(self, kpi, facts, index, key):
        arguments = [
            self.env.company.sales_hourly_cost
            if name == HOURLY_COST
            else facts[name].get_number(index, key)
            for name in kpi.facts
        ]
        value = kpi.formula(*arguments)
        if value is not None and kpi.unit == "amount":
            value = self.env.company.currency_id.round(value)
        return value
