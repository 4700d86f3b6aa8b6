from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.arithmetic import spread
from ...kpi.scope import Cells

# A stay has a stage and a pipeline of its own.
OF_STAY = {"stage": "stage_id", "pipeline": "pipeline_id"}
OPPORTUNITY = Domain("type", "=", "opportunity")


class CrmKpi(models.AbstractModel):
    """What happened to opportunities, counted from what the user may read."""

    _inherit = "crm.kpi"

    # ------------------------------------------------------------
    # Opportunities
    # ------------------------------------------------------------

    @api.model
    def _search_leads(self, domain):
        """Return the query of the user's opportunities, lost ones included."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        return leads._search(domain)

    @api.model
    def _get_created_facts(self, scope):
        query = self._search_leads(scope.domain & OPPORTUNITY)
        amount = self._to_sql(query, "expected_revenue")
        return self._aggregate(
            scope,
            query,
            self._to_sql(query, "date_start"),
            lambda share: {
                "created_count": SQL("count(*)"),
                "created_amount": SQL("sum(%s)", self._share(amount, share)),
                "marketing_count": SQL(
                    "count(*) FILTER (WHERE COALESCE(%s, %s, %s) IS NOT NULL)",
                    self._to_sql(query, "campaign_id"),
                    self._to_sql(query, "source_id"),
                    self._to_sql(query, "medium_id"),
                ),
                "created_won_count": SQL(
                    "count(*) FILTER (WHERE %s = 'won')",
                    self._to_sql(query, "won_status"),
                ),
            },
        )

    @api.model
    def _get_closed_facts(self, scope):
        query = self._search_leads(
            scope.domain & OPPORTUNITY & Domain("won_status", "in", ["won", "lost"])
        )
        amount = self._to_sql(query, "expected_revenue")
        status = self._to_sql(query, "won_status")
        closed = self._to_sql(query, "date_closed")
        return self._aggregate(
            scope,
            query,
            closed,
            lambda share: {
                f"{result}_{name}": SQL(
                    "%s FILTER (WHERE %s = %s)", aggregate, status, result
                )
                for result in ("won", "lost")
                for name, aggregate in (
                    ("count", SQL("count(*)")),
                    ("amount", SQL("sum(%s)", self._share(amount, share))),
                )
            },
            {
                "cycle_days": SQL(
                    "CASE WHEN %s = 'won' THEN EXTRACT(EPOCH FROM %s - %s) / 86400 END",
                    status,
                    closed,
                    self._to_sql(query, "date_start"),
                )
            },
        )

    @api.model
    def _get_customer_facts(self, scope):
        """Count the first won opportunity of each customer.

        It is the first of all that the user may read, whatever the filters say.
        """
        query = self._search_leads(
            scope.domain
            & OPPORTUNITY
            & Domain("won_status", "=", "won")
            & Domain("id", "in", self._get_first_won())
        )
        return self._aggregate(
            scope,
            query,
            self._to_sql(query, "date_closed"),
            lambda share: {"new_customer_count": SQL("count(*)")},
        )

    @api.model
    def _get_first_won(self):
        """Return the SQL of the ids of each customer's first won opportunity."""
        query = self._search_leads(
            OPPORTUNITY
            & Domain("won_status", "=", "won")
            & Domain("partner_id", "!=", False)
            & Domain("date_closed", "!=", False)
        )
        partner = query.join(query.table, "partner_id", "res_partner", "id", "customer")
        company = SQL.identifier(partner, "commercial_partner_id")
        return SQL(
            "(SELECT DISTINCT ON (%(company)s) %(id)s FROM %(tables)s WHERE %(where)s "
            "ORDER BY %(company)s, %(closed)s, %(id)s)",
            company=company,
            id=SQL.identifier(query.table, "id"),
            closed=self._to_sql(query, "date_closed"),
            tables=query.from_clause,
            where=query.where_clause,
        )

    @api.model
    def _get_spread_facts(self, scope):
        """How far the salespeople lie apart; unknown within a breakdown."""
        cells = Cells(is_sum=False)
        if scope.breakdown is None:
            by_salesperson = replace(scope, breakdown="salesperson")
            won = self._get_won_by_key(by_salesperson)
            for index in range(len(scope.spans)):
                amounts = [
                    amount
                    for (each, user), amount in won.items()
                    if each == index and user
                ]
                cells[index, False] = spread(amounts)
        return {"won_spread": cells}

    @api.model
    def _get_won_by_key(self, scope):
        """Return Cells of the amounts won; 0 for who lost only."""
        query = self._search_leads(
            scope.domain & OPPORTUNITY & Domain("won_status", "in", ["won", "lost"])
        )
        amount = self._to_sql(query, "expected_revenue")
        status = self._to_sql(query, "won_status")
        return self._aggregate(
            scope,
            query,
            self._to_sql(query, "date_closed"),
            lambda share: {
                "won_amount": SQL("sum(%s) FILTER (WHERE %s = 'won')", amount, status)
            },
        )["won_amount"]

    # ------------------------------------------------------------
    # Stages and effort
    # ------------------------------------------------------------

    @api.model
    def _get_stay_facts(self, scope):
        """Stays in a stage; by stage or pipeline, by those of the stay."""
        query, lead, to_sql = self._search_beside(
            "crm.lead.passage",
            Domain("date_out", "!=", False) & Domain("is_path_known", "=", True),
            scope,
            "lead_id",
            is_joined=scope.breakdown not in (None, "month", "quarter", *OF_STAY),
        )
        return self._aggregate(
            scope,
            query,
            to_sql("date_out"),
            lambda share: {
                "stay_count": SQL("count(*)"),
                "stay_forward_count": SQL(
                    "count(*) FILTER (WHERE %s IN ('forward', 'won'))",
                    to_sql("outcome"),
                ),
            },
            {"stay_days": to_sql("days")},
            lead=lead,
            company=to_sql("company_id"),
            **{name: to_sql(field_name) for name, field_name in OF_STAY.items()},
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
            lambda share: {
                "activity_count": SQL("count(*)"),
                "activity_hours": SQL("sum(%s)", hours),
            },
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
            lambda share: {
                "meeting_count": SQL("count(*)"),
                "meeting_hours": SQL("sum(%s)", to_sql("duration")),
            },
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
            to_sql("create_date"),
            lambda share: {
                "quotation_count": SQL("count(*)"),
                # An order has the rate of its own date, per unit of its company's.
                "quotation_amount": SQL(
                    "sum(%s / NULLIF(%s, 0))",
                    self._share(to_sql("amount_untaxed"), share),
                    to_sql("currency_rate"),
                ),
            },
            lead=lead,
            company=to_sql("company_id"),
        )

    @api.model
    def _get_cost_facts(self, scope):
        """Hook: what campaigns cost. An addon that knows it adds to ``campaign_cost``
        the amount of each span, ``{(index of the span, key): amount}``, in the currency
        of the user's company."""
        return {"campaign_cost": Cells()}

    # ------------------------------------------------------------
    # Queries
    # ------------------------------------------------------------

    @api.model
    def _share(self, amount, share):
        """Return the SQL of a deal's amount, or of its share."""
        return amount if share is None else SQL("%s * %s", amount, share)

    @api.model
    def _to_sql(self, query, field_name):
        return self.env["crm.lead"]._field_to_sql(query.table, field_name, query)

    @api.model
    def _search_beside(self, model_name, domain, scope, link, is_joined=True):
        """Return the query of records that belong to opportunities of the scope.

        :param link: the many2one of the record to its opportunity
        :param is_joined: whether the opportunity's own columns are needed; without
            them and without filters, the rules of the records alone decide, which are
            those of their opportunity
        :return: the query, the opportunity's alias in it, and a function from the name
            of a record's field to its SQL
        """
        records = self.env[model_name].with_context(active_test=False)
        if is_joined or not scope.domain.is_true():
            domain &= Domain(link, "any", scope.domain)
        query = records._search(domain)
        lead = query.table
        if is_joined:
            lead = query.join(query.table, link, "crm_lead", "id", "deal")

        def to_sql(field_name):
            return records._field_to_sql(query.table, field_name, query)

        return query, lead, to_sql

    @api.model
    def _aggregate(
        self,
        scope,
        query,
        moment,
        get_aggregates,
        medians=None,
        lead=None,
        **columns,
    ):
        """Return {fact: Cells} of one source.

        One query adds up the slots between the moments of the spans, by company if
        there is anything to convert. Medians cannot be added up: those of a span of
        several slots take a query of their own.

        :param query: query whose main table, or ``lead`` in it, is ``crm_lead``
        :param moment: SQL of the UTC datetime that puts a row into a span; None for a
            state: its cells are indexed by ``slot``, or 0
        :param get_aggregates: function of the SQL of a deal's share in the key, that
            returns {fact: SQL}
        :param medians: {fact: SQL of the value of a row}
        :param lead: alias of the opportunity, if it is not the main table
        :param columns: SQL of what is not the opportunity's own: ``company``; ``day``,
            the date for a breakdown by month; ``slot``; or a breakdown by its name
        """
        lead = lead or query.table
        day = columns.get("day") or SQL(
            "timezone(%s, timezone('UTC', %s))", self.env.tz.zone, moment
        )
        key, share = self._get_breakdown_sql(scope.breakdown, query, lead, day)
        key = columns.get(scope.breakdown, key)
        company = SQL("NULL::integer")
        if scope.is_converted:
            company = columns.get("company") or self.env["crm.lead"]._field_to_sql(
                lead, "company_id", query
            )
        slot = columns.get("slot", SQL("0"))
        spans_of = {}
        if moment is not None:
            cuts = scope.cuts
            query.add_where(SQL("%s >= %s", moment, cuts[0]))
            query.add_where(SQL("%s < %s", moment, cuts[-1]))
            slot = SQL("width_bucket(%s, %s::timestamp[])", moment, cuts)
            spans_of = scope.get_spans_of_slots()
        sums = get_aggregates(share)
        middles = {
            name: SQL("percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", value)
            for name, value in (medians or {}).items()
        }
        # Medians of companies cannot be added up: their rows must not be apart.
        selected = sums if scope.is_converted else {**sums, **middles}
        result = {name: Cells() for name in sums}
        result.update({name: Cells(is_sum=False) for name in middles})
        query.groupby = SQL("1, 2, 3")
        single = scope.get_single_slots()
        for row_key, row_company, row_slot, *values in self.env.execute_query(
            query.select(key, company, slot, *selected.values())
        ):
            row_key = self._to_key(row_key)
            spans = spans_of.get(row_slot, ()) if spans_of else (row_slot,)
            for name, value in zip(selected, values, strict=True):
                if name in sums:
                    amount = self._convert(name, value, row_company, scope)
                    for index in spans:
                        result[name][index, row_key] += amount
                elif value is not None:
                    for index in single.get(row_slot, ()):
                        result[name][index, row_key] = value
        if middles:
            self._add_medians(result, scope, query, moment, key, middles)
        return result

    @api.model
    def _add_medians(self, result, scope, query, moment, key, middles):
        """Add the medians that the sums' query could not find: those of spans of
        several slots, and all of them if the sums are by company."""
        single = scope.get_single_slots()
        groups = []
        if scope.is_converted:
            slot = SQL("width_bucket(%s, %s::timestamp[])", moment, scope.cuts)
            groups.append((slot, single))
        known = {index for indexes in single.values() for index in indexes}
        for index, (start, end) in enumerate(scope.spans):
            if index not in known:
                is_in = SQL("(%s >= %s AND %s < %s)", moment, start, moment, end)
                groups.append((is_in, {True: [index]}))
        query.groupby = SQL("1, 2")
        for group, indexes_of in groups:
            for row_key, row_group, *values in self.env.execute_query(
                query.select(key, group, *middles.values())
            ):
                for index in indexes_of.get(row_group, ()):
                    for name, value in zip(middles, values, strict=True):
                        if value is not None:
                            result[name][index, self._to_key(row_key)] = value
