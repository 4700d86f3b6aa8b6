from odoo import api, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    @api.model
    def _get_types_of_system(self):
        approval = self.browse(self.env["crm.lead"]._get_approval_type_id() or [])
        return super()._get_types_of_system() | approval
