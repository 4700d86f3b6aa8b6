from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..share.credit import CREDITED, WEIGHTED


class CrmKpi(models.AbstractModel):
    """Whose a deal is: its salesperson's, or those who have a share of its credit.

    A shared deal counts as a whole for each of them, as it does for each of its
    products and campaigns; its amounts and hours are divided. Without a question for
    salespeople it counts once. Nothing of this is asked before a deal is shared.
    """

    _inherit = "crm.kpi"

    @api.model
    def _follows_shares(self, domain, breakdown=None):
        """Tell whether shares make a difference to a question."""
        return (
            breakdown == "salesperson" or self._get_credited_users(domain) is not None
        ) and self.env["crm.lead.share"]._are_there()

    @api.model
    def _get_credited_users(self, domain):
        """Return the ids of the salespeople that a domain of opportunities asks for,
        None for all."""
        found = None
        for condition in domain.iter_conditions():
            if condition.field_expr == "user_id":
                ids = set(condition.value)
                found = ids if found is None else found & ids
        return found

    @api.model
    def _get_credited_domain(self, domain, operator="any!"):
        """Return a domain of opportunities with those that the salespeople whom it
        asks for have a share of.

        :param operator: "any" for what a user opens; the rules of shares are those of
            their opportunities, which are asked anyway
        """
        if not self._follows_shares(domain):
            return domain
        return domain.map_conditions(
            lambda condition: (
                self._get_credit_of_domain(condition.value, operator)
                if condition.field_expr == "user_id"
                else condition
            )
        )

    @api.model
    def _get_credit_of_domain(self, user_ids, operator="any"):
        """Return the domain of the opportunities of salespeople; False is nobody."""
        is_of = Domain("user_id", "in", list(user_ids))
        return (Domain("share_ids", "=", False) & is_of) | Domain(
            "share_ids", operator, is_of
        )

    @api.model
    def _get_credit_context(self, domain, key=None, is_weighted=False):
        """Return the context of the list behind a figure, which then shows what adds up
        to it.

        :param domain: of opportunities, with the salespeople that it asks for
        :param key: the id of a salesperson, False for nobody; None for all of these
        :param is_weighted: whether the figure adds up weighted amounts
        """
        ids = self._get_credited_users(domain) if key is None else {key or 0}
        if ids is None or not self.env["crm.lead.share"]._are_there():
            return {}
        context = {CREDITED: sorted(ids)}
        return {**context, WEIGHTED: True} if is_weighted else context

    @api.model
    def _join_credit(self, scope, query, lead, columns):
        """Join the shares of deals to a query, if they make a difference.

        :param lead: alias of the opportunity
        :param columns: see :meth:`_aggregate`
        :return: the SQL of the salesperson, and the ``Part`` of the deal that counts;
            or None twice
        """
        if not self._follows_shares(scope.domain, scope.breakdown):
            return None, None
        leads = self.env["crm.lead"]
        name, part = self.env["crm.lead.share"]._join_parts(
            query,
            columns.get("lead_id") or SQL.identifier(lead, "id"),
            self._get_credited_users(scope.domain),
            by_user=scope.breakdown == "salesperson",
        )
        if scope.breakdown != "salesperson":
            return None, part
        own = columns.get("salesperson") or leads._field_to_sql(lead, "user_id", query)
        # PostgreSQL foresees few groups only of what names few columns.
        user = SQL("NULLIF(COALESCE(%s, %s), 0)", SQL.identifier(name, "key"), own)
        return user, part
