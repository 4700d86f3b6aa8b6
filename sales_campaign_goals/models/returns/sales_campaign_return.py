from odoo import api, fields, models


class SalesCampaign(models.Model):
    """What a campaign made and what it returned.

    Counted as the other totals: above the user's rules, in the campaign's company.
    """

    _inherit = "sales.campaign"

    ordered_revenue = fields.Monetary(
        string="Ordered",
        compute="_compute_return",
        help="Confirmed orders of the campaign, untaxed, converted at their date.",
    )
    invoiced_revenue = fields.Monetary(
        string="Invoiced",
        compute="_compute_return",
        help="Posted invoices of the campaign less credit notes, untaxed, converted at "
        "their date.",
    )
    made_revenue = fields.Monetary(
        compute="_compute_return",
        help="What is ordered, and the expected revenue of the won opportunities "
        "without an order: all that the campaign influenced, also together with other "
        "campaigns.",
    )
    attributed_ordered_revenue = fields.Monetary(
        string="Attributed Orders",
        compute="_compute_return",
        help="The campaign's share of its orders.",
    )
    attributed_invoiced_revenue = fields.Monetary(
        string="Attributed Invoices",
        compute="_compute_return",
        help="The campaign's share of its invoices.",
    )
    attributed_revenue = fields.Monetary(
        compute="_compute_return",
        help="The campaign's share of the made revenue. What several campaigns have "
        "made is shared out among them by the attribution model: the shares add up to "
        "100 %, and no total counts anything twice.",
    )
    made_percentage = fields.Float(
        string="Made (%)",
        compute="_compute_return",
        aggregator="avg",
        help="The made revenue against the expected revenue of the campaign.",
    )

    reached_lead_count = fields.Integer(
        string="Leads and Opportunities",
        compute="_compute_return",
        help="Leads and opportunities of the campaign.",
    )
    new_customer_count = fields.Integer(
        string="New Customers",
        compute="_compute_return",
        help="Customers whose first won opportunity is of this campaign.",
    )
    cost_per_company = fields.Monetary(
        string="Cost per Company Met",
        compute="_compute_return",
        aggregator="avg",
        help="The real cost divided by the companies linked to the campaign.",
    )
    cost_per_lead = fields.Monetary(
        string="Cost per Lead",
        compute="_compute_return",
        aggregator="avg",
        help="The real cost divided by the leads and opportunities.",
    )
    cost_per_customer = fields.Monetary(
        string="Cost per New Customer",
        compute="_compute_return",
        aggregator="avg",
        help="The real cost divided by the new customers.",
    )
    is_shared = fields.Boolean(
        compute="_compute_return",
        help="Other campaigns have a share in what this one made.",
    )
    return_on_investment = fields.Float(
        string="Return on Investment (%)",
        compute="_compute_return",
        aggregator="avg",
        help="The attributed revenue less the real cost, against the real cost. No "
        "data without a cost.",
    )

    @api.depends(
        "expected_revenue",
        "budget",
        "total_cost",
        "utm_campaign_id",
        "company_id",
        "currency_id",
        "date_start",
    )
    @api.depends_context("company", "allowed_company_ids")
    def _compute_return(self):
        influenced, attributed, _shared = self.env[
            "sales.campaign.attribution"
        ]._get_totals(self, ["opportunities", "orders", "invoices"])
        customers = self.env["sales.campaign.amounts"]._get_new_customers(self)
        for campaign in self:
            total, share = influenced[campaign], attributed[campaign]
            values = {
                "ordered_revenue": total["ordered"],
                "invoiced_revenue": total["invoiced"],
                "made_revenue": total["ordered"] + total["won_without_order"],
                "attributed_ordered_revenue": share["ordered"],
                "attributed_invoiced_revenue": share["invoiced"],
                "attributed_revenue": share["ordered"] + share["won_without_order"],
                "reached_lead_count": campaign.lead_count + campaign.opportunity_count,
                "new_customer_count": len(customers[campaign]),
            }
            campaign.update(values)
            for fname, ratio in campaign._get_ratios().items():
                campaign[fname] = ratio or 0.0
            campaign.is_shared = any(
                campaign.currency_id.compare_amounts(total[name], share[name])
                for name in ("won", "ordered", "invoiced", "won_without_order")
            )

    @api.model
    def _get_ratio_fields(self):
        """Return ``{ratio: (numerator, what is subtracted from it, denominator,
        whether it is a percentage)}``."""
        return {
            "made_percentage": ("made_revenue", None, "expected_revenue", True),
            "budget_percentage": ("total_cost", None, "budget", True),
            "return_on_investment": (
                "attributed_revenue",
                "total_cost",
                "total_cost",
                True,
            ),
            "cost_per_company": ("total_cost", None, "company_count", False),
            "cost_per_lead": ("total_cost", None, "reached_lead_count", False),
            "cost_per_customer": ("total_cost", None, "new_customer_count", False),
        }

    def _get_ratios(self):
        """Return the ratios of this campaign; None where there is no data."""
        self.ensure_one()
        result = {}
        for fname, (above, less, below, percent) in self._get_ratio_fields().items():
            value = self[above] - (self[less] if less else 0)
            has_data = self[below] > 0 and (percent or self[above])
            result[fname] = (
                (100 if percent else 1) * value / self[below] if has_data else None
            )
        return result
