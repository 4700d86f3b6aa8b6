from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.attribution import get_places, get_weights, share_out

# What a row of a source holds, in its order.
MEASURES = {
    "opportunities": (
        "lead_count",
        "open_count",
        "won_count",
        "lost_count",
        "potential",
        "weighted",
        "won",
        "lost",
        "won_without_order",
    ),
    "orders": ("ordered",),
    "invoices": ("invoiced",),
    "bills": ("bills",),
    "lines": ("lines",),
    "meetings": ("meetings", "hours"),
}
# These are no money: they are neither converted nor rounded, and hours only are shared.
COUNTS = {"lead_count", "open_count", "won_count", "lost_count"}
NO_MONEY = COUNTS | {"hours"}
MODEL_OF = {
    "opportunities": "crm.lead",
    "orders": "sale.order",
    "invoices": "account.move",
    "bills": "account.move",
    "meetings": "calendar.event",
}


class SalesCampaignAttribution(models.AbstractModel):
    """The one engine of what campaigns made and cost.

    A record of several campaigns counts whole in each that *influenced* it, and once in
    a group of them. It is *attributed* to them in shares that add up to it, to the
    cent, by the model that its company has chosen. Page, comparison, workbook and
    figures all read it here.
    """

    _name = "sales.campaign.attribution"
    _description = "Attribution to Campaigns"

    @api.model
    def _get_totals(self, campaigns, sources=tuple(MEASURES), currency=None):
        """Add up the records of campaigns, above the user's rules but within the
        campaign's company, in a number of queries that does not depend on theirs.

        :param sources: keys of ``MEASURES``
        :param currency: of the amounts, by default that of each campaign; each record
            converts at its own date
        :return: ``(influenced, attributed, shared)``: twice ``{campaign: {measure:
            value}}``; and what several of them have in common, ``{(source, record id):
            {campaign: {measure: value}}}``
        """
        by_id = {campaign._origin.id: campaign for campaign in campaigns}
        by_id.pop(False, None)
        influenced = {campaign: defaultdict(float) for campaign in campaigns}
        attributed = {campaign: defaultdict(float) for campaign in campaigns}
        shared = defaultdict(dict)
        rows = self._list_rows(by_id, campaigns, sources, currency)
        weights = self._get_weights_of_rows(rows)
        factors = self._get_factors(by_id, rows, currency)
        for row in rows:
            campaign = by_id[row.campaign_id]
            target = currency or campaign.currency_id
            factor = factors[self._get_factor_key(by_id, row, currency)]
            own = {}
            for measure, value in zip(MEASURES[row.source], row.values, strict=True):
                value = value or 0.0
                if measure not in NO_MONEY:
                    value *= factor
                    if row.record_id:
                        # Shares add up in the currency of the answer, and so do the
                        # amounts of single records to any total of them.
                        value = target.round(value)
                part = value
                if row.is_shared and measure not in COUNTS:
                    part = self._share_out(row, value, weights, measure, target)
                influenced[campaign][measure] += value
                attributed[campaign][measure] += part
                own[measure] = value
            if row.is_shared:
                shared[row.source, row.record_id][campaign] = own
        for totals in (influenced, attributed):
            for campaign, total in totals.items():
                for measure in total.keys() - NO_MONEY:
                    target = currency or campaign.currency_id
                    total[measure] = target.round(total[measure])
        return influenced, attributed, shared

    @api.model
    def _add_up(self, influenced, shared, currency):
        """Return ``{measure: value}`` of all these campaigns together: what several of
        them influenced counts once. The arguments are in one currency."""
        result = defaultdict(float)
        for total in influenced.values():
            for measure, value in total.items():
                result[measure] += value
        for by_campaign in shared.values():
            _once, *again = by_campaign.values()
            for own in again:
                for measure, value in own.items():
                    result[measure] -= value
        for measure in result.keys() - NO_MONEY:
            result[measure] = currency.round(result[measure])
        return result

    @api.model
    def _list_rows(self, by_id, campaigns, sources, currency):
        """Return the rows of the records that count in the campaign's company."""
        if not by_id:
            return []
        browse_company = self.env["res.company"].browse
        return [
            row
            for row in self.env["sales.campaign.amounts"]._get_rows(
                campaigns._origin, sources, currency
            )
            if by_id[row.campaign_id]._counts_company(browse_company(row.company_id))
        ]

    # ------------------------------------------------------------
    # SHARES
    # ------------------------------------------------------------

    @api.model
    def _share_out(self, row, value, weights, measure, currency):
        """Return the share of the row's campaign in a record of several campaigns."""
        weights = weights[row.source, row.record_id]
        if measure == "hours":
            return value * weights[row.campaign_id] / sum(weights.values())
        units = share_out(round(value / currency.rounding), weights, digits=0)
        return currency.round(units[row.campaign_id] * currency.rounding)

    @api.model
    def _get_weights_of_rows(self, rows):
        """Return ``{(source, record id): {campaign id: weight}}`` of shared records."""
        records = defaultdict(set)
        for row in rows:
            if row.is_shared:
                records[row.source].add(row.record_id)
        return {
            (source, record_id): weights
            for source, ids in records.items()
            for record_id, weights in self._get_weights(MODEL_OF[source], ids).items()
        }

    @api.model
    def _get_weights(self, model_name, record_ids):
        """Return ``{record id: {campaign id: weight}}`` of all campaigns of records, by
        one query. The weights are those of the model of the record's company."""
        model = self.env[model_name].sudo()
        self.env["sales.campaign"].flush_model(["date_start", "utm_campaign_id"])
        model._flush_campaign_fields()
        main, company = (
            SQL.identifier("record", fname) if fname in model._fields else SQL("NULL")
            for fname in ("campaign_id", "company_id")
        )
        links = defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """SELECT record.id, campaign.id, campaign.date_start,
                          campaign.utm_campaign_id = %(main)s,
                          COALESCE(%(company)s, utm.company_id)
                     FROM %(links)s AS link
                     JOIN %(records)s AS record ON record.id = link.%(record)s
                     JOIN sales_campaign AS campaign
                       ON campaign.id = link.%(campaign)s
                     JOIN utm_campaign AS utm ON utm.id = campaign.utm_campaign_id
                    WHERE record.id = ANY(%(ids)s)
                    ORDER BY campaign.id""",
                main=main,
                company=company,
                ids=list(record_ids),
                **model._get_relation(),
            )
        )
        for record_id, *link in rows:
            links[record_id].append(link)
        companies = self.env["res.company"].sudo()
        result = {}
        for record_id, found in links.items():
            company_id = next((link[3] for link in found if link[3]), None)
            company = companies.browse(company_id) if company_id else self.env.company
            result[record_id] = get_weights(
                company.root_id.sudo().campaign_attribution,
                [(start, number) for number, start, _is_main, _company in found],
                next((link[0] for link in found if link[2]), None),
            )
        return result

    @api.model
    def _get_opportunity_shares(self):
        """Return ``{(opportunity id, campaign id): (rank, number)}`` of the
        opportunities of several campaigns: of how many campaigns that share an amount
        equally this one is which, from 0; ``(0, 0)`` of one that has no share."""
        leads = self.env["crm.lead"]
        leads.flush_model(["sales_campaign_ids"])
        rows = self.env.execute_query(
            SQL(
                """SELECT link.%(record)s
                     FROM %(links)s AS link
                 GROUP BY 1
                   HAVING COUNT(*) > 1""",
                **leads._get_relation(),
            )
        )
        weights = self._get_weights("crm.lead", [row[0] for row in rows])
        return {
            (lead_id, campaign_id): place
            for lead_id, by_campaign in weights.items()
            for campaign_id, place in get_places(by_campaign).items()
        }

    # ------------------------------------------------------------
    # CONVERSION
    # ------------------------------------------------------------

    @api.model
    def _get_factor_key(self, by_id, row, currency):
        """Return the company, both currencies and the day of a conversion."""
        campaign = by_id[row.campaign_id]
        company = campaign.company_id or self.env.company
        target = currency or campaign.currency_id
        return company.id, row.currency_id, target.id, row.day

    @api.model
    def _get_factors(self, by_id, rows, currency):
        """Return ``{key: factor into the other currency}``, by one query."""
        keys = {self._get_factor_key(by_id, row, currency) for row in rows}
        currencies = self.env["res.currency"].sudo()
        companies = self.env["res.company"].sudo()

        def to_rate_key(key, currency_id):
            day = key[3] or fields.Date.context_today(self)
            return currencies.browse(currency_id), companies.browse(key[0]), day

        foreign = [key for key in keys if key[1] != key[2]]
        rates = currencies._get_rates_by_day(
            to_rate_key(key, currency_id)
            for key in foreign
            for currency_id in (key[1], key[2])
        )
        factors = dict.fromkeys(keys, 1.0)
        for key in foreign:
            factors[key] = (
                rates[to_rate_key(key, key[2])] / rates[to_rate_key(key, key[1])]
            )
        return factors
