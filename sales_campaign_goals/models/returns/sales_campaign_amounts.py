from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class AmountRow(NamedTuple):
    """Amounts of one kind, campaign, company, currency and day, added up."""

    kind: str
    campaign_id: int
    company_id: int
    currency_id: int
    day: object
    amount: float
    hours: float = 0.0


class SalesCampaignAmounts(models.AbstractModel):
    """Add up what campaigns made and cost, above the user's rules.

    Like the other totals of a campaign, those of its company count, of a shared
    campaign those of the companies that the user has chosen. Amounts are untaxed and
    converted at the date of each document; the number of queries is constant.
    """

    _name = "sales.campaign.amounts"
    _description = "Amounts of Campaigns"

    @api.model
    def _get_amounts(self, campaigns):
        """Return ``{campaign: {kind: amount}}`` in the currency of each campaign.

        The kinds are ``ordered``, ``invoiced``, ``won`` (won without an order),
        ``bills``, ``lines`` and ``meetings``; ``hours`` are the hours of meetings.
        """
        by_id = {campaign._origin.id: campaign for campaign in campaigns}
        by_id.pop(False, None)
        totals = {campaign: defaultdict(float) for campaign in campaigns}
        if not by_id:
            return totals
        browse_company = self.env["res.company"].browse
        rows = [
            row
            for row in self._get_rows(campaigns._origin)
            if row.campaign_id in by_id
            and by_id[row.campaign_id]._counts_company(browse_company(row.company_id))
        ]
        factors = self._get_factors(by_id, rows)
        for row in rows:
            campaign = by_id[row.campaign_id]
            total = totals[campaign]
            total[row.kind] += row.amount * factors[self._get_factor_key(by_id, row)]
            total["hours"] += row.hours
        for campaign, total in totals.items():
            for kind in total.keys() - {"hours"}:
                total[kind] = campaign.currency_id.round(total[kind])
        return totals

    @api.model
    def _get_rows(self, campaigns):
        yield from self._get_order_rows(campaigns)
        yield from self._get_move_rows(
            campaigns, "invoiced", ("out_invoice", "out_refund", "out_receipt")
        )
        yield from self._get_move_rows(
            campaigns, "bills", ("in_invoice", "in_refund", "in_receipt")
        )
        yield from self._get_won_rows(campaigns)
        yield from self._get_line_rows(campaigns)
        yield from self._get_meeting_rows(campaigns)

    # ------------------------------------------------------------
    # CONVERSION
    # ------------------------------------------------------------

    @api.model
    def _get_factor_key(self, by_id, row):
        """Return the company, both currencies and the day of a conversion."""
        campaign = by_id[row.campaign_id]
        company_id = row.company_id or campaign.company_id.id or self.env.company.id
        return (
            company_id,
            row.currency_id,
            campaign.currency_id.id,
            row.day or campaign.conversion_date,
        )

    @api.model
    def _get_factors(self, by_id, rows):
        """Return ``{key: factor into the campaign's currency}``, by one query."""
        keys = {self._get_factor_key(by_id, row) for row in rows}
        currencies = self.env["res.currency"].sudo()
        companies = self.env["res.company"].sudo()

        def to_rate_key(key, currency_id):
            return currencies.browse(currency_id), companies.browse(key[0]), key[3]

        foreign = [key for key in keys if key[1] != key[2]]
        rates = currencies._get_rates_by_day(
            to_rate_key(key, currency_id)
            for key in foreign
            for currency_id in (key[1], key[2])
        )
        factors = dict.fromkeys(keys, 1.0)
        for key in foreign:
            factors[key] = (
                rates[to_rate_key(key, key[2])] / (rates[to_rate_key(key, key[1])])
            )
        return factors

    # ------------------------------------------------------------
    # WHAT WAS MADE
    # ------------------------------------------------------------

    @api.model
    def _search_linked(self, model, campaigns, domain):
        """Search the linked records of a model, joined to their links.

        :return: the model above the rules, the query, the SQL of the campaign's id
        """
        model = self.env[model].sudo().with_context(active_test=False)
        model.flush_model(["sales_campaign_ids"])
        query = model._search(domain)
        query.order = None
        link = model._get_relation()
        query.add_join(
            "JOIN",
            "campaign_link",
            link["links"],
            SQL(
                "%s.%s = %s AND %s.%s = ANY(%s)",
                SQL.identifier("campaign_link"),
                link["record"],
                SQL.identifier(query.table, "id"),
                SQL.identifier("campaign_link"),
                link["campaign"],
                list(campaigns.ids),
            ),
        )
        campaign = SQL("%s.%s", SQL.identifier("campaign_link"), link["campaign"])
        return model, query, campaign

    @api.model
    def _group(self, query, kind, keys, *amounts):
        """Add amounts up by campaign, company, currency and day."""
        query.groupby = SQL("1, 2, 3, 4")
        for row in self.env.execute_query(query.select(*keys, *amounts)):
            yield AmountRow(kind, *row)

    @api.model
    def _get_order_rows(self, campaigns):
        orders, query, campaign = self._search_linked(
            "sale.order", campaigns, Domain("state", "=", "sale")
        )
        company, currency, date, amount = (
            orders._field_to_sql(query.table, fname, query)
            for fname in ("company_id", "currency_id", "date_order", "amount_untaxed")
        )
        keys = campaign, company, currency, SQL("%s::date", date)
        return self._group(query, "ordered", keys, SQL("SUM(%s)::float", amount))

    @api.model
    def _get_move_rows(self, campaigns, kind, types):
        """Posted invoices or bills, less credit notes."""
        moves, query, campaign = self._search_linked(
            "account.move",
            campaigns,
            Domain("state", "=", "posted") & Domain("move_type", "in", types),
        )
        company, currency, invoiced, date, move_type, amount = (
            moves._field_to_sql(query.table, fname, query)
            for fname in (
                "company_id",
                "currency_id",
                "invoice_date",
                "date",
                "move_type",
                "amount_untaxed",
            )
        )
        keys = campaign, company, currency, SQL("COALESCE(%s, %s)", invoiced, date)
        signed = SQL(
            "SUM(CASE WHEN %s IN ('out_refund', 'in_refund') THEN -%s ELSE %s END)"
            "::float",
            move_type,
            amount,
            amount,
        )
        return self._group(query, kind, keys, signed)

    @api.model
    def _get_won_rows(self, campaigns):
        """Won opportunities without a confirmed order: their expected revenue, which
        is in the currency of their company."""
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        for campaign, company, amount in leads._read_group(
            Domain("type", "=", "opportunity")
            & Domain("won_status", "=", "won")
            & leads._get_campaign_domain(campaigns)
            & Domain("order_ids", "not any", [("state", "=", "sale")]),
            ["sales_campaign_ids", "company_id"],
            ["expected_revenue:sum"],
        ):
            own_company = company or campaign.sudo().company_id or self.env.company
            yield AmountRow(
                "won",
                campaign.id,
                company.id,
                own_company.currency_id.id,
                None,
                amount or 0.0,
            )

    # ------------------------------------------------------------
    # WHAT IT COST
    # ------------------------------------------------------------

    @api.model
    def _get_line_rows(self, campaigns):
        costs = self.env["sales.campaign.cost"].sudo()
        query = costs._search(Domain("campaign_id", "in", campaigns.ids))
        query.order = None
        campaign, company, currency, date, amount = (
            costs._field_to_sql(query.table, fname, query)
            for fname in ("campaign_id", "company_id", "currency_id", "date", "amount")
        )
        keys = campaign, company, currency, date
        return self._group(query, "lines", keys, SQL("SUM(%s)::float", amount))

    @api.model
    def _get_meeting_rows(self, campaigns):
        """Hours of the meetings held, at the hourly cost of the campaign's company."""
        meetings, query, campaign = self._search_linked(
            "calendar.event",
            campaigns,
            Domain("active", "=", True) & Domain("start", "<=", fields.Datetime.now()),
        )
        query.groupby = campaign
        duration = meetings._field_to_sql(query.table, "duration", query)
        hours_by_id = dict(
            self.env.execute_query(
                query.select(campaign, SQL("SUM(%s)::float", duration))
            )
        )
        for record in campaigns:
            if hours := hours_by_id.get(record.id):
                company = (record.company_id or self.env.company).sudo()
                yield AmountRow(
                    "meetings",
                    record.id,
                    company.id,
                    company.currency_id.id,
                    None,
                    hours * company.sales_hourly_cost,
                    hours,
                )

    # ------------------------------------------------------------
    # NEW CUSTOMERS
    # ------------------------------------------------------------

    @api.model
    def _count_new_customers(self, campaigns):
        """Return ``{campaign: number}`` of the customers of whom the first won
        opportunity, in its company, is of the campaign."""
        by_id = {campaign._origin.id: campaign for campaign in campaigns}
        found = {campaign: set() for campaign in campaigns}
        leads, query, linked = self._search_linked(
            "crm.lead",
            campaigns._origin,
            Domain("type", "=", "opportunity") & Domain("won_status", "=", "won"),
        )
        leads.flush_model(["partner_id", "company_id", "date_closed", "won_status"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        partner = query.join(query.table, "partner_id", "res_partner", "id", "customer")
        customer = SQL.identifier(partner, "commercial_partner_id")
        company = SQL.identifier(query.table, "company_id")
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT FROM crm_lead AS earlier
                      JOIN res_partner AS earlier_partner
                        ON earlier_partner.id = earlier.partner_id
                     WHERE earlier_partner.commercial_partner_id = %s
                       AND earlier.type = 'opportunity'
                       AND earlier.won_status = 'won'
                       AND earlier.company_id IS NOT DISTINCT FROM %s
                       AND (earlier.date_closed, earlier.id) < (%s, %s))""",
                customer,
                company,
                SQL.identifier(query.table, "date_closed"),
                SQL.identifier(query.table, "id"),
            )
        )
        for campaign_id, company_id, partner_id in self.env.execute_query(
            query.select(linked, company, customer)
        ):
            campaign = by_id[campaign_id]
            if campaign._counts_company(self.env["res.company"].browse(company_id)):
                found[campaign].add(partner_id)
        return {campaign: len(partners) for campaign, partners in found.items()}
