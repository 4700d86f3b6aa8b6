from odoo import api, fields, models
from odoo.fields import Domain

from ...kpi.catalogue import BY_CODE
from ...kpi.period import Period
from ...tools.arguments import FIRST_DAY, check_choice, check_records

SALESPERSON = "sales_team.group_sale_salesman"
# The figures of a customer: {field: (figure, period)}.
FIGURES = {
    "sales_won_amount": ("won_amount", "this_year"),
    "sales_won_count": ("won_count", "ever"),
    "sales_lost_count": ("lost_count", "ever"),
    "sales_win_rate": ("win_rate", "ever"),
    "sales_open_amount": ("pipeline_amount", "ever"),
    "sales_weighted_amount": ("weighted_amount", "ever"),
}
UNPAID = (
    Domain("state", "=", "posted")
    & Domain("move_type", "in", ["out_invoice", "out_refund"])
    & Domain("payment_state", "in", ["not_paid", "partial"])
)


class ResPartner(models.Model):
    """The figures of a customer, on the company and on each of its people.

    They are those of the company with all of its people, from the engine of the
    figures, with the rights of the user: what the rules keep from him is not counted.
    """

    _inherit = "res.partner"

    sales_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the Sales Figures",
        compute="_compute_sales_figures",
        groups=SALESPERSON,
    )
    sales_won_amount = fields.Monetary(
        "Won This Year",
        compute="_compute_sales_figures",
        currency_field="sales_currency_id",
        groups=SALESPERSON,
        help="Expected revenue of the opportunities won this year.",
    )
    sales_won_count = fields.Integer(
        "Opportunities Won", compute="_compute_sales_figures", groups=SALESPERSON
    )
    sales_lost_count = fields.Integer(
        "Opportunities Lost", compute="_compute_sales_figures", groups=SALESPERSON
    )
    sales_win_rate = fields.Float(
        "Win Rate",
        compute="_compute_sales_figures",
        groups=SALESPERSON,
        help="Of the opportunities ever won or lost, those that were won.",
    )
    sales_open_amount = fields.Monetary(
        "Open Amount",
        compute="_compute_sales_figures",
        currency_field="sales_currency_id",
        groups=SALESPERSON,
        help="Expected revenue of the open opportunities.",
    )
    sales_weighted_amount = fields.Monetary(
        "Weighted Amount",
        compute="_compute_sales_figures",
        currency_field="sales_currency_id",
        groups=SALESPERSON,
        help="Expected revenue times probability of the open opportunities.",
    )
    sales_unpaid_amount = fields.Monetary(
        "Unpaid",
        compute="_compute_sales_unpaid_amount",
        currency_field="sales_currency_id",
        groups=SALESPERSON,
        help="What is still to be paid of posted invoices, less credit notes.",
    )
    can_read_unpaid = fields.Boolean(
        compute="_compute_sales_unpaid_amount", groups=SALESPERSON
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids", "tz", "uid")
    def _compute_sales_figures(self):
        values = self._get_sales_figures()
        self.sales_currency_id = self.env.company.sudo().currency_id
        for partner in self:
            found = values.get(partner.commercial_partner_id.id, {})
            for name in FIGURES:
                partner[name] = found.get(name) or 0

    def _get_sales_figures(self):
        """Return {company's id: {field: value or None for no data}}, from the engine:
        as many queries for one customer as for many."""
        ids = self.commercial_partner_id.ids
        if not ids or not self.env["crm.lead"].has_access("read"):
            return {}
        kpi = self.env["crm.kpi"]
        today = fields.Date.context_today(self)
        periods = [
            kpi._read_period("this_year", today),
            self._get_sales_period("ever", today),
        ]
        scope = kpi._get_scope(
            Domain("partner_id.commercial_partner_id", "in", ids), periods, "customer"
        )
        figures = {
            name: (BY_CODE[code], period == "ever")
            for name, (code, period) in FIGURES.items()
        }
        facts = kpi._get_facts(
            scope,
            {fact for figure, _is_ever in figures.values() for fact in figure.facts},
        )
        return {
            number: {
                name: kpi._get_value(figure, facts, int(is_ever), number)
                for name, (figure, is_ever) in figures.items()
            }
            for number in ids
        }

    @api.model
    def _get_sales_period(self, name, today):
        """Return a period as the engine has it; ever ends with this year's last day, so
        that it still runs."""
        year = self.env["crm.kpi"]._read_period("this_year", today)
        return year if name == "this_year" else Period(FIRST_DAY, year.end)

    @api.depends("commercial_partner_id")
    @api.depends_context("allowed_company_ids", "uid")
    def _compute_sales_unpaid_amount(self):
        can_read = self.env["crm.lead"]._can_read_invoices()
        amounts = self._get_unpaid_amounts() if can_read else {}
        for partner in self:
            partner.can_read_unpaid = can_read
            partner.sales_unpaid_amount = amounts.get(
                partner.commercial_partner_id.id, 0
            )

    def _get_unpaid_amounts(self):
        """Return {company's id: amount}, converted at today's rate: it is not paid."""
        company = self.env.company
        conversion = company._get_conversion(self.env.companies)
        today = fields.Date.context_today(self)
        amounts = {}
        for partner, owner, amount in self.env["account.move"]._read_group(
            UNPAID
            & Domain("commercial_partner_id", "in", self.commercial_partner_id.ids),
            ["commercial_partner_id", "company_id"],
            ["amount_residual_signed:sum"],
        ):
            amounts.setdefault(partner.id, 0)
            amounts[partner.id] += company.currency_id.round(
                conversion.convert(amount, owner.id, today)
            )
        return amounts

    def action_open_sales_figure(self):
        """Open the records behind a figure, whose field is ``sales_figure`` in the
        context."""
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        name = check_choice(
            self.env,
            "sales_figure",
            self.env.context.get("sales_figure"),
            [*FIGURES, "sales_unpaid_amount"],
        )
        company_id = self.commercial_partner_id.id
        if name == "sales_unpaid_amount":
            return self._open_unpaid(company_id)
        code, period_name = FIGURES[name]
        period = self._get_sales_period(period_name, fields.Date.context_today(self))
        kpi = self.env["crm.kpi"]
        return kpi.open_records(
            code, {"period": kpi._describe_period(period)}, "customer", company_id
        )

    def _open_unpaid(self, company_id):
        self.env["account.move"].check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Unpaid"),
            "res_model": "account.move",
            "views": [
                (self.env.ref("account.view_out_invoice_tree").id, "list"),
                (False, "form"),
            ],
            "domain": list(UNPAID & Domain("commercial_partner_id", "=", company_id)),
            "context": {"create": False},
        }
