from odoo import api, models
from odoo.tools import SQL


class SalesCampaignMixin(models.AbstractModel):
    """The links in the database: pairs of ids of a record and a campaign."""

    _inherit = "sales.campaign.mixin"

    def _get_campaign_pairs(self, campaigns):
        return [(record, campaign) for campaign in campaigns.ids for record in self.ids]

    @api.model
    def _get_relation(self):
        """Return the names of the table and the columns of the links, for SQL."""
        field = self._fields["sales_campaign_ids"]
        return {
            "links": SQL.identifier(field.relation),
            "record": SQL.identifier(field.column1),
            "campaign": SQL.identifier(field.column2),
            "records": SQL.identifier(self._table),
        }

    def _get_campaign_links(self):
        """Return the links of these records."""
        if not self.ids:
            return []
        return self.env.execute_query(
            SQL(
                "SELECT %(record)s, %(campaign)s FROM %(links)s"
                " WHERE %(record)s = ANY(%(ids)s)",
                ids=list(self.ids),
                **self._get_relation(),
            )
        )

    def _get_carried_links(self):
        """Return the links that follow from the UTM campaigns of these records."""
        if not self._carries_utm_campaign():
            return []
        by_utm = self.env["sales.campaign"]._get_ids_by_utm_campaign()
        return [
            (record.id, by_utm[record.campaign_id.id])
            for record in self
            if record.campaign_id.id in by_utm
        ]

    def _get_inherited_links(self):
        """Return the links of the records that these come from, as theirs."""
        links = set()
        for model_name, sources in self._get_campaign_sources():
            links.update(
                self.env.execute_query(
                    SQL(
                        """SELECT DISTINCT source.record_id, link.%(campaign)s
                             FROM (%(sources)s) AS source
                             JOIN %(links)s AS link
                               ON link.%(record)s = source.source_id
                            WHERE source.record_id = ANY(%(ids)s)""",
                        sources=sources,
                        ids=list(self.ids),
                        **self.env[model_name]._get_relation(),
                    )
                )
            )
        return sorted(links)

    def _insert_campaign_links(self, pairs):
        """Make links within the limits of the companies, and hand them on.

        :param pairs: list of pairs, or a query that returns them
        :return: the new links
        """
        if not pairs:
            return []
        self._flush_campaign_fields()
        added = self.env.execute_query(
            SQL(
                """INSERT INTO %(links)s (%(record)s, %(campaign)s)
                   SELECT DISTINCT pair.record_id, pair.campaign_id
                     FROM (%(pairs)s) AS pair (record_id, campaign_id)
                     JOIN %(records)s AS record ON record.id = pair.record_id
                     JOIN sales_campaign AS campaign ON campaign.id = pair.campaign_id
                     JOIN utm_campaign AS utm ON utm.id = campaign.utm_campaign_id
                    WHERE %(same_company)s
              ON CONFLICT DO NOTHING
                RETURNING %(record)s, %(campaign)s""",
                pairs=self._get_pairs_query(pairs),
                same_company=self._get_same_company_condition(),
                **self._get_relation(),
            )
        )
        self._refresh_links(added)
        self._hand_on_new_links(added)
        return added

    def _delete_campaign_links(self, pairs, utm_campaign_id=None, forced=False):
        """Remove links, and hand that on.

        :param pairs: list of pairs, or a query that returns them
        :param utm_campaign_id: the UTM campaign, or False, that takes the place of the
            one of the campaign; None leaves those who carry it linked
        :param forced: remove even what a record that they come from is linked to
        :return: the links that are gone
        """
        self._flush_campaign_fields()
        if isinstance(pairs, SQL):
            pairs = self.env.execute_query(pairs)
        pairs = set(pairs)
        records = self.browse({record_id for record_id, _campaign_id in pairs})
        if not forced and pairs:
            pairs.difference_update(records._get_inherited_links())
        if utm_campaign_id is None and pairs:
            pairs.difference_update(records._get_carried_links())
        if not pairs:
            return []
        removed = self.env.execute_query(
            SQL(
                """DELETE FROM %(links)s AS link
                    USING (%(pairs)s) AS pair (record_id, campaign_id)
                    WHERE link.%(record)s = pair.record_id
                      AND link.%(campaign)s = pair.campaign_id
                RETURNING link.%(record)s, link.%(campaign)s""",
                pairs=self._get_pairs_query(sorted(pairs)),
                **self._get_relation(),
            )
        )
        self._refresh_links(removed)
        if utm_campaign_id is not None:
            self._replace_utm_campaign(removed, utm_campaign_id)
        self._hand_on_removed_links(removed, utm_campaign_id)
        return removed

    def _replace_utm_campaign(self, pairs, utm_campaign_id):
        """Give the records of these former links that still carry the UTM campaign of
        the campaign this other one."""
        if not pairs or not self._carries_utm_campaign():
            return
        self.flush_model(["campaign_id"])
        replaced = self.env.execute_query(
            SQL(
                """UPDATE %(records)s AS record
                      SET campaign_id = %(utm_campaign_id)s
                     FROM (%(pairs)s) AS pair (record_id, campaign_id)
                     JOIN sales_campaign AS campaign ON campaign.id = pair.campaign_id
                    WHERE record.id = pair.record_id
                      AND record.campaign_id = campaign.utm_campaign_id
                RETURNING record.id""",
                utm_campaign_id=utm_campaign_id or None,
                pairs=self._get_pairs_query(pairs),
                **self._get_relation(),
            )
        )
        records = self.browse(record_id for (record_id,) in replaced)
        records.modified(["campaign_id"])
        records.invalidate_recordset(["campaign_id"], flush=False)

    @api.model
    def _get_pairs_query(self, pairs):
        if isinstance(pairs, SQL):
            return pairs
        record_ids, campaign_ids = zip(*pairs, strict=True)
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[])",
            list(record_ids),
            list(campaign_ids),
        )

    def _hand_on_new_links(self, pairs):
        """Link the records that come from these to the same campaigns."""
        for dependent, query in self._get_dependent_pairs(pairs):
            dependent._insert_campaign_links(query)

    def _hand_on_removed_links(self, pairs, utm_campaign_id):
        """Remove the records that come from these from the same campaigns."""
        for dependent, query in self._get_dependent_pairs(pairs):
            dependent._delete_campaign_links(query, utm_campaign_id)

    def _get_dependent_pairs(self, pairs):
        """Yield the models of the records that come from these, each with the query of
        the same pairs for them."""
        if not pairs:
            return
        for model_name in self._get_campaign_models():
            dependent = self.env[model_name].sudo()
            for source_name, sources in dependent._get_campaign_sources():
                if source_name == self._name:
                    yield (
                        dependent,
                        SQL(
                            """SELECT source.record_id, pair.campaign_id
                                 FROM (%s) AS pair (record_id, campaign_id)
                                 JOIN (%s) AS source
                                   ON source.source_id = pair.record_id""",
                            self._get_pairs_query(pairs),
                            sources,
                        ),
                    )

    def _flush_campaign_fields(self):
        """Write the fields that the queries of the links read."""
        self.flush_model(
            self._get_campaign_link_fields().difference(["sales_campaign_ids"])
        )
        self.env["utm.campaign"].flush_model(["company_id"])

    def _refresh_links(self, pairs):
        """Let the links be read again after a query has changed them."""
        records = self.browse({record_id for record_id, _campaign_id in pairs})
        records.modified(["sales_campaign_ids"])
        records.invalidate_recordset(["sales_campaign_ids"], flush=False)
