from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.sales_pipeline_plus.tools.readable_name import get_readable_name


class SalesCampaignSettingMixin(models.AbstractModel):
    """An ordered list of values that sales campaigns refer to."""

    _name = "sales.campaign.setting.mixin"
    _inherit = ["crm.naming.mixin"]
    _description = "Sales Campaign Setting"
    _order = "sequence, id"

    # field of the campaigns that refers to the setting
    _campaign_field = None

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # PostgreSQL 18 refuses with an error that Odoo 19 shows as it comes
        groups = (
            self.env["sales.campaign"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [(self._campaign_field, "in", self.ids)],
                [self._campaign_field],
                ["__count", "id:recordset"],
            )
        )
        for record, count, campaigns in groups:
            raise UserError(
                self.env._(
                    "“%(record)s” cannot be deleted while campaigns use it, such as "
                    "“%(campaign)s” (%(count)s in all). Give them another value first.",
                    record=record.display_name,
                    count=count,
                    campaign=get_readable_name(campaigns[0]),
                )
            )
