from odoo import api, models

# Who needs help first: those behind, then those that nothing is expected of yet.
URGENCY = ("missed", "behind", "on_track", "ahead", "reached", "upcoming")


class CrmFirstPage(models.AbstractModel):
    """How the targets of this month stand."""

    _inherit = "crm.first.page"

    @api.model
    def _get_page(self, teams):
        return {**super()._get_page(teams), "targets": self._get_targets(teams)}

    @api.model
    def _get_targets(self, teams):
        """Return the figures that have a target this month, what is behind first.

        :return: dict with ``currency_id``; ``filters``, with which a figure is opened;
            and ``figures``: list of dicts with ``code``, ``label`` and ``unit`` of the
            figure, its ``value`` and ``target`` (see ``get_figures``)
        """
        engine = self.env["crm.kpi"]
        filters = {**self._get_whose_filters(teams), "period": "this_month"}
        known = {figure["code"]: figure for figure in engine.get_target_figures()}
        codes = engine._get_codes_with_targets(filters, list(known))
        answer = engine.get_figures(filters, codes, with_targets=True) if codes else {}
        figures = [
            {
                **{name: known[code][name] for name in ("code", "label", "unit")},
                "value": cells[0]["value"],
                "target": cells[0]["target"],
            }
            for code, cells in answer.get("values", {}).items()
            if cells[0]["target"]
        ]
        states = [*URGENCY, None]
        figures.sort(key=lambda figure: states.index(figure["target"]["state"]))
        return {
            "currency_id": answer.get("currency_id", False),
            "filters": filters,
            "figures": figures,
        }
