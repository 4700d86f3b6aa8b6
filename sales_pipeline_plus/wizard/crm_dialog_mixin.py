from odoo import api, models
from odoo.tools.misc import clean_context


class CrmDialogMixin(models.AbstractModel):
    """A dialog of its own: what the list behind it proposes for new opportunities
    (``default_…`` in the context) is no choice in it."""

    _name = "crm.dialog.mixin"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Dialog Without Defaults of the View Behind It"

    @api.model
    def default_get(self, fields):
        dialog = self.with_env(self.env(context=clean_context(self.env.context)))
        return super(CrmDialogMixin, dialog).default_get(fields)
