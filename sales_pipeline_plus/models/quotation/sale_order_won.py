from odoo import api, fields, models

from ..pipeline.percentage import format_percentage


class SaleOrder(models.Model):
    """A confirmed order offers to win its opportunity, there and then."""

    _inherit = "sale.order"

    won_offer = fields.Char(compute="_compute_won_offer", exportable=False)

    @api.depends_context("lang", "uid")
    @api.depends(
        "opportunity_id.active",
        "opportunity_id.name",
        "opportunity_id.pipeline_id.quotation_policy",
        "opportunity_id.probability",
        "opportunity_id.won_status",
        "state",
    )
    def _compute_won_offer(self):
        """Say that the opportunity is still open, to who can win it."""
        self.won_offer = False
        orders = self.filtered(lambda order: order.state == "sale")
        leads = orders.sudo().opportunity_id.with_env(self.env)._origin
        leads = leads._filter_led()._filtered_access("write")
        leads = leads.filtered(lambda lead: lead._is_pending())
        for order in orders:
            # Which one it is may be hidden, too.
            lead = order.sudo().opportunity_id._origin.with_env(self.env)
            if lead in leads:
                order.won_offer = self.env._(
                    "The opportunity “%(lead)s” is still open at "
                    "%(probability)s %%: is it won?",
                    lead=lead.name,
                    probability=format_percentage(self.env, round(lead.probability, 2)),
                )
