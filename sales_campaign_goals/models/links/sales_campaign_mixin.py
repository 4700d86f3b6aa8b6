from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.tools.readable_name import get_readable_name

SALESPERSON = "sales_team.group_sale_salesman"


class SalesCampaignMixin(models.AbstractModel):
    """A record that can be linked to sales campaigns.

    Another addon makes its model one of them in one line::

        _inherit = ["my.model", "sales.campaign.mixin"]

    ``sales_campaign_ids`` is all that counts: it holds every link, whatever its reason:

    - somebody made it;
    - the record carries the UTM campaign of the sales campaign in its ``campaign_id``:
      such a record is always linked, and removing the link empties ``campaign_id``;
    - it was taken over from the records that this one comes from, see
      :meth:`_get_campaign_sources`: what is linked or removed there later is linked or
      removed here too, unless another of these records still has the campaign.

    The links of an automatic kind stop, without an error, at the limits of a company.
    They are written in the database a level at a time, in a number of queries that does
    not depend on that of the records; nothing is tracked, and the date of the last
    change of the records stays.
    """

    _name = "sales.campaign.mixin"
    _description = "Linked to Sales Campaigns"

    # many2one fields to the records whose campaigns this one takes over
    _campaign_source_fields = ()

    # Odoo indexes both directions of a relation
    sales_campaign_ids = fields.Many2many(
        "sales.campaign",
        string="Sales Campaigns",
        groups=SALESPERSON,
        help="The sales campaigns that this record belongs to: it counts in each.",
    )

    # ------------------------------------------------------------
    # WHAT OTHER CODE RELIES ON
    # ------------------------------------------------------------

    @api.model
    def _get_campaign_models(self):
        """Return the names of the models that can be linked, sorted."""
        registry = self.env.registry
        return sorted(
            name
            for name in registry.descendants(["sales.campaign.mixin"], "_inherit")
            if not registry[name]._abstract and not registry[name]._transient
        )

    @api.model
    def _get_campaign_domain(self, campaigns):
        """Return the domain of the records of this model that belong to `campaigns`,
        whatever the reason."""
        return Domain("sales_campaign_ids", "in", campaigns.ids)

    @api.model
    def _get_campaign_company_domain(self, campaign):
        """Return the domain of the records of this model in the campaign's company."""
        if "company_id" not in self._fields:
            return Domain.TRUE
        return campaign._get_company_domain()

    @api.model
    def _get_campaign_sources(self):
        """Return where records of this model take campaigns over from.

        :return: list of ``(model name, SQL)``; the query returns ``record_id``, of this
            model, and ``source_id``, of the other
        """
        return [
            (
                self._fields[name].comodel_name,
                SQL(
                    "SELECT id AS record_id, %(field)s AS source_id FROM %(table)s"
                    " WHERE %(field)s IS NOT NULL",
                    field=SQL.identifier(name),
                    table=SQL.identifier(self._table),
                    to_flush=self._fields[name],
                ),
            )
            for name in self._campaign_source_fields
        ]

    def _link_campaigns(self, campaigns):
        """Link all these records to all these campaigns.

        :return: how many links are new
        """
        self._check_linking(campaigns)
        pairs = self._get_campaign_pairs(campaigns)
        self._check_campaign_company(pairs)
        return len(self._insert_campaign_links(pairs))

    def _unlink_campaigns(self, campaigns):
        """Remove all these records from all these campaigns.

        :return: how many links are gone
        """
        self._check_linking(campaigns)
        pairs = self._get_campaign_pairs(campaigns)
        return len(self._delete_campaign_links(pairs, False, forced=True))

    # ------------------------------------------------------------
    # ORM
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if records.env["sales.campaign"]._get_ids_by_utm_campaign():
            records.sudo()._link_on_create(self.env.su)
        return records

    def write(self, vals):
        """Make the links that follow from these values, and remove those that did."""
        changes = self._get_campaign_link_fields().intersection(vals)
        by_utm = self.env["sales.campaign"]._get_ids_by_utm_campaign()
        if not changes or not by_utm or not self.ids:
            return super().write(vals)
        records = self.sudo()
        sources_change = not changes.isdisjoint(self._campaign_source_fields)
        before = (
            records._get_campaign_links() if changes & {"sales_campaign_ids"} else []
        )
        inherited = records._get_inherited_links() if sources_change else []
        carried = records._get_carried_links() if changes & {"campaign_id"} else []
        result = super().write(vals)
        if "sales_campaign_ids" in changes:
            records._follow_links(before, self)
        if "campaign_id" in changes:
            records._follow_utm_campaign(carried, vals["campaign_id"])
        if sources_change:
            records._follow_sources(inherited)
        if "company_id" in changes:
            records._check_campaign_company(records._get_campaign_links())
        return result

    def copy_data(self, default=None):
        """Leave out the campaigns that the user may not see, or the copy not have."""
        default = dict(default or {})
        hidden = not self._has_field_access(self._fields["sales_campaign_ids"], "write")
        if hidden:
            default["sales_campaign_ids"] = []
        vals_list = super().copy_data(default)
        if hidden:
            for vals in filter(None, vals_list):
                del vals["sales_campaign_ids"]
        elif default.get("company_id") and "sales_campaign_ids" not in default:
            company = self.env["res.company"].sudo().browse(default["company_id"])
            for record, vals in zip(self, vals_list, strict=True):
                if "sales_campaign_ids" in (vals or {}):
                    campaigns = record.sales_campaign_ids.filtered(
                        lambda campaign: (
                            not campaign.company_id
                            or campaign.company_id in company.parent_ids
                        )
                    )
                    vals["sales_campaign_ids"] = [Command.set(campaigns.ids)]
        return vals_list

    # ------------------------------------------------------------
    # FOLLOWING A CHANGE
    # ------------------------------------------------------------

    @api.model
    def _get_campaign_link_fields(self):
        """Fields of which a change may make or remove links."""
        return {"sales_campaign_ids", "campaign_id", "company_id"}.union(
            self._campaign_source_fields
        ) & set(self._fields)

    @api.model
    def _carries_utm_campaign(self):
        field = self._fields.get("campaign_id")
        return bool(field and field.store and field.comodel_name == "utm.campaign")

    def _link_on_create(self, superuser):
        """Link new records; all is in the cache, without links there is no query."""
        by_utm = self.env["sales.campaign"]._get_ids_by_utm_campaign()
        linked = self.with_context(active_test=False).filtered("sales_campaign_ids")
        if linked:
            linked._follow_links([], self.sudo(superuser))
        if self._carries_utm_campaign():
            pairs = [
                (record.id, by_utm[record.campaign_id.id])
                for record in self
                if record.campaign_id.id in by_utm
            ]
            self._insert_campaign_links(pairs)
        self._inherit_campaigns(self._campaign_source_fields)

    def _inherit_campaigns(self, source_fields):
        """Take over the campaigns of the records that these come from."""
        records = self.filtered(lambda record: any(record[f] for f in source_fields))
        if records:
            records._insert_campaign_links(records._get_inherited_links())

    def _follow_links(self, before, records):
        """Check links that a write has made, and hand them and those gone on.

        :param before: the links until now
        :param records: the same records, of the user who writes
        """
        before, after = set(before), set(self._get_campaign_links())
        added, removed = sorted(after - before), sorted(before - after)
        records._check_linking(
            records.env["sales.campaign"].browse({campaign for _, campaign in added})
        )
        self._check_campaign_company(added)
        self._hand_on_new_links(added)
        self._replace_utm_campaign(removed, False)
        self._hand_on_removed_links(removed, False)

    def _follow_utm_campaign(self, before, utm_campaign_id):
        """Link the records to the sales campaign of their new UTM campaign."""
        before, after = set(before), set(self._get_carried_links())
        self._delete_campaign_links(sorted(before - after), utm_campaign_id)
        self._insert_campaign_links(sorted(after - before))

    def _follow_sources(self, before):
        """Link the records to the campaigns of the records that they come from now."""
        before, after = set(before), set(self._get_inherited_links())
        self._delete_campaign_links(sorted(before - after))
        self._insert_campaign_links(sorted(after - before))

    # ------------------------------------------------------------
    # LINKS IN THE DATABASE: pairs of ids of a record and a campaign
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _check_linking(self, campaigns):
        """Linking takes the right to edit the record and to read the campaign."""
        if self.env.su:
            return
        self._check_field_access(self._fields["sales_campaign_ids"], "write")
        self.check_access("write")
        campaigns.check_access("read")

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
                    record=get_readable_name(record),
                    company=record.company_id.name,
                    campaign=get_readable_name(campaign),
                    campaign_company=campaign.company_id.name,
                )
            )
