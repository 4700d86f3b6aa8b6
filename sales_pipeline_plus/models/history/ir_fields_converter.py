from odoo import api, models


class IrFieldsConverter(models.AbstractModel):
    """Takes the records of a file that were found for all its rows at once."""

    _inherit = "ir.fields.converter"

    @api.model
    def db_id_for(self, model, field, subfield, value, savepoint):
        """Odoo searches for the name of each row again."""
        known = self.env.context.get("import_references")
        if known and subfield is None:
            record_id = known.get((field.comodel_name, value))
            if record_id:
                return record_id, []
        return super().db_id_for(model, field, subfield, value, savepoint)
