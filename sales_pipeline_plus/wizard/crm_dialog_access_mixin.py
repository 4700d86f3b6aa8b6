from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.arguments import check_relation
from ..tools.texts import has_text
from ..tools.values import check_values


class CrmDialogAccessMixin(models.AbstractModel):
    """A dialog takes no record that its user may not read.

    A dialog belongs to its user, who would else read there the names of what is hidden
    from them, or what is worked out from it.
    """

    _name = "crm.dialog.access.mixin"
    _inherit = ["crm.quick.create.mixin", "crm.value.mixin"]
    _description = "Dialog About Readable Records Only"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self._check_given(values)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_given(vals)
        return super().write(vals)

    def onchange(self, values, field_names, fields_spec):
        self._check_given(values)
        return super().onchange(values, field_names, fields_spec)

    def _get_given_text(self, name):
        """Return a text that is asked for, without the blanks around it.

        :param str name: of the field
        :raise UserError: if there is nothing else
        """
        if not has_text(self[name]):
            raise UserError(
                self.env._(
                    "“%(field)s” is empty. Write it first.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return self[name].strip()

    @api.model
    def _check_given(self, values):
        """Check the values, and the records that they name, also those of lines.

        :raise AccessError: if the user may not read one of them
        :raise UserError: if a value cannot be that of its field
        """
        check_values(self, values)
        given = {
            name: value
            for name, value in values.items()
            if value and name in self._fields and self._fields[name].relational
        }
        for name, value in given.items():
            check_relation(self, name, value)
        if self.env.su:
            return
        # Odoo knows all the ways in which records can be given.
        dialog = self.new(given)
        for name, value in given.items():
            dialog[name]._origin.check_access("read")
            lines = self.env[self._fields[name].comodel_name]
            if isinstance(lines, CrmDialogAccessMixin) and isinstance(value, list):
                for command in value:
                    match command:
                        case [Command.CREATE | Command.UPDATE, _id, dict() as line]:
                            lines._check_given(line)
