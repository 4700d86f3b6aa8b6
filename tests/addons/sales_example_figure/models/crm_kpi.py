from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, LazyTranslate

from odoo.addons.sales_pipeline_plus.kpi.catalogue import Kpi
from odoo.addons.sales_pipeline_plus.models.figures.crm_kpi_record import Behind

_lt = LazyTranslate(__name__)
REFERRED = Domain("type", "=", "opportunity") & Domain("referred", "!=", False)
REFERRED_COUNT = Kpi(
    code="referred_count",
    group="created",
    unit="count",
    better="higher",
    facts=("referred_count",),
    formula=lambda count: count,
    records="referred",
    label=_lt("Opportunities Referred"),
    definition=_lt("Opportunities created in the period that somebody referred."),
)


class CrmKpi(models.AbstractModel):
    _inherit = "crm.kpi"

    @api.model
    def _get_known_kpis(self):
        return (*super()._get_known_kpis(), REFERRED_COUNT)

    @api.model
    def _get_fact_sources(self):
        return {**super()._get_fact_sources(), "referred_count": "referred"}

    @api.model
    def _get_referred_facts(self, scope):
        """Count with the rules of the user, in all periods and keys at once."""
        query = self._search_leads(scope.domain & REFERRED)
        return self._aggregate(
            scope,
            query,
            self._to_sql(query, "date_start"),
            lambda to_amount: {"referred_count": SQL("count(*)")},
        )

    @api.model
    def _get_behind(self, records, period):
        if records == "referred":
            return Behind("crm.lead", REFERRED, "date_start")
        return super()._get_behind(records, period)
