from odoo import api, fields, models


class SalesCampaign(models.Model):
    """What the opportunities that a campaign influenced add up to, and its share."""

    _inherit = "sales.campaign"

    opportunity_count = fields.Integer(
        string="Number of Opportunities",
        compute="_compute_opportunity_totals",
        help="Open, won and lost opportunities of the campaign.",
    )
    open_count = fields.Integer(
        string="Open Opportunities", compute="_compute_opportunity_totals"
    )
    won_count = fields.Integer(
        string="Won Opportunities", compute="_compute_opportunity_totals"
    )
    lost_count = fields.Integer(
        string="Lost Opportunities", compute="_compute_opportunity_totals"
    )
    opportunity_revenue = fields.Monetary(
        string="Expected from Opportunities",
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the open and the won opportunities that "
        "are linked to the campaign. An amount in another currency is converted at the "
        "closing date, of an open opportunity today.",
    )
    weighted_revenue = fields.Monetary(
        compute="_compute_opportunity_totals",
        help="The same sum, each opportunity weighted by its probability.",
    )
    won_revenue = fields.Monetary(
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the won opportunities that are linked to "
        "the campaign.",
    )
    lost_revenue = fields.Monetary(
        compute="_compute_opportunity_totals",
        help="Sum of the expected revenue of the lost opportunities. It is part of no "
        "other sum.",
    )
    won_percentage = fields.Float(
        string="Won (%)",
        compute="_compute_percentages",
        help="The won revenue against the expected revenue of the campaign.",
    )
    weighted_percentage = fields.Float(
        string="Weighted (%)",
        compute="_compute_percentages",
        help="The weighted revenue against the expected revenue of the campaign.",
    )
    attributed_potential = fields.Monetary(
        string="Attributed Expected Revenue",
        compute="_compute_opportunity_totals",
        help="The campaign's share of what is expected from its opportunities. The "
        "shares of all campaigns of an opportunity add up to it.",
    )
    attributed_won_revenue = fields.Monetary(
        compute="_compute_opportunity_totals",
        help="The campaign's share of the won revenue. The shares of all campaigns of "
        "an opportunity add up to it.",
    )

    @api.depends("utm_campaign_id", "company_id", "currency_id", "date_start")
    @api.depends_context("company", "allowed_company_ids")
    def _compute_opportunity_totals(self):
        influenced, attributed, _shared = self.env[
            "sales.campaign.attribution"
        ]._get_totals(self, ["opportunities"])
        for campaign in self:
            total, share = influenced[campaign], attributed[campaign]
            campaign.update(
                {
                    "opportunity_count": (
                        total["open_count"] + total["won_count"] + total["lost_count"]
                    ),
                    "open_count": total["open_count"],
                    "won_count": total["won_count"],
                    "lost_count": total["lost_count"],
                    "opportunity_revenue": total["potential"],
                    "weighted_revenue": total["weighted"],
                    "won_revenue": total["won"],
                    "lost_revenue": total["lost"],
                    "attributed_potential": share["potential"],
                    "attributed_won_revenue": share["won"],
                }
            )

    @api.depends("expected_revenue", "won_revenue", "weighted_revenue")
    def _compute_percentages(self):
        for campaign in self:
            expected = campaign.expected_revenue
            campaign.won_percentage = (
                100 * campaign.won_revenue / expected if expected else 0
            )
            campaign.weighted_percentage = (
                100 * campaign.weighted_revenue / expected if expected else 0
            )
