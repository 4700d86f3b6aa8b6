from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# The favourites of data/ir_filters_data.xml: Odoo keeps a favourite's name in one
# language only.
FAVOURITES = {
    "Why We Lose": _lt("Why We Lose"),
    "Created against Lost": _lt("Created against Lost"),
    "Created by Salesperson": _lt("Created by Salesperson"),
    "Conversion by Origin": _lt("Conversion by Origin"),
    "Conversion by Segment": _lt("Conversion by Segment"),
}


class IrFilters(models.Model):
    """Shows the names of the favourites that come with the addon translated."""

    _inherit = "ir.filters"

    @api.model
    def get_filters(self, model, *args, **kwargs):
        filters = super().get_filters(model, *args, **kwargs)
        for each in filters:
            if model == "crm.lead" and each["name"] in FAVOURITES:
                each["name"] = self.env._(FAVOURITES[each["name"]])
        return filters
