from odoo import models


class CalendarEvent(models.Model):
    _name = "calendar.event"
    _inherit = ["calendar.event", "sales.campaign.mixin"]

    _campaign_source_fields = ("opportunity_id",)
