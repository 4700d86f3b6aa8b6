from odoo import api, models

from ...tools.numbers import check_numbers


class CrmNumberMixin(models.AbstractModel):
    """A record whose numbers are some: infinite ones and texts are refused."""

    _name = "crm.number.mixin"
    _description = "Record With Finite Numbers"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            check_numbers(self.browse(), vals)
        return super().create(vals_list)

    def write(self, vals):
        check_numbers(self, vals)
        return super().write(vals)
