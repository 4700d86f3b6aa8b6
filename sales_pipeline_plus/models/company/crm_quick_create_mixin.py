from odoo import api, models
from odoo.exceptions import UserError

from ...tools.texts import get_model_name


class CrmQuickCreateMixin(models.AbstractModel):
    """A record that is made from a name alone only if it has a name of its own.

    What is called by another record would take the name for the number of that.
    """

    _name = "crm.quick.create.mixin"
    _description = "Record Made From a Name"

    @api.model
    def name_create(self, name):
        if self._rec_name and self._fields[self._rec_name].type == "many2one":
            raise UserError(
                self.env._(
                    "“%s” cannot be made from a name alone: open its form.",
                    get_model_name(self),
                )
            )
        return super().name_create(name)
