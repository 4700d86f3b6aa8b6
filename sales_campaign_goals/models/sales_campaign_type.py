from odoo import fields, models


class SalesCampaignType(models.Model):
    """A kind of campaign: trade show, phoning, e-mailing…"""

    _name = "sales.campaign.type"
    _description = "Sales Campaign Type"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Company",
        index="btree_not_null",
        help="Leave empty to share the type between all companies.",
    )
