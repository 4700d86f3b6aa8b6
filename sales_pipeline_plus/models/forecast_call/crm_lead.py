from odoo import fields, models

CATEGORIES = [
    ("commit", "Commit"),
    ("best_case", "Best Case"),
    ("left_out", "Left Out"),
]


class CrmLead(models.Model):
    """What a salesperson thinks of an opportunity in the forecast of its period.

    Nothing but a person sets it: no stage, probability or date changes it.
    """

    _inherit = "crm.lead"

    forecast_category = fields.Selection(
        CATEGORIES,
        copy=False,
        tracking=True,
        index="btree_not_null",
        help="Commit: it will be won by its expected closing. Best Case: it can be, if "
        "all goes well. Left Out: do not count on it. Stages never change it.",
    )

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "forecast_category"]
