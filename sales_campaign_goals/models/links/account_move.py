from odoo import api, models
from odoo.tools import SQL


class AccountMove(models.Model):
    """An invoice takes over the campaigns of its orders, a credit note those of its
    invoice."""

    _name = "account.move"
    _inherit = ["account.move", "sales.campaign.mixin"]

    _campaign_source_fields = ("reversed_entry_id",)

    @api.model
    def _get_campaign_sources(self):
        return [
            *super()._get_campaign_sources(),
            (
                "sale.order",
                SQL(
                    """SELECT line.move_id AS record_id, sold.order_id AS source_id
                         FROM sale_order_line_invoice_rel AS invoiced
                         JOIN account_move_line AS line
                           ON line.id = invoiced.invoice_line_id
                         JOIN sale_order_line AS sold
                           ON sold.id = invoiced.order_line_id"""
                ),
            ),
        ]


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        sold = lines.browse(
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if vals.get("sale_line_ids")
        )
        if sold and self.env["sales.campaign"]._get_ids_by_utm_campaign():
            moves = sold.sudo().move_id
            moves._insert_campaign_links(moves._get_inherited_links())
        return lines

    def write(self, vals):
        if (
            "sale_line_ids" not in vals
            or not self.env["sales.campaign"]._get_ids_by_utm_campaign()
        ):
            return super().write(vals)
        moves = self.sudo().move_id
        before = moves._get_inherited_links()
        result = super().write(vals)
        moves._follow_sources(before)
        return result

    def unlink(self):
        """An invoice leaves the campaigns of an order with the order's last line."""
        if not self.env["sales.campaign"]._get_ids_by_utm_campaign():
            return super().unlink()
        moves = self.sudo().move_id.filtered(lambda move: move.is_sale_document(True))
        before = moves._get_inherited_links() if moves else []
        result = super().unlink()
        if before:
            moves._follow_sources(before)
        return result
