from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "sales.campaign.mixin"]

    # a copy is another company, whom nobody has met yet
    sales_campaign_ids = fields.Many2many(copy=False)

    @api.model
    def _search_display_name(self, operator, value):
        """Search by phone too, where a dialog asks for it (``search_by_phone``)."""
        domain = super()._search_display_name(operator, value)
        if (
            self.env.context.get("search_by_phone")
            and operator in ("ilike", "like")
            and isinstance(value, str)
            and sum(map(str.isdigit, value)) > 3
        ):
            return Domain(domain) | Domain("phone_mobile_search", "ilike", value)
        return domain

    def action_add_as_met(self):
        """Add this known partner to the campaign of the dialog that found it."""
        check_records(self)
        self.ensure_one()
        meet = self.env["sales.campaign.meet"].create({"partner_id": self.id})
        return meet.action_add_next()
