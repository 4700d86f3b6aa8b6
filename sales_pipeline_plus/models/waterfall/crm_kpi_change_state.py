from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

OPPORTUNITY = Domain("type", "=", "opportunity")
# What is told of a deal, then and now, in the order of the columns.
VALUES = (
    "amount",
    "weighted_amount",
    "probability",
    "date_deadline",
    "user_id",
    "team_id",
    "pipeline_id",
    "stage_id",
    "company_id",
)
# What a fact knows of the deal that it outlives, in the order of the columns.
OF_FACT = (
    "lead_id",
    "former_lead_id",
    "former_status",
    "former_date_closed",
    "lead_name",
    "partner_name",
)
OF_LEAD = {
    "amount": "expected_revenue",
    "weighted_amount": "prorated_revenue",
}


class CrmKpi(models.AbstractModel):
    """What was open at the opening and at the closing, as the user may read it."""

    _inherit = "crm.kpi"

    @api.model
    def _get_week_state_sql(self, question, week):
        """Return the SQL of the open deals of a week, one row for each.

        ``number`` is that of the deal, whatever became of it. The facts of a deal that
        was merged into one which was deleted later carry the number of the latter:
        ``twin`` tells them apart.
        """
        snapshots = self.env["crm.forecast.snapshot"].with_context(active_test=False)
        domain = Domain("date", "=", week)
        if not question.deals.is_true():
            domain &= Domain("lead_id", "any", question.deals)
        here, gone = (
            snapshots._search(domain & Domain("lead_id", operator, False))
            for operator in ("!=", "=")
        )
        twin = SQL(
            "COALESCE(%(name)s, '') || '#' || row_number() OVER "
            "(PARTITION BY %(number)s, %(name)s ORDER BY %(id)s)",
            id=SQL.identifier(gone.table, "id"),
            name=SQL.identifier(gone.table, "lead_name"),
            number=SQL.identifier(gone.table, "former_lead_id"),
        )
        return SQL(
            "%s UNION ALL %s",
            self._select_week_state(here, week, SQL("''"), SQL("NULL::integer")),
            self._select_week_state(gone, week, twin, SQL.identifier(gone.table, "id")),
        )

    @api.model
    def _select_week_state(self, query, week, twin, gone_id):
        def to_column(name):
            return SQL.identifier(query.table, name)

        return query.select(
            SQL(
                "COALESCE(%s, %s) AS number",
                to_column("former_lead_id"),
                to_column("lead_id"),
            ),
            SQL("%s AS twin", twin),
            SQL("%s AS gone_id", gone_id),
            *map(to_column, OF_FACT),
            *(self._get_value_sql(to_column(name), name) for name in VALUES),
            SQL("%s::date AS rate_day", week),
        )

    @api.model
    def _get_present_state_sql(self, question):
        """Return the SQL of the same of what is open now."""
        is_open = self.env["crm.lead"]._get_open_domain()
        return self._get_lead_state_sql(question.deals & OPPORTUNITY & is_open)

    @api.model
    def _get_ended_sql(self, question):
        """Return the SQL of what was won or lost in between, and still is."""
        first = self._get_first_moment(question.start)
        return self._get_lead_state_sql(
            question.deals
            & OPPORTUNITY
            & Domain("won_status", "in", ["won", "lost"])
            & Domain("date_closed", ">=", fields.Datetime.to_string(first)),
            SQL.identifier("won_status"),
            SQL.identifier("date_closed"),
        )

    @api.model
    def _get_lead_state_sql(self, domain, *columns):
        query = self._search_leads(domain)
        table = query.table
        return query.select(
            SQL("%s AS number", SQL.identifier(table, "id")),
            SQL("'' AS twin"),
            SQL("NULL::integer AS gone_id"),
            SQL("%s AS lead_id", SQL.identifier(table, "id")),
            SQL("NULL::integer AS former_lead_id"),
            SQL("NULL::varchar AS former_status"),
            SQL("NULL::timestamp AS former_date_closed"),
            SQL("NULL::varchar AS lead_name"),
            SQL("NULL::varchar AS partner_name"),
            *(
                self._get_value_sql(
                    self._to_sql(query, OF_LEAD.get(name, name)),
                    name,
                )
                for name in VALUES
            ),
            SQL(
                "%s AS rate_day",
                self.env["crm.lead"]._get_rate_day_sql(table, query),
            ),
            *(SQL("%s.%s", SQL.identifier(table), column) for column in columns),
        )

    @api.model
    def _get_value_sql(self, column, name):
        """Return the SQL of a value under its name; what is a number is never NULL."""
        if name in ("amount", "weighted_amount", "probability"):
            column = SQL("COALESCE(%s, 0)::numeric", column)
        return SQL("%s AS %s", column, SQL.identifier(name))
