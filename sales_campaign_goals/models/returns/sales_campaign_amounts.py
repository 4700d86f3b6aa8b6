from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class AmountRow(NamedTuple):
    """Values of one source, campaign, company, currency and day, added up.

    Records of several campaigns come one by one, with their ``record_id``, in a row for
    each of the campaigns asked for. So do those in another currency than the answer's,
    since each is converted to the cent. The values are those of ``MEASURES``.
    """

    source: str
    campaign_id: int
    company_id: int
    currency_id: int
    day: object
    record_id: int
    is_shared: bool
    values: tuple


class SalesCampaignAmounts(models.AbstractModel):
    """The queries of what campaigns made and cost, above the user's rules.

    Amounts are untaxed, in the currency of each record and with the day at whose rate
    they convert.
    """

    _name = "sales.campaign.amounts"
    _description = "Amounts of Campaigns"

    @api.model
    def _get_rows(self, campaigns, sources, currency=None):
        """Yield the rows, by one query.

        :param currency: of the answer, by default that of each campaign
        """
        queries = (
            SQL(
                "(SELECT %s::varchar, found.* FROM (%s) AS found)",
                source,
                getattr(self, f"_get_{source}_query")(campaigns, currency),
            )
            for source in sources
        )
        companies = {
            campaign.id: campaign.company_id or self.env.company
            for campaign in campaigns.sudo()
        }
        for found in self.env.execute_query(SQL(" UNION ALL ").join(queries)):
            row = AmountRow(*found)
            company = companies[row.campaign_id]
            if not row.currency_id:
                row = row._replace(currency_id=company.currency_id.id)
            if row.source == "meetings":
                (hours,) = row.values
                cost = hours * company.sales_hourly_cost
                row = row._replace(values=(cost, hours))
            yield row

    @api.model
    def _search_linked(self, model, campaigns, domain, currency=None):
        """Search the linked records of a model, joined to their links.

        :param currency: of the answer, by default that of each campaign
        :return: the model above the rules, the query, and the keys: the SQL of
            campaign, day and whether the record has several campaigns, and the function
            from the SQL of its currency, None for no money, to that of its id if it
            comes by itself
        """
        model = self.env[model].sudo().with_context(active_test=False)
        model.flush_model(["sales_campaign_ids"])
        query = model._search(domain)
        query.order = None
        link = model._get_relation()
        record_id = SQL.identifier(query.table, "id")
        campaign = SQL("campaign_link.%s", link["campaign"])
        query.add_join(
            "JOIN",
            "campaign_link",
            link["links"],
            SQL("campaign_link.%s = %s", link["record"], record_id),
        )
        query.add_join(
            "JOIN",
            "asked",
            SQL(
                "(SELECT * FROM unnest(%s::int[], %s::varchar[], %s::int[])"
                " AS campaigns (id, timezone, currency_id))",
                list(campaigns.ids),
                [campaign._get_goal_timezone() for campaign in campaigns.sudo()],
                [
                    (currency or each.currency_id).id or None
                    for each in campaigns.sudo()
                ],
            ),
            SQL("asked.id = %s", campaign),
        )
        is_shared = SQL(
            """EXISTS (SELECT FROM %(links)s AS other
                        WHERE other.%(record)s = %(id)s
                          AND other.%(campaign)s <> asked.id)""",
            id=record_id,
            **link,
        )

        def to_record(own_currency):
            is_single = is_shared
            if own_currency is not None:
                is_single = SQL(
                    "%s IS DISTINCT FROM asked.currency_id OR %s",
                    own_currency,
                    is_shared,
                )
            return SQL("CASE WHEN %s THEN %s END", is_single, record_id)

        day = model._get_conversion_day_sql(query, SQL("asked.timezone"))
        return model, query, (campaign, day, is_shared, to_record)

    @api.model
    def _group(self, query, keys, company, currency, *values):
        """Return the SQL of an :class:`AmountRow` without its source: the values added
        up by campaign, company, currency, day and record, if that comes by itself."""
        campaign, day, is_shared, to_record = keys
        query.groupby = SQL("1, 2, 3, 4, 5, 6")
        none = SQL("NULL::integer")
        return query.select(
            campaign,
            company or none,
            currency or none,
            day,
            to_record(currency),
            is_shared,
            SQL("ARRAY[%s]::double precision[]", SQL(", ").join(values)),
        )

    # ------------------------------------------------------------
    # WHAT WAS MADE
    # ------------------------------------------------------------

    @api.model
    def _get_opportunities_query(self, campaigns, currency):
        """Leads, and opportunities by status; their revenue is in the currency of
        their company, for want of it in that of the campaign's."""
        leads, query, keys = self._search_linked(
            "crm.lead",
            campaigns,
            self.env["sales.campaign"]._get_counted_opportunity_domain()
            | (Domain("type", "=", "lead") & Domain("active", "=", True)),
            currency,
        )
        self.env["sale.order"].flush_model(["opportunity_id", "state"])
        company, kind, status, expected, weighted = (
            leads._field_to_sql(query.table, fname, query)
            for fname in (
                "company_id",
                "type",
                "won_status",
                "expected_revenue",
                "prorated_revenue",
            )
        )
        own = query.left_join(query.table, "company_id", "res_company", "id", "company")
        lead = SQL("%s = 'lead'", kind)
        pending, won, lost = (
            SQL("%s <> 'lead' AND %s = %s", kind, status, name)
            for name in ("pending", "won", "lost")
        )
        alive = SQL("%s <> 'lead' AND %s IN ('pending', 'won')", kind, status)
        unordered = SQL(
            """%s AND NOT EXISTS (SELECT FROM sale_order AS ordered
                                   WHERE ordered.opportunity_id = %s
                                     AND ordered.state = 'sale')""",
            won,
            SQL.identifier(query.table, "id"),
        )
        return self._group(
            query,
            keys,
            company,
            SQL.identifier(own, "currency_id"),
            *(
                SQL("COUNT(*) FILTER (WHERE %s)", each)
                for each in (lead, pending, won, lost)
            ),
            *(
                SQL("COALESCE(SUM(%s) FILTER (WHERE %s), 0)", amount, each)
                for amount, each in (
                    (expected, alive),
                    (weighted, alive),
                    (expected, won),
                    (expected, lost),
                    (expected, unordered),
                )
            ),
        )

    @api.model
    def _get_orders_query(self, campaigns, currency):
        orders, query, keys = self._search_linked(
            "sale.order", campaigns, Domain("state", "=", "sale"), currency
        )
        company, own_currency, amount = (
            orders._field_to_sql(query.table, fname, query)
            for fname in ("company_id", "currency_id", "amount_untaxed")
        )
        total = SQL("COALESCE(SUM(%s), 0)", amount)
        return self._group(query, keys, company, own_currency, total)

    @api.model
    def _get_invoices_query(self, campaigns, currency):
        types = ("out_invoice", "out_refund", "out_receipt")
        return self._get_move_query(campaigns, types, currency)

    @api.model
    def _get_bills_query(self, campaigns, currency):
        types = ("in_invoice", "in_refund", "in_receipt")
        return self._get_move_query(campaigns, types, currency)

    @api.model
    def _get_move_query(self, campaigns, types, currency):
        """Posted invoices or bills, less credit notes."""
        moves, query, keys = self._search_linked(
            "account.move",
            campaigns,
            Domain("state", "=", "posted") & Domain("move_type", "in", types),
            currency,
        )
        company, own_currency, move_type, amount = (
            moves._field_to_sql(query.table, fname, query)
            for fname in ("company_id", "currency_id", "move_type", "amount_untaxed")
        )
        signed = SQL(
            "SUM(CASE WHEN %s IN ('out_refund', 'in_refund') THEN -%s ELSE %s END)",
            move_type,
            amount,
            amount,
        )
        return self._group(query, keys, company, own_currency, signed)

    # ------------------------------------------------------------
    # WHAT IT COST
    # ------------------------------------------------------------

    @api.model
    def _get_lines_query(self, campaigns, currency):
        costs = self.env["sales.campaign.cost"].sudo()
        query = costs._search(Domain("campaign_id", "in", campaigns.ids))
        query.order = None
        campaign, company, own_currency, date, amount = (
            costs._field_to_sql(query.table, fname, query)
            for fname in ("campaign_id", "company_id", "currency_id", "date", "amount")
        )
        keys = campaign, date, SQL("FALSE"), lambda _currency: SQL("NULL::integer")
        total = SQL("SUM(%s)", amount)
        return self._group(query, keys, company, own_currency, total)

    @api.model
    def _get_meetings_query(self, campaigns, currency):
        """Hours of the meetings held: they cost what an hour does in the campaign's
        company."""
        meetings, query, keys = self._search_linked(
            "calendar.event",
            campaigns,
            Domain("active", "=", True) & Domain("start", "<=", fields.Datetime.now()),
        )
        duration = meetings._field_to_sql(query.table, "duration", query)
        total = SQL("COALESCE(SUM(%s), 0)", duration)
        return self._group(query, keys, None, None, total)
