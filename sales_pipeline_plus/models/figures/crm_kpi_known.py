from odoo import api, models
from odoo.tools import ormcache

from ...kpi.catalogue import KPIS, SOURCE_OF


class CrmKpi(models.AbstractModel):
    """The figures of this database: those of the catalogue, and other addons' own."""

    _inherit = "crm.kpi"

    @api.model
    def _get_known_kpis(self):
        """Return every figure in the order to show them; a hook for other addons.

        :return: tuple of ``Kpi``
        """
        return KPIS

    @api.model
    def _get_fact_sources(self):
        """Return {fact: source} of what the figures are computed from; a hook for other
        addons. ``_get_<source>_facts(scope)`` counts all facts of a source at once.
        """
        return SOURCE_OF

    @api.model
    @ormcache()
    def _get_kpi_by_code(self):
        """Return {code: Kpi}. It follows from the code alone, so it is cached."""
        return {kpi.code: kpi for kpi in self._get_known_kpis()}
