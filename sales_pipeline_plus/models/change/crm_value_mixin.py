from odoo import api, models

from ...tools.values import check_values


class CrmValueMixin(models.AbstractModel):
    """A record that refuses what is no number, no date or no choice, in a sentence."""

    _name = "crm.value.mixin"
    _description = "Record With Checked Values"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_values(self.browse(), vals)
        return super().create(vals_list)

    def write(self, vals):
        check_values(self, vals)
        return super().write(vals)
