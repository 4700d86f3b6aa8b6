from odoo import fields, models


class CrmLeadPassage(models.Model):
    _inherit = "crm.lead.passage"

    is_from_history = fields.Boolean(
        "Imported",
        readonly=True,
        help="From an imported history, before the opportunity was in Odoo.",
    )
    date_recorded = fields.Datetime(
        readonly=True,
        help="When Odoo saw the opportunity enter, if an imported history knows "
        "better.",
    )
