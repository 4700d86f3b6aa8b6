from odoo import api, fields, models


class ShowroomVisit(models.Model):
    """One line makes it a model that campaigns link and goals count."""

    _name = "showroom.visit"
    _inherit = "sales.campaign.mixin"
    _description = "Visit of the Showroom"

    # A visit takes over the campaigns of its opportunity.
    _campaign_source_fields = ("opportunity_id",)

    name = fields.Char(required=True)
    date = fields.Date(default=fields.Date.context_today)
    partner_id = fields.Many2one("res.partner", index=True)
    opportunity_id = fields.Many2one("crm.lead", index=True)
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user)

    @api.model
    def _get_goal_date_field(self):
        return "date"
