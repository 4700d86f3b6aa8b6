from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.scope import Cells

# What Odoo counts as invoiced by a sales team (`crm.team.invoiced`).
INVOICED = (
    Domain("move_type", "in", ["out_invoice", "out_refund", "out_receipt"])
    & Domain("payment_state", "in", ["in_payment", "paid", "reversed"])
    & Domain("state", "=", "posted")
)
# Filters and breakdowns of opportunities that invoices have as well.
FIELD_OF = {
    "company_id": "company_id",
    "team_id": "team_id",
    "user_id": "invoice_user_id",
    "campaign_id": "campaign_id",
}
KEY_OF = {"salesperson": "invoice_user_id", "team": "team_id"}
BREAKDOWNS = (None, "month", "quarter", *KEY_OF)


class CrmKpi(models.AbstractModel):
    """What was invoiced and paid, the figure of the sales teams' invoicing target."""

    _inherit = "crm.kpi"

    @api.model
    def _get_invoice_facts(self, scope):
        """Unknown where invoices cannot be told apart by a filter or a breakdown."""
        domain = self._get_invoice_domain(scope.domain, scope.breakdown)
        if domain is None:
            cells = Cells()
            cells.unknown = set(range(len(scope.spans)))
            return {"invoiced_amount": cells}
        invoices = self.env["account.move"]
        query = invoices._search(domain)

        def to_sql(field_name):
            return invoices._field_to_sql(query.table, field_name, query)

        day = to_sql("date")
        moment = SQL(
            "timezone('UTC', timezone(%s, %s::timestamp))", self.env.tz.zone, day
        )
        return self._aggregate(
            scope,
            query,
            moment,
            lambda to_amount: {
                "invoiced_amount": SQL(
                    "sum(%s)", to_amount(to_sql("amount_untaxed_signed"))
                )
            },
            is_of_deals=False,
            company=to_sql("company_id"),
            rate_day=day,
            day=day,
            **{name: to_sql(field_name) for name, field_name in KEY_OF.items()},
        )

    @api.model
    def _get_invoice_domain(self, domain, breakdown):
        """Return the domain of the invoices of a search for opportunities, None if it
        asks for what invoices do not have."""
        names = {condition.field_expr for condition in domain.iter_conditions()}
        if not names <= FIELD_OF.keys() or breakdown not in BREAKDOWNS:
            return None
        return INVOICED & domain.map_conditions(
            lambda condition: Domain(
                FIELD_OF[condition.field_expr], condition.operator, condition.value
            )
        )

    @api.model
    def _open_invoices(self, kpi, period, deals, breakdown, key):
        """Return the action that opens the invoices behind the figure."""
        domain = self._get_invoice_domain(deals, breakdown)
        if domain is None:
            domain = Domain.FALSE
        days = [period]
        if breakdown in KEY_OF:
            domain &= Domain(KEY_OF[breakdown], "=", key)
        elif breakdown and key:
            days.append(self._get_key_period(breakdown, key))
        for start, end in days:
            domain &= Domain("date", ">=", fields.Date.to_string(start))
            domain &= Domain("date", "<", fields.Date.to_string(end))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(kpi.label),
            "res_model": "account.move",
            "domain": list(domain),
            "views": [
                [self.env.ref("account.view_out_invoice_tree").id, "list"],
                [False, "form"],
            ],
            "context": {"create": False},
            "target": "current",
        }
