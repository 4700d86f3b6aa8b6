from odoo import fields, models


class SalesCampaignType(models.Model):
    """A kind of campaign: trade show, phoning, e-mailing…"""

    _name = "sales.campaign.type"
    _inherit = "sales.campaign.setting.mixin"
    _description = "Sales Campaign Type"

    _campaign_field = "type_id"

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="restrict",
        help="Leave empty to share the type between all companies.",
    )
