from odoo import api, models
from odoo.tools import format_amount, formatLang

from .quotation_difference import find_differences, sum_goods

# What fits on the page; the quotation shows the rest.
SHOWN = 5


def get_own_quantity(line):
    """Return the quantity of a line in its product's own unit."""
    unit = line.product_uom_id or line.product_id.uom_id
    return unit._compute_quantity(
        line.product_uom_qty, line.product_id.uom_id, round=False
    )


class CrmLead(models.Model):
    """The products of an opportunity beside those of its main quotation."""

    _inherit = "crm.lead"

    def _get_difference_text(self, quotation):
        """Return what differs, in words; empty if nothing does, or if the opportunity
        has no products to compare.

        :param quotation: one that the user may read
        """
        self.ensure_one()
        if not self.product_line_ids:
            return ""
        currency = quotation.sudo()._get_currency_for(self.sudo())
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        differences = find_differences(
            self._get_goods(),
            quotation._get_goods(self),
            10**-digits,
            currency.rounding,
        )
        sentences = [
            self._describe_difference(difference, currency)
            for difference in differences[:SHOWN]
        ]
        if len(differences) > SHOWN:
            sentences.append(self.env._("and %s more", len(differences) - SHOWN))
        return "; ".join(sentences)

    def _get_goods(self):
        return sum_goods(
            (line.product_id, get_own_quantity(line), line.price_subtotal)
            for line in self.product_line_ids
            if line.product_id
        )

    def _describe_difference(self, difference, currency):
        kind, product, ours, theirs = difference
        name = product.display_name
        if kind == "missing":
            return self.env._(
                "%(product)s: %(quantity)s here, none in the quotation",
                product=name,
                quantity=self._format_quantity(product, ours.quantity),
            )
        if kind == "added":
            return self.env._(
                "%(product)s: none here, %(quantity)s in the quotation",
                product=name,
                quantity=self._format_quantity(product, theirs.quantity),
            )
        if kind == "quantity":
            texts = [
                self._format_quantity(product, goods.quantity)
                for goods in (ours, theirs)
            ]
        else:
            texts = [
                format_amount(self.env, goods.amount, currency)
                for goods in (ours, theirs)
            ]
        return self.env._(
            "%(product)s: %(ours)s here, %(theirs)s in the quotation",
            product=name,
            ours=texts[0],
            theirs=texts[1],
        )

    @api.model
    def _format_quantity(self, product, quantity):
        """Return a quantity with the product's own unit, without idle zeros."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        quantity = round(quantity, digits)
        number = formatLang(
            self.env, quantity, digits=0 if quantity == int(quantity) else digits
        )
        return f"{number} {product.uom_id.name}"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_goods(self, lead):
        """Return the products of the quotation, amounts in the currency of a lead."""
        self.ensure_one()
        order = self.sudo()
        return sum_goods(
            (
                line.product_id,
                get_own_quantity(line),
                order._get_amount_for(lead.sudo(), line.price_subtotal),
            )
            for line in self.order_line
            if line.product_id and not line.display_type and not line.is_downpayment
        )
