from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.arguments import check_records, get_context_id


class SaleOrder(models.Model):
    """A quotation filled from the products of its opportunity."""

    _inherit = "sale.order"

    has_opportunity_products = fields.Boolean(
        compute="_compute_has_opportunity_products"
    )

    @api.depends("opportunity_id")
    def _compute_has_opportunity_products(self):
        can_read = self.env["crm.lead.product"].has_access("read")
        found = can_read and dict(
            self.env["crm.lead.product"]._read_group(
                [("lead_id", "in", self.opportunity_id.ids)], ["lead_id"], ["__count"]
            )
        )
        for order in self:
            order.has_opportunity_products = can_read and bool(
                found.get(order.opportunity_id._origin)
            )

    @api.model
    def default_get(self, fields):
        """Fill the opportunity's first quotation from its products, once."""
        values = super().default_get(fields)
        context = self.env.context
        if (
            not context.get("default_opportunity_id")
            or not context.get("fill_from_opportunity")
            or "order_line" not in fields
            or values.get("order_line")
        ):
            return values
        lead_id = get_context_id(self.env, "default_opportunity_id")
        lead = self.env["crm.lead"].browse(lead_id)
        if not lead.product_line_ids or lead._has_quotation():
            return values
        company = self.env["res.company"].browse(values.get("company_id"))
        company = company or self.env.company
        partner = self.env["res.partner"].browse(values.get("partner_id"))
        pricelist = partner.with_company(company).property_product_pricelist
        values["order_line"] = [
            Command.create(line_values)
            for line_values in lead.product_line_ids._prepare_order_lines_values(
                pricelist.currency_id or company.currency_id, company
            )
        ]
        if "sale_order_template_id" in self._fields:
            # The company's quotation template would replace the lines.
            values["sale_order_template_id"] = False
        return values

    def action_add_opportunity_products(self):
        """Add the products of the opportunity to quotations.

        :raise UserError: if a quotation is confirmed or cancelled
        """
        check_records(self)
        for order in self:
            if order.state not in ("draft", "sent"):
                raise UserError(
                    self.env._(
                        "“%(order)s” is no quotation any more. Add the products of the "
                        "opportunity to a new quotation.",
                        order=order.display_name,
                    )
                )
            lines = order.opportunity_id.product_line_ids
            order.order_line = [
                Command.create(values)
                for values in lines._prepare_order_lines_values(
                    order.currency_id, order.company_id
                )
            ]
