import json

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

# By campaign: the deals shared out among their campaigns, or whole in each of them.
CAMPAIGN_BREAKDOWNS = ("campaign", "campaign_influenced")


class CrmKpi(models.AbstractModel):
    """Figures by sales campaign, of the same engine as the totals of the campaigns.

    ``campaign`` is the attributed share: amounts are shared out among the campaigns of
    a deal, which counts in each that has a share in it. ``campaign_influenced`` counts
    a deal whole in each of its campaigns. Without a breakdown a deal counts once.
    """

    _inherit = "crm.kpi"

    @api.model
    def _check_breakdown(self, breakdown):
        if breakdown in CAMPAIGN_BREAKDOWNS:
            return None
        return super()._check_breakdown(breakdown)

    @api.model
    def _get_breakdown_sql(self, breakdown, query, alias, moment):
        if breakdown not in CAMPAIGN_BREAKDOWNS:
            return super()._get_breakdown_sql(breakdown, query, alias, moment)
        leads = self.env["crm.lead"]
        leads.flush_model(["sales_campaign_ids"])
        name = query.make_alias(alias, "sales_campaign")
        query.add_join(
            "LEFT JOIN",
            name,
            SQL(
                """(SELECT link.%(record)s AS lead_id, link.%(campaign)s AS campaign_id,
                           part.rank, part.count
                      FROM %(links)s AS link
                 LEFT JOIN jsonb_to_recordset(%(shares)s::jsonb) AS part (
                           lead int, campaign int, rank int, count int)
                        ON part.lead = link.%(record)s
                       AND part.campaign = link.%(campaign)s
                     WHERE part.count IS DISTINCT FROM 0)""",
                shares=json.dumps(self._get_campaign_shares(breakdown)),
                **leads._get_relation(),
            ),
            SQL(
                "%s = %s", SQL.identifier(name, "lead_id"), SQL.identifier(alias, "id")
            ),
        )
        rank, count = SQL.identifier(name, "rank"), SQL.identifier(name, "count")

        def share_out(units):
            """As ``share_out`` of the campaigns: units left over go to the first."""
            return SQL(
                "CASE WHEN %(count)s IS NULL THEN %(units)s ELSE "
                "floor(%(units)s / %(count)s) + CASE WHEN %(rank)s < %(units)s "
                "- %(count)s * floor(%(units)s / %(count)s) THEN 1 ELSE 0 END END",
                units=units,
                rank=rank,
                count=count,
            )

        return SQL.identifier(name, "campaign_id"), share_out

    @api.model
    def _get_campaign_shares(self, breakdown):
        """Return the shares of deals of several campaigns, as rows for the query: the
        campaign is one of ``count`` that share equally, with its ``rank`` from 0; the
        count is 0 without a share."""
        if breakdown == "campaign_influenced":
            return []
        shares = self.env["sales.campaign.attribution"]._get_opportunity_shares()
        return [
            {"lead": lead_id, "campaign": campaign_id, "rank": rank, "count": count}
            for (lead_id, campaign_id), (rank, count) in shares.items()
        ]

    @api.model
    def _get_record_keys(self, ids, breakdown):
        if breakdown not in CAMPAIGN_BREAKDOWNS:
            return super()._get_record_keys(ids, breakdown)
        campaigns = self.env["sales.campaign"].with_context(active_test=False)
        known = campaigns.search([("id", "in", list(ids))])
        names = {campaign.id: campaign.title for campaign in known}
        # a deal of a campaign that the reader may not see counts all the same
        return [
            {"id": number, "label": names.get(number) or self.env._("Not accessible")}
            for number in [*known.ids, *sorted(set(ids) - names.keys())]
        ]

    @api.model
    def _get_key_domain(self, behind, breakdown, key):
        if breakdown not in CAMPAIGN_BREAKDOWNS:
            return super()._get_key_domain(behind, breakdown, key)
        if not key:
            return Domain("sales_campaign_ids", "=", False)
        without = [
            row["lead"]
            for row in self._get_campaign_shares(breakdown)
            if row["campaign"] == key and not row["count"]
        ]
        return Domain("sales_campaign_ids", "in", [key]) & Domain(
            "id", "not in", without
        )
