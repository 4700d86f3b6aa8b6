from odoo import api, fields, models


class SaleOrder(models.Model):
    """When a quotation was made to the customer, for the figures."""

    _inherit = "sale.order"

    date_sent = fields.Datetime(
        string="Sent On",
        readonly=True,
        copy=False,
        help="When the quotation was marked as sent. Empty if it came in as sent.",
    )
    date_quoted = fields.Datetime(
        string="Quoted On",
        compute="_compute_date_quoted",
        store=True,
        index=True,
        help="When the quotation was sent; without that, the order date.",
    )

    @api.depends("date_sent", "date_order")
    def _compute_date_quoted(self):
        for order in self:
            order.date_quoted = order.date_sent or order.date_order

    def write(self, vals):
        """Note the moment of sending."""
        is_sent = vals.get("state") == "sent" and "date_sent" not in vals
        sent = is_sent and self.filtered(lambda order: order.state != "sent")
        result = super().write(vals)
        if sent:
            sent.date_sent = fields.Datetime.now()
        return result
