from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class AccountMove(models.Model):
    """Customer invoices count; their credit notes are subtracted from sums."""

    _inherit = "account.move"

    @api.model
    def _get_goal_label(self):
        return self.env._("Invoices")

    @api.model
    def _get_goal_sequence(self):
        return 40

    @api.model
    def _get_goal_condition_models(self):
        return super()._get_goal_condition_models() | {
            "account.move.line",
            "account.payment.term",
        }

    @api.model
    def _get_goal_base_domain(self, condition, measure):
        types = ["out_invoice", "out_receipt"]
        if measure == "sum" or self._mentions(condition, "move_type"):
            types.append("out_refund")
        domain = super()._get_goal_base_domain(condition, measure)
        if not self._asks_for(condition, "state", "cancel"):
            domain &= Domain("state", "!=", "cancel")
        return domain & Domain("move_type", "in", types)

    @api.model
    def _get_goal_date_field(self):
        return "invoice_date"

    @api.model
    def _get_conversion_date_fields(self):
        return ["invoice_date", "date"]

    @api.model
    def _get_goal_user_field(self):
        return "invoice_user_id"

    @api.model
    def _get_goal_amount_sql(self, fname, query):
        """Amounts in the invoice's currency have no sign; the others have it."""
        amount = super()._get_goal_amount_sql(fname, query)
        if fname.endswith("_signed"):
            return amount
        return SQL(
            "CASE WHEN %s = 'out_refund' THEN - %s ELSE %s END",
            self._field_to_sql(self._table, "move_type", query),
            amount,
            amount,
        )

    @api.model
    def _get_goal_views(self):
        return [
            (self.env.ref("account.view_out_invoice_tree").id, "list"),
            (False, "kanban"),
            (False, "form"),
        ]

    @api.model
    def _get_goal_defaults(self, goal):
        return {
            **super()._get_goal_defaults(goal),
            "move_type": "out_invoice",
            "campaign_id": goal.campaign_id.utm_campaign_id.id,
        }
