from collections import defaultdict

from odoo import api, fields, models


class CrmLeadProduct(models.Model):
    """A product or service for sale on an opportunity, before any quotation.

    Prices are in the currency of the opportunity's company.
    """

    _name = "crm.lead.product"
    _inherit = ["crm.lead.detail.mixin"]
    _description = "Product of an Opportunity"
    _order = "lead_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True

    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        required=True,
        ondelete="restrict",
        index=True,
        check_company=True,
        domain=[("sale_ok", "=", True)],
    )
    categ_id = fields.Many2one(
        related="product_id.categ_id",
        string="Product Category",
        store=True,
        index=True,
    )
    name = fields.Text(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
    )
    product_uom_qty = fields.Float(
        string="Quantity", digits="Product Unit", default=1.0, required=True
    )
    product_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        ondelete="restrict",
        domain="[('id', 'in', allowed_uom_ids)]",
    )
    allowed_uom_ids = fields.Many2many(
        "uom.uom", string="Units of the Product", compute="_compute_allowed_uom_ids"
    )
    price_unit = fields.Float(
        string="Unit Price",
        compute="_compute_price_unit",
        min_display_digits="Product Price",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="Comes from the pricelist of the opportunity's contact, converted at "
        "today's rate. A price that you give yourself is kept.",
    )
    price_unit_proposed = fields.Float(
        string="Proposed Unit Price",
        compute="_compute_price_unit",
        min_display_digits="Product Price",
        store=True,
        readonly=False,
        precompute=True,
        copy=True,
        help="The unit price that the pricelist gave: a price that differs from it was "
        "given by someone and is kept.",
    )
    discount = fields.Float(string="Discount (%)", digits="Discount")
    price_subtotal = fields.Monetary(
        string="Amount",
        compute="_compute_price_subtotal",
        store=True,
        precompute=True,
        currency_field="currency_id",
        help="Quantity times unit price, less the discount, untaxed.",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )
    company_id = fields.Many2one(related="lead_id.company_id")

    _quantity_positive = models.Constraint(
        "CHECK(product_uom_qty >= 0)",
        "The quantity of a product of an opportunity cannot be below zero.",
    )
    _discount_percentage = models.Constraint(
        "CHECK(discount IS NULL OR (discount >= 0 AND discount <= 100))",
        "The discount on a product of an opportunity is a percentage from 0 to 100.",
    )

    @api.depends("lead_id.company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = line.lead_id.company_currency

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            line.name = line._get_default_name() if line.product_id else False

    def _get_default_name(self):
        """Return the description that the product has by itself."""
        self.ensure_one()
        return self.product_id.get_product_multiline_description_sale()

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = line.product_id.uom_id

    @api.depends("product_id", "product_id.uom_id", "product_id.uom_ids")
    def _compute_allowed_uom_ids(self):
        for line in self:
            line.allowed_uom_ids = line.product_id.uom_id | line.product_id.uom_ids

    @api.depends("product_id", "product_uom_id", "product_uom_qty")
    def _compute_price_unit(self):
        """Propose the price of the contact's pricelist, unless someone gave another."""
        following = self.filtered(
            lambda line: line.price_unit == line.price_unit_proposed
        )
        prices = following._get_pricelist_prices()
        for line in self:
            price, proposed = line.price_unit, line.price_unit_proposed
            line.price_unit = prices.get(line, price)
            line.price_unit_proposed = prices.get(line, proposed)

    def _get_pricelist_prices(self):
        """Return {line: unit price in the line's currency, at today's rate}."""
        groups = defaultdict(self.browse)
        for line in self:
            groups[
                line.lead_id.company_id,
                line.lead_id.partner_id,
                line.currency_id,
                line.product_uom_id,
                line.product_uom_qty,
            ] |= line
        prices = {}
        today = fields.Date.context_today(self)
        for (company, partner, currency, uom, quantity), lines in groups.items():
            company = company or self.env.company
            pricelist = partner.with_company(company).property_product_pricelist
            by_product = pricelist.with_company(company)._get_products_price(
                lines.product_id.with_company(company),
                quantity or 1.0,
                currency=currency or company.currency_id,
                uom=uom or None,
                date=today,
            )
            for line in lines:
                prices[line] = by_product.get(line.product_id.id, 0.0)
        return prices

    @api.depends("product_uom_qty", "price_unit", "discount")
    def _compute_price_subtotal(self):
        for line in self:
            amount = line.product_uom_qty * line.price_unit
            amount *= 1 - (line.discount or 0.0) / 100
            currency = line.currency_id
            line.price_subtotal = currency.round(amount) if currency else amount

    # ------------------------------------------------------------
    # The opportunity's expected revenue
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.lead_id._follow_changed_products()
        return lines

    def write(self, vals):
        leads = self.lead_id if "lead_id" in vals else self.env["crm.lead"]
        result = super().write(vals)
        if vals.keys() - {"sequence", "name"}:
            (leads | self.lead_id)._follow_changed_products()
        return result

    def unlink(self):
        leads = self.lead_id
        result = super().unlink()
        leads.exists()._follow_changed_products()
        return result

    # ------------------------------------------------------------
    # Quotation
    # ------------------------------------------------------------

    def _prepare_order_lines_values(self, currency, company):
        """Return the values of order lines with these products.

        Who sees no discounts or no units on an order gets them in the price and the
        quantity, as the order's form would lose them.

        :param currency: of the quotation; the prices are converted at today's rate
        :param company: of the quotation
        """
        today = fields.Date.context_today(self)
        with_discount = self.env.user.has_group("sale.group_discount_per_so_line")
        with_unit = self.env.user.has_group("uom.group_uom")
        values = []
        for line in self:
            price, quantity = line.price_unit, line.product_uom_qty
            unit, discount = line.product_uom_id, line.discount
            if discount and not with_discount:
                price *= 1 - discount / 100
                discount = 0.0
            if unit and unit != line.product_id.uom_id and not with_unit:
                price = unit._compute_price(price, line.product_id.uom_id)
                quantity = unit._compute_quantity(
                    quantity, line.product_id.uom_id, round=False
                )
                unit = line.product_id.uom_id
            if line.currency_id != currency:
                price = line.currency_id._convert(
                    price, currency, company, today, round=False
                )
            line_values = {
                "product_id": line.product_id.id,
                "product_uom_qty": quantity,
                "product_uom_id": unit.id,
                "price_unit": price,
                "discount": discount,
            }
            if line.name and line.name != line._get_default_name():
                # Otherwise the order describes it in the customer's language.
                line_values["name"] = line.name
            values.append(line_values)
        return values
