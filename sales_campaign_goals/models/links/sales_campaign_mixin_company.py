from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class SalesCampaignMixin(models.AbstractModel):
    """A link stays within a company and its branches."""

    _inherit = "sales.campaign.mixin"

    @api.model
    def _get_same_company_condition(self):
        """Return the SQL condition that `record` is in the company of `utm`, or in one
        of its branches; where either has no company, it is."""
        if "company_id" not in self._fields:
            return SQL("TRUE")
        return SQL(
            """(utm.company_id IS NULL OR record.company_id IS NULL
                OR utm.company_id = record.company_id
                OR EXISTS (SELECT
                             FROM res_company AS own, res_company AS root
                            WHERE own.id = record.company_id
                              AND root.id = utm.company_id
                              AND own.parent_path LIKE root.parent_path || '%%'))"""
        )

    def _check_campaign_company(self, pairs):
        """Raise when a link would cross the limits of a company."""
        if not pairs or "company_id" not in self._fields:
            return
        self._flush_campaign_fields()
        found = self.env.execute_query(
            SQL(
                """SELECT record.id, campaign.id
                     FROM (%(pairs)s) AS pair (record_id, campaign_id)
                     JOIN %(records)s AS record ON record.id = pair.record_id
                     JOIN sales_campaign AS campaign ON campaign.id = pair.campaign_id
                     JOIN utm_campaign AS utm ON utm.id = campaign.utm_campaign_id
                    WHERE NOT %(same_company)s
                    LIMIT 1""",
                pairs=self._get_pairs_query(pairs),
                same_company=self._get_same_company_condition(),
                **self._get_relation(),
            )
        )
        for record_id, campaign_id in found:
            record = self.browse(record_id).sudo()
            campaign = self.env["sales.campaign"].sudo().browse(campaign_id)
            raise UserError(
                self.env._(
                    "“%(record)s” belongs to %(company)s and cannot be linked to the "
                    "campaign “%(campaign)s” of %(campaign_company)s. Choose a "
                    "campaign of %(company)s, or one that is shared between "
                    "companies.",
                    record=record.display_name,
                    company=record.company_id.name,
                    campaign=campaign.title,
                    campaign_company=campaign.company_id.name,
                )
            )
