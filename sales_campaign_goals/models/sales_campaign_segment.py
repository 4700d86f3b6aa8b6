from odoo import fields, models


class SalesCampaignSegment(models.Model):
    """A market segment that campaigns aim at."""

    _name = "sales.campaign.segment"
    _description = "Market Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(
        translate=True,
        help="Who belongs to this segment: what they buy, their size, their trade.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Company",
        index="btree_not_null",
        help="Leave empty to share the segment between all companies.",
    )
