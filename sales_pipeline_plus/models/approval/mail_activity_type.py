from odoo import api, models


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    @api.model
    def _get_types_of_system(self):
        return super()._get_types_of_system() | self._get_type_of_approval()

    @api.model
    def _get_types_within_house(self):
        """An approval is asked of a colleague."""
        return super()._get_types_within_house() | self._get_type_of_approval()

    @api.model
    def _get_type_of_approval(self):
        return self.browse(self.env["crm.lead"]._get_approval_type_id() or ())
