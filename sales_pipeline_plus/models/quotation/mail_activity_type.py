from odoo import api, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    @api.model
    def _get_types_of_system(self):
        won_offer = self.env["crm.lead"]._get_won_offer_type()
        return super()._get_types_of_system() | won_offer
