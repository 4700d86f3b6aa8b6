from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.scope import Cells


class CrmKpi(models.AbstractModel):
    """Stays in stages, and the effort: activities, meetings, quotations and costs."""

    _inherit = "crm.kpi"

    @api.model
    def _get_stay_facts(self, scope):
        """Stays in a stage; by stage or pipeline, by those of the stay."""
        query, lead, to_sql, columns = self._search_facts(
            "crm.lead.passage",
            Domain("date_out", "!=", False) & Domain("is_path_known", "=", True),
            scope,
        )
        return self._aggregate(
            scope,
            query,
            to_sql("date_out"),
            lambda to_amount: {
                "stay_count": SQL("count(*)"),
                "stay_forward_count": SQL(
                    "count(*) FILTER (WHERE %s IN ('forward', 'won'))",
                    to_sql("outcome"),
                ),
            },
            {"stay_days": to_sql("days")},
            lead=lead,
            **columns,
        )

    @api.model
    def _get_activity_facts(self, scope):
        query, lead, to_sql = self._search_beside(
            "crm.activity.report", Domain.TRUE, scope, "lead_id"
        )
        kind = query.left_join(
            query.table, "mail_activity_type_id", "mail_activity_type", "id", "kind"
        )
        hours = self.env["mail.activity.type"]._field_to_sql(kind, "effort_hours")
        return self._aggregate(
            scope,
            query,
            to_sql("date"),
            lambda to_amount: {
                "activity_count": SQL("count(*)"),
            },
            hours={"activity_hours": hours},
            lead=lead,
        )

    @api.model
    def _get_meeting_facts(self, scope):
        query, lead, to_sql = self._search_beside(
            "calendar.event",
            Domain("start", "<=", fields.Datetime.now()) & Domain("active", "=", True),
            scope,
            "opportunity_id",
        )
        return self._aggregate(
            scope,
            query,
            to_sql("start"),
            lambda to_amount: {
                "meeting_count": SQL("count(*)"),
            },
            hours={"meeting_hours": to_sql("duration")},
            lead=lead,
        )

    @api.model
    def _get_quotation_facts(self, scope):
        query, lead, to_sql = self._search_beside(
            "sale.order",
            Domain("state", "in", ["sent", "sale"]),
            scope,
            "opportunity_id",
        )
        return self._aggregate(
            scope,
            query,
            to_sql("date_quoted"),
            lambda to_amount: {
                "quotation_count": SQL("count(*)"),
                # An order has the rate of its own date, per unit of its company's;
                # each is rounded by itself, so that parts add up to their whole.
                "quotation_amount": SQL(
                    "sum(%s)",
                    scope.conversion.get_rounded_sql(
                        to_amount(
                            SQL(
                                "%s / NULLIF(%s, 0)",
                                to_sql("amount_untaxed"),
                                to_sql("currency_rate"),
                            )
                        )
                    ),
                ),
            },
            lead=lead,
            company=to_sql("company_id"),
            rate_day=SQL("COALESCE(%s, now())::date", to_sql("date_order")),
        )

    @api.model
    def _get_cost_facts(self, scope):
        """Hook: what campaigns cost. An addon that knows it adds to ``campaign_cost``
        the amount of each span, ``{(index of the span, key): amount}``, in the currency
        of the user's company."""
        return {"campaign_cost": Cells()}
