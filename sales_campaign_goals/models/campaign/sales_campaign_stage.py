from odoo import fields, models


class SalesCampaignStage(models.Model):
    """A step in the life of a campaign.

    Odoo's own ``utm.stage`` describes the making of a mailing, may be changed by
    system administrators only and cannot be folded: sales managers get their own.
    """

    _name = "sales.campaign.stage"
    _inherit = "sales.campaign.setting.mixin"
    _description = "Sales Campaign Stage"

    _campaign_field = "stage_id"

    fold = fields.Boolean(
        string="Folded in Kanban",
        help="The column of this stage is folded in the kanban view.",
    )
