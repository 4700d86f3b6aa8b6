from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.scope import Cells


class CrmKpi(models.AbstractModel):
    """The queries that the facts are counted by."""

    _inherit = "crm.kpi"

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
            domain &= Domain(link, "any", self._get_credited_domain(scope.domain))
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
        hours=None,
        lead=None,
        is_of_deals=True,
        **columns,
    ):
        """Return {fact: Cells} of one source.

        One query adds up the slots between the moments of the spans. Medians cannot be
        added up: for those of a span of several slots, the same query also groups the
        rows by whether they are in it.

        :param query: query whose main table, or ``lead`` in it, is ``crm_lead``
        :param moment: SQL of the UTC datetime that puts a row into a span; None for a
            state: its cells are indexed by ``slot``, or 0
        :param get_aggregates: function that returns {fact: SQL}. It is given another
            one: from the SQL of an amount to what counts of it, which is converted
            into the currency of the answer and the deal's share in the key
        :param medians: {fact: SQL of the value of a row}
        :param hours: {fact: SQL of the hours of a row}, which are added up
        :param lead: alias of the opportunity, if it is not the main table
        :param is_of_deals: whether the rows are those of an opportunity, whose shares
            count
        :param columns: SQL of what is not the opportunity's own: ``company``;
            ``rate_day``, the date at which amounts are converted; ``day``, the date for
            a breakdown by month; ``slot``; ``lead_id``, where the opportunity is not
            joined; or a breakdown by its name
        """
        lead = lead or query.table
        day = columns.get("day") or SQL(
            "timezone(%s, timezone('UTC', %s))", self.env.tz.zone, moment
        )
        key, share_out = self._get_breakdown_sql(scope.breakdown, query, lead, day)
        key = columns.get(scope.breakdown, key)
        user = part = None
        if is_of_deals:
            user, part = self._join_credit(scope, query, lead, columns)
        key = user or key
        to_amount = self._get_amount_converter(
            scope, query, lead, part, share_out, columns
        )
        slot = columns.get("slot", SQL("0"))
        spans_of = {}
        if moment is not None:
            cuts = scope.cuts
            query.add_where(SQL("%s >= %s", moment, cuts[0]))
            query.add_where(SQL("%s < %s", moment, cuts[-1]))
            slot = SQL("width_bucket(%s, %s::timestamp[])", moment, cuts)
            spans_of = scope.get_spans_of_slots()
        sums = get_aggregates(to_amount) | {
            name: SQL("sum(%s)", part.divide(value) if part else value)
            for name, value in (hours or {}).items()
        }
        middles = {
            name: SQL("percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", value)
            for name, value in (medians or {}).items()
        }
        result = {name: Cells() for name in sums}
        result.update({name: Cells(is_sum=False) for name in middles})
        single = scope.get_single_slots()
        wide = scope.get_wide_spans() if middles else []
        query.groupby = SQL("1, 2")
        if wide:
            sets = [SQL("(1, %s)", 2 + number) for number in range(len(wide) + 1)]
            query.groupby = SQL("GROUPING SETS (%s)", SQL(", ").join(sets))
        is_in_wide = [
            SQL("(%s >= %s AND %s < %s)", moment, start, moment, end)
            for _index, (start, end) in wide
        ]
        for row_key, row_slot, *values in self.env.execute_query(
            query.select(key, slot, *is_in_wide, *sums.values(), *middles.values())
        ):
            row_key = self._to_key(row_key)
            # Each row is of one grouping only; the columns of the others are NULL.
            in_wide, values = values[: len(wide)], values[len(wide) :]
            spans = spans_of.get(row_slot, ()) if spans_of else (row_slot,)
            if row_slot is not None:
                for name, value in zip(sums, values, strict=False):
                    for index in spans:
                        result[name][index, row_key] += value or 0
            indexes = list(single.get(row_slot, ()))
            for (index, _span), is_in in zip(wide, in_wide, strict=True):
                if is_in:
                    indexes.append(index)
            for name, value in zip(middles, values[len(sums) :], strict=True):
                if value is not None:
                    for index in indexes:
                        result[name][index, row_key] = value
        return result

    @api.model
    def _get_amount_converter(self, scope, query, lead, part, share_out, columns):
        """Return the function from the SQL of an amount to what counts of it: what the
        salespeople have of it, and of that the share of the key."""
        leads = self.env["crm.lead"]
        company = columns.get("company") or leads._field_to_sql(
            lead, "company_id", query
        )
        day = columns.get("rate_day")
        if scope.conversion.steps and day is None:
            day = leads._get_rate_day_sql(lead, query)

        def to_amount(amount):
            converted = scope.conversion.get_sql(amount, company, day)
            if part is None and share_out is None:
                return converted
            units = scope.conversion.get_units_sql(converted)
            if part:
                units = part.share_out(units)
            if share_out:
                units = share_out(units)
            return SQL("(%s) * %s", units, scope.conversion.rounding)

        return to_amount
