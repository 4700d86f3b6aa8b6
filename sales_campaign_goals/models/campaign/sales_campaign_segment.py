from odoo import fields, models


class SalesCampaignSegment(models.Model):
    """A market segment that campaigns aim at."""

    _name = "sales.campaign.segment"
    _inherit = "sales.campaign.setting.mixin"
    _description = "Market Segment"

    _campaign_field = "segment_id"

    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True,
        help="Who belongs to this segment: what they buy, their size, their trade.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="restrict",
        help="Leave empty to share the segment between all companies.",
    )
