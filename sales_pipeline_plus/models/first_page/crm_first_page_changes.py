from odoo import api, models


class CrmFirstPage(models.AbstractModel):
    """What changed in the pipeline since last Monday."""

    _inherit = "crm.first.page"

    @api.model
    def _get_page(self, teams):
        return {**super()._get_page(teams), "changes": self._get_changes(teams)}

    @api.model
    def _get_changes(self, teams):
        """Return the changes since the usual Monday, see ``get_changes``.

        :return: dict with ``start``, the Monday (False without a snapshot);
            ``currency_id``; ``filters``, with which a bar is opened; and ``bars``,
            without the opening and the closing
        """
        filters = self._get_whose_filters(teams)
        answer = self.env["crm.kpi"].get_changes(filters)
        return {
            "start": answer["start"],
            "currency_id": answer["currency_id"],
            "filters": filters,
            "bars": [bar for bar in answer["bars"] if bar["side"] != "state"],
        }
