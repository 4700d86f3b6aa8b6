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

    def _get_dialog_action(self, name, size="large"):
        """Return the action that shows this dialog (again).

        :param str name: its title
        :param str size: Odoo's ``dialog_size``
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {"dialog_size": size},
        }
