from odoo import api, fields, models
from odoo.fields import Command

from ...tools.arguments import check_records


class CrmLead(models.Model):
    """The products of a deal, and an expected revenue that follows them if wanted."""

    _inherit = "crm.lead"

    product_line_ids = fields.One2many(
        "crm.lead.product", "lead_id", string="Products", copy=True
    )
    revenue_from_products = fields.Boolean(
        string="Expected revenue from the products",
        tracking=True,
        help="The expected revenue is always the sum of the products below, whoever "
        "writes it. Switched off, it keeps its last value and can be edited again.",
    )
    product_amount = fields.Monetary(
        string="Amount of the Products",
        compute="_compute_product_amount",
        currency_field="company_currency",
    )

    @api.depends("product_line_ids.price_subtotal")
    def _compute_product_amount(self):
        for lead in self:
            lead.product_amount = sum(lead.product_line_ids.mapped("price_subtotal"))

    @api.onchange("revenue_from_products", "product_line_ids")
    def _onchange_revenue_from_products(self):
        """Show in the form, before saving, what the expected revenue becomes."""
        if self.revenue_from_products and (
            self.product_line_ids or self._origin.product_line_ids
        ):
            self.expected_revenue = self.product_amount

    def _get_following_products(self):
        """Return the deals whose expected revenue is the sum of their products.

        Without any product, the expected revenue stays free.
        """
        return self.filtered(
            lambda lead: lead.revenue_from_products and lead.product_line_ids
        )

    def _follow_products(self):
        """Set the expected revenue of the deals that follow their products."""
        changed = {}
        for lead in self.filtered("revenue_from_products"):
            amount = lead.product_amount
            if lead.company_currency.compare_amounts(lead.expected_revenue, amount):
                changed.setdefault(amount, self.browse())
                changed[amount] |= lead
        for amount, leads in changed.items():
            leads.write({"expected_revenue": amount})

    def _follow_changed_products(self):
        """Follow products that are changed by themselves.

        A change of the deal that brings its products along follows them all at once.
        """
        self.filtered(lambda lead: not lead._is_changing())._follow_products()

    def action_update_product_prices(self):
        """Take the prices of the contact's pricelist again, as of today."""
        check_records(self)
        lines = self.product_line_ids
        with self._changing():
            for line, price in lines._get_pricelist_prices().items():
                line.write({"price_unit": price, "price_unit_proposed": price})
        self._follow_products()

    def _update_revenues_from_so(self, order):
        """A confirmed order does not raise a revenue that follows the products."""
        return super(
            CrmLead, self - self._get_following_products()
        )._update_revenues_from_so(order)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_get_fields_specific(self):
        """Take the products of the first deal that has some, with its choice to follow
        them; merged deals are about the same sale, so they are not added up.
        """
        getters = super()._merge_get_fields_specific()
        getters["product_line_ids"] = lambda fname, leads: [
            Command.link(line.id) for line in leads._merge_get_products()
        ]
        getters["revenue_from_products"] = lambda fname, leads: (
            (leads._merge_get_products().lead_id or leads[:1]).revenue_from_products
        )
        return getters

    def _merge_get_products(self):
        return next(
            (lead.product_line_ids for lead in self if lead.product_line_ids),
            self.env["crm.lead.product"],
        )

    def _merge_dependences(self, opportunities):
        """Log the products that are not taken over."""
        result = super()._merge_dependences(opportunities)
        kept = (self | opportunities)._merge_get_products()
        for lead in opportunities:
            left = lead.product_line_ids - kept
            if left:
                self._message_log(
                    body=self.env._(
                        "Products of the merged opportunity “%(lead)s”: %(products)s",
                        lead=lead.name,
                        products=", ".join(
                            self.env._(
                                "%(quantity)g × %(product)s",
                                quantity=line.product_uom_qty,
                                product=line.product_id.display_name,
                            )
                            for line in left
                        ),
                    )
                )
        return result

    # ------------------------------------------------------------
    # Quotation
    # ------------------------------------------------------------

    def _prepare_opportunity_quotation_context(self):
        """The first quotation is filled from the products, see ``sale.order``."""
        context = super()._prepare_opportunity_quotation_context()
        context["fill_from_opportunity"] = True
        return context

    def _has_quotation(self):
        """Tell whether there is a quotation or order, whoever may see it."""
        self.ensure_one()
        return bool(
            self.env["sale.order"]
            .sudo()
            .search_count(
                [("opportunity_id", "=", self.id), ("state", "!=", "cancel")], limit=1
            )
        )
