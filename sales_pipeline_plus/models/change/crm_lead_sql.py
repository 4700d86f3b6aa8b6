from odoo import api, models


class CrmLead(models.Model):
    """Computed fields that are grouped, sorted and compared in the database.

    The parameter ``compute_sql`` of such a field names the method that returns its SQL,
    given the field's name, the alias of the table and the query. It is asked for every
    field that is read, so there is one place that asks.
    """

    _inherit = "crm.lead"

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "compute_sql" or super()._valid_field_parameter(field, name)

    def _field_to_sql(self, alias, field_expr, query=None):
        method = getattr(self._fields.get(field_expr), "compute_sql", None)
        if method:
            return getattr(self, method)(field_expr, alias, query)
        return super()._field_to_sql(alias, field_expr, query)
