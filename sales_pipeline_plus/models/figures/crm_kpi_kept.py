from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_kpi_breakdown import FIELD_OF

# What a fact has of its own, whatever the opportunity is by now.
OWN_BREAKDOWNS = ("stage", "pipeline")
# What it is asked for when the opportunity is no more.
KEPT_BREAKDOWNS = (*OWN_BREAKDOWNS, "salesperson", "team")
KEPT_FIELDS = {"company_id", *(FIELD_OF[name] for name in KEPT_BREAKDOWNS)}


class CrmKpi(models.AbstractModel):
    """Figures from facts that outlive their opportunity (``crm.lead.fact``).

    A fact counts for the salesperson and team that its opportunity has; when that was
    deleted, for those that it had when the fact was written. What else is known of an
    opportunity only (origin, lost reason, customer, products) is then "none".
    """

    _inherit = "crm.kpi"

    @api.model
    def _search_facts(self, model_name, domain, scope):
        """Return the query of facts of the scope.

        :return: the query, the opportunity's alias in it, a function from the name of a
            fact's field to its SQL, and the columns that are the fact's own, as for
            :meth:`_aggregate`
        """
        facts = self.env[model_name].with_context(active_test=False)
        if not scope.domain.is_true():
            # As conditions on the opportunity that the facts' own rules join: a list of
            # all opportunities of the scope may be too long to be looked up in.
            rules = Domain.TRUE
            if not self.env.su:
                rules = self.env["ir.rule"]._compute_domain("crm.lead", "read")
            domain &= self._get_facts_domain(
                self._get_credited_domain(scope.domain) & rules,
                self._get_kept_domain(scope.domain),
                "any!",
            )
        query = facts._search(domain)

        def to_sql(field_name):
            return facts._field_to_sql(query.table, field_name, query)

        lead = query.table
        columns = {name: to_sql(FIELD_OF[name]) for name in OWN_BREAKDOWNS}
        columns["company"] = to_sql("company_id")
        columns["lead_id"] = to_sql("lead_id")
        if scope.breakdown not in (None, "month", "quarter", *OWN_BREAKDOWNS):
            # The one that the record rules of the facts have joined already.
            _leads, lead = facts._fields["lead_id"].join(facts, query.table, query)
            for name in KEPT_BREAKDOWNS:
                if name not in OWN_BREAKDOWNS:
                    columns[name] = SQL(
                        "CASE WHEN %s IS NULL THEN %s ELSE %s END",
                        SQL.identifier(lead, "id"),
                        to_sql(FIELD_OF[name]),
                        SQL.identifier(lead, FIELD_OF[name]),
                    )
        return query, lead, to_sql, columns

    @api.model
    def _get_facts_domain(self, of_lead, of_kept, operator="any"):
        """Return the domain of the facts of opportunities that are in ``of_lead``, and
        of those that are no more, in ``of_kept``.

        :param operator: "any!" where ``of_lead`` has the opportunities' record rules
        """
        return Domain("lead_id", operator, of_lead) | (
            Domain("lead_id", "=", False) & of_kept
        )

    @api.model
    def _get_kept_domain(self, domain):
        """Return the domain of opportunities as one on the facts that were kept."""
        return domain.map_conditions(
            lambda condition: (
                condition if condition.field_expr in KEPT_FIELDS else Domain.FALSE
            )
        )

    @api.model
    def _get_kept_key_domain(self, breakdown, key):
        """Return the domain of the kept facts that are of a key."""
        if breakdown in (None, "month", "quarter"):
            return Domain.TRUE
        if breakdown in KEPT_BREAKDOWNS:
            return Domain(FIELD_OF[breakdown], "=", key)
        return Domain.FALSE if key else Domain.TRUE
