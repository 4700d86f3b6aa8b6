from odoo import api, models
from odoo.fields import Command

from ...tools.arguments import is_id


class CrmNamingMixin(models.AbstractModel):
    """A record names no record that its user may not read, and goes nowhere where its
    user may not write.

    Odoo shows the name of what a many2one leads to whatever the rules say, and asks
    the rules of a record before a write only: who knows a number could read a hidden
    name, or move a part of what is theirs into what is not.
    """

    _name = "crm.naming.mixin"
    _inherit = ["crm.quick.create.mixin", "crm.value.mixin"]
    _description = "Record That Names Readable Records Only"

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        self._check_named(values)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_named(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_named(vals)
        result = super().write(vals)
        if not self.env.su and any(map(self._is_whole_field, vals)):
            self._in_all_companies().check_access("write")
        return result

    def onchange(self, values, field_names, fields_spec):
        self._check_named(values)
        self._check_named_in_lines(values)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def _check_named_in_lines(self, values):
        """Check what the lines of a form name, which are not written yet."""
        for name, value in values.items():
            field = self._fields.get(name)
            if field is None or field.type not in ("one2many", "many2many"):
                continue
            lines = self.env[field.comodel_name]
            for command in value if isinstance(value, list) else ():
                match command:
                    case [Command.CREATE | Command.UPDATE, number, dict() as line]:
                        if isinstance(lines, CrmNamingMixin):
                            lines.browse(number if is_id(number) else [])._check_named(
                                line
                            )
                    case [Command.LINK, number, *_] if is_id(number):
                        lines.browse(number).check_access("read")
                    case [Command.SET, _, list() as numbers]:
                        lines.browse(filter(is_id, numbers)).check_access("read")

    def _check_named(self, vals):
        """Check the records that values name and that are not named yet.

        :raise AccessError: if the user may not read one of them
        """
        if self.env.su:
            return
        for name, value in vals.items():
            field = self._fields.get(name)
            if field is None or field.type != "many2one" or not is_id(value):
                continue
            if field.comodel_name == "res.users":
                # What companies share is copied with the people of all of them.
                continue
            if not self or any(record[name].id != value for record in self.sudo()):
                named = self._in_all_companies().env[field.comodel_name]
                named.browse(value).check_access("read")

    @api.model
    def _is_whole_field(self, name):
        """Tell whether a field names what the record is a part of, or has its company
        from."""
        field = self._fields.get(name)
        return (
            field is not None
            and field.type == "many2one"
            and bool(field.store)
            and (field.ondelete == "cascade" or name in self._inherits.values())
        )

    def _in_all_companies(self):
        """Return the records with all companies of the user, not the chosen ones."""
        return self.with_context(allowed_company_ids=self.env.user.company_ids.ids)
