from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class SalesCampaignAmounts(models.AbstractModel):
    """The customers that campaigns have won."""

    _inherit = "sales.campaign.amounts"

    @api.model
    def _get_new_customers(self, campaigns):
        """Return ``{campaign: ids}`` of the customers of whom the first won
        opportunity, in its company, is of the campaign."""
        by_id = {campaign._origin.id: campaign for campaign in campaigns}
        found = {campaign: set() for campaign in campaigns}
        leads, query, keys = self._search_linked(
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
            query.select(keys[0], company, customer)
        ):
            campaign = by_id[campaign_id]
            if campaign._counts_company(self.env["res.company"].browse(company_id)):
                found[campaign].add(partner_id)
        return found
