from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.arguments import check_records


class CrmLead(models.Model):
    """The made revenue of a deal beside its potential.

    All amounts are untaxed and in the currency of the deal's company, converted at the
    date of each document. What the rules keep from the user is not counted.
    """

    _inherit = "crm.lead"

    quoted_amount = fields.Monetary(
        string="Quoted",
        compute="_compute_made_revenue",
        currency_field="company_currency",
        help="Quotations in preparation and sent, untaxed, converted at their date. "
        "Only those that you may see are counted.",
    )
    ordered_amount = fields.Monetary(
        string="Ordered",
        compute="_compute_made_revenue",
        currency_field="company_currency",
        help="Confirmed orders, untaxed, converted at their date. Only those that you "
        "may see are counted.",
    )
    invoiced_amount = fields.Monetary(
        string="Invoiced",
        compute="_compute_made_revenue",
        currency_field="company_currency",
        help="Posted invoices less credit notes of the orders, untaxed, converted at "
        "their date. Only those that you may see are counted.",
    )
    to_invoice_amount = fields.Monetary(
        string="Still to Invoice",
        compute="_compute_made_revenue",
        currency_field="company_currency",
        help="Confirmed orders less what is invoiced of them, never below zero.",
    )
    ordered_percentage = fields.Float(
        string="Ordered (%)",
        compute="_compute_made_revenue",
        digits=(16, 1),
        help="Ordered, as a percentage of the expected revenue.",
    )
    invoice_count = fields.Integer(
        string="Number of Invoices",
        compute="_compute_made_revenue",
        help="Posted invoices and credit notes of the orders that you may see.",
    )
    can_read_invoices = fields.Boolean(compute="_compute_can_read_invoices")

    @api.depends_context("uid")
    def _compute_can_read_invoices(self):
        self.can_read_invoices = self._can_read_invoices()

    @api.model
    def _can_read_invoices(self):
        return self.env["account.move"].has_access("read") and self.env[
            "account.move.line"
        ].has_access("read")

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends(
        "expected_revenue",
        "company_id",
        "order_ids.state",
        "order_ids.amount_untaxed",
        "order_ids.currency_rate",
        "order_ids.order_line.invoice_lines.parent_state",
        "order_ids.order_line.invoice_lines.balance",
    )
    def _compute_made_revenue(self):
        amounts = self._get_made_revenue()
        for lead in self:
            made = amounts.get(lead._origin.id, {})
            ordered = made.get("ordered", 0.0)
            lead.quoted_amount = made.get("quoted", 0.0)
            lead.ordered_amount = ordered
            lead.invoiced_amount = made.get("invoiced", 0.0)
            lead.to_invoice_amount = max(
                ordered - made.get("invoiced_of_orders", 0.0), 0.0
            )
            lead.ordered_percentage = (
                100 * ordered / lead.expected_revenue if lead.expected_revenue else 0.0
            )
            lead.invoice_count = len(made.get("invoice_ids", ()))

    def _get_made_revenue(self):
        """Return what is made of each deal, as far as the user's rules let him see.

        Two grouped queries, however many deals, orders and invoices there are.

        :return: {lead id: {"quoted", "ordered", "invoiced", "invoiced_of_orders":
            amounts in the deal's ``company_currency``; "invoice_ids": set of ids of
            posted invoices and credit notes}}; an amount that is missing is zero
        """
        leads = {lead.id: lead for lead in self._origin}
        result = defaultdict(lambda: defaultdict(float))
        if not leads or not self.env["sale.order"].has_access("read"):
            return result
        order_ids = []
        for (
            lead_id,
            state,
            company_id,
            currency_id,
            date,
            amount,
            ids,
        ) in self._get_order_rows():
            kind = "ordered" if state == "sale" else "quoted"
            result[lead_id][kind] += leads[lead_id]._to_company_currency(
                amount, currency_id, company_id, date
            )
            order_ids += ids
        if order_ids and self._can_read_invoices():
            for (
                lead_id,
                state,
                company_id,
                currency_id,
                date,
                amount,
                ids,
            ) in self._get_invoice_rows(order_ids):
                made = result[lead_id]
                amount = leads[lead_id]._to_company_currency(
                    amount, currency_id, company_id, date
                )
                made["invoiced"] += amount
                if state == "sale":
                    made["invoiced_of_orders"] += amount
                made["invoice_ids"] = made.get("invoice_ids", set()) | set(ids)
        for lead_id, made in result.items():
            currency = leads[lead_id].company_currency
            for kind in made.keys() - {"invoice_ids"}:
                made[kind] = currency.round(made[kind])
        return result

    def _to_company_currency(self, amount, currency_id, company_id, date):
        """Convert an amount of a document's company at the document's date.

        Nearly always the deal is of that company and there is nothing to convert.
        """
        self.ensure_one()
        currency = self.env["res.currency"].browse(currency_id)
        if currency == self.company_currency:
            return amount
        company = self.env["res.company"].browse(company_id)
        return currency._convert(
            amount, self.company_currency, company, date, round=False
        )

    def _get_order_rows(self):
        """Return rows of lead id, state, company id, id of that company's currency,
        day, amount in that currency, order ids. Cancelled orders are there without
        amount: their invoices are still to be found.
        """
        orders = self.env["sale.order"].with_context(active_test=False)
        query = orders._search([("opportunity_id", "in", self._origin.ids)], order="id")
        query.order = None
        company = query.join(
            query.table, "company_id", "res_company", "id", "company_id"
        )
        field = {
            name: orders._field_to_sql(query.table, name, query)
            for name in (
                "id",
                "opportunity_id",
                "state",
                "company_id",
                "date_order",
                "amount_untaxed",
                "currency_rate",
            )
        }
        currency = SQL.identifier(company, "currency_id")
        query.groupby = SQL(
            "%s, %s, %s, %s, (%s)::date",
            field["opportunity_id"],
            field["state"],
            field["company_id"],
            currency,
            field["date_order"],
        )
        rows = self.env.execute_query(
            query.select(
                field["opportunity_id"],
                field["state"],
                field["company_id"],
                currency,
                SQL("COALESCE((%s)::date, CURRENT_DATE)", field["date_order"]),
                SQL(
                    "SUM(CASE WHEN %s = 'cancel' THEN 0 "
                    "ELSE %s / COALESCE(NULLIF(%s, 0), 1) END)::float",
                    field["state"],
                    field["amount_untaxed"],
                    field["currency_rate"],
                ),
                SQL("ARRAY_AGG(%s)", field["id"]),
            )
        )
        return rows

    def _get_invoice_rows(self, order_ids):
        """Return rows of lead id, state of the order, company id, id of that company's
        currency, day, amount in that currency, invoice ids.

        :param order_ids: the deals' orders that the user may see
        """
        lines = self.env["account.move.line"].with_context(active_test=False)
        lines.flush_model(["balance", "company_id", "date", "move_id", "sale_line_ids"])
        self.env["sale.order.line"].flush_model(["invoice_lines", "order_id"])
        self.env["sale.order"].flush_model(["opportunity_id", "state"])
        query = lines._search(
            Domain("parent_state", "=", "posted")
            & Domain("move_id.move_type", "in", ["out_invoice", "out_refund"])
            & Domain("sale_line_ids.order_id", "in", order_ids),
            order="id",
        )
        query.order = None
        link = query.join(
            query.table,
            "id",
            "sale_order_line_invoice_rel",
            "invoice_line_id",
            "sale_line",
        )
        line = query.join(link, "order_line_id", "sale_order_line", "id", "line")
        order = query.join(line, "order_id", "sale_order", "id", "order")
        query.add_where(SQL("%s IN %s", SQL.identifier(order, "id"), tuple(order_ids)))
        table = query.table
        # An invoice line can come from several lines of an order.
        once = SQL(
            "SELECT DISTINCT %s AS id, %s AS lead_id, %s AS state, %s AS company_id, "
            "%s AS currency_id, %s AS date, %s AS balance, %s AS move_id "
            "FROM %s WHERE %s",
            SQL.identifier(table, "id"),
            SQL.identifier(order, "opportunity_id"),
            SQL.identifier(order, "state"),
            SQL.identifier(table, "company_id"),
            SQL.identifier(table, "company_currency_id"),
            SQL.identifier(table, "date"),
            SQL.identifier(table, "balance"),
            SQL.identifier(table, "move_id"),
            query.from_clause,
            query.where_clause or SQL("TRUE"),
        )
        return self.env.execute_query(
            SQL(
                "SELECT lead_id, state, company_id, currency_id, date, "
                "-SUM(balance)::float, ARRAY_AGG(DISTINCT move_id) "
                "FROM (%s) AS once "
                "GROUP BY lead_id, state, company_id, currency_id, date",
                once,
            )
        )

    def action_view_invoices(self):
        """Open the posted invoices and credit notes of the deal's orders."""
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        ids = sorted(self._get_made_revenue()[self.id].get("invoice_ids") or ())
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", ids)]
        action["context"] = {"create": False}
        if len(ids) == 1:
            action["views"] = [(self.env.ref("account.view_move_form").id, "form")]
            action["res_id"] = ids[0]
        return action
