from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.tools.readable_name import get_readable_name


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

    def _get_foreign_campaign_links(self, pairs):
        """Return those of these links that cross the limits of a company.

        :param pairs: list of pairs, or a query that returns them
        """
        if not pairs or "company_id" not in self._fields:
            return []
        self._flush_campaign_fields()
        return self.env.execute_query(
            SQL(
                """SELECT record.id, campaign.id
                     FROM (%(pairs)s) AS pair (record_id, campaign_id)
                     JOIN %(records)s AS record ON record.id = pair.record_id
                     JOIN sales_campaign AS campaign ON campaign.id = pair.campaign_id
                     JOIN utm_campaign AS utm ON utm.id = campaign.utm_campaign_id
                    WHERE NOT %(same_company)s
                    ORDER BY record.id, campaign.id""",
                pairs=self._get_pairs_query(pairs),
                same_company=self._get_same_company_condition(),
                **self._get_relation(),
            )
        )

    def _check_campaign_company(self, pairs):
        """Raise when a link would cross the limits of a company."""
        for record_id, campaign_id in self._get_foreign_campaign_links(pairs):
            record = self.browse(record_id).sudo()
            campaign = self.env["sales.campaign"].sudo().browse(campaign_id)
            raise UserError(
                self.env._(
                    "“%(record)s” belongs to %(company)s and cannot be linked to the "
                    "campaign “%(campaign)s” of %(campaign_company)s. Choose a "
                    "campaign of %(company)s, or one that is shared between "
                    "companies.",
                    record=get_readable_name(record),
                    company=record.company_id.name,
                    campaign=get_readable_name(campaign),
                    campaign_company=campaign.company_id.name,
                )
            )

    def _remove_foreign_campaign_links(self):
        """Remove the links of these records that cross the limits of a company, and
        say so in a note: for a change of company that nobody has typed.

        What comes from these records leaves those campaigns too, unless it carries
        their UTM campaign itself.

        :return: the links that are gone, pairs of ids of a record and a campaign
        """
        records = self.sudo()
        foreign = records._get_foreign_campaign_links(records._get_campaign_links())
        if not foreign:
            return []
        records._replace_utm_campaign(foreign, False)
        removed = records._delete_campaign_links(foreign, forced=True)
        records._note_foreign_campaigns(removed)
        return removed

    def _note_foreign_campaigns(self, links):
        """Note on the records how many campaigns they have left with their company.

        Who reads the note may not read the campaigns, so it does not name them.
        """
        if not hasattr(self, "_message_log_batch"):
            return
        counts = Counter(record_id for record_id, _campaign_id in links)
        self.browse(sorted(counts))._message_log_batch(
            {
                record_id: self.env._(
                    "No longer in the company of %s of its campaigns, and taken out of "
                    "them.",
                    count,
                )
                for record_id, count in counts.items()
            }
        )
