from odoo import api, models


class CrmSetupMixin(models.AbstractModel):
    """A model whose records are set-up that is cached as plain values.

    A change makes a new version before it, so that nothing that is read in between
    stays, and another one after it. See ``crm.setup.version``.
    """

    _name = "crm.setup.mixin"
    _description = "Cached Set-Up"

    # The fields whose change counts; all when None.
    _setup_fields = None

    @api.model_create_multi
    def create(self, vals_list):
        self.env["crm.setup.version"]._renew()
        records = super().create(vals_list)
        self.env["crm.setup.version"]._renew()
        return records

    def write(self, vals):
        if self._setup_fields is not None and self._setup_fields.isdisjoint(vals):
            return super().write(vals)
        self.env["crm.setup.version"]._renew()
        result = super().write(vals)
        self.env["crm.setup.version"]._renew()
        return result

    def unlink(self):
        self.env["crm.setup.version"]._renew()
        result = super().unlink()
        self.env["crm.setup.version"]._renew()
        return result
