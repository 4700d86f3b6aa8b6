from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.tools.internal import INTERNAL

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
            records._follow_sources(inherited, self)
        if "company_id" in changes:
            if self.env.context.get("campaigns_follow_company") is INTERNAL:
                records._remove_foreign_campaign_links()
            else:
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
        self._inherit_campaigns(self.sudo(superuser))

    def _inherit_campaigns(self, named):
        """Take over the campaigns of the records that these come from.

        :param named: the same records, of the user who names those they come from
        """
        fnames = self._campaign_source_fields
        records = self.filtered(lambda record: any(record[f] for f in fnames))
        if records:
            links = records._get_inherited_links()
            self._insert_campaign_links(named._leave_out_hidden_sources(links))

    def _leave_out_hidden_sources(self, links):
        """Return those of these links that tell the user nothing of a record that they
        may not read, and have just named by its number."""
        field = self._fields["sales_campaign_ids"]
        if not links or self.env.su or not self._has_field_access(field, "read"):
            return links
        hidden = set()
        for fname in self._campaign_source_fields:
            records = self.sudo().filtered(fname)
            readable = records[fname].sudo(False)._filtered_access("read").ids
            hidden.update(
                record.id for record in records if record[fname].id not in readable
            )
        return [link for link in links if link[0] not in hidden]

    def _follow_links(self, before, records):
        """Check links that a write has made, and hand them and those gone on.

        :param before: the links until now
        :param records: the same records, of the user who writes
        """
        before, after = set(before), set(self._get_campaign_links())
        added, removed = sorted(after - before), sorted(before - after)
        if typed := self._get_typed_links(added):
            records._check_linking(
                records.env["sales.campaign"].browse({link[1] for link in typed})
            )
        self._check_campaign_company(added)
        self._hand_on_new_links(added)
        self._replace_utm_campaign(removed, False)
        self._hand_on_removed_links(removed, False)

    def _get_typed_links(self, links):
        """Return those of these links that follow from nothing else: somebody made
        them. What the system links is not a matter of the user's rights."""
        if not links:
            return []
        automatic = {*self._get_inherited_links(), *self._get_carried_links()}
        return [link for link in links if link not in automatic]

    def _follow_utm_campaign(self, before, utm_campaign_id):
        """Link the records to the sales campaign of their new UTM campaign."""
        before, after = set(before), set(self._get_carried_links())
        self._delete_campaign_links(sorted(before - after), utm_campaign_id)
        self._insert_campaign_links(sorted(after - before))

    def _follow_sources(self, before, named=None):
        """Link the records to the campaigns of the records that they come from now.

        :param named: the same records, of the user who has named those they come from
        """
        before, after = set(before), set(self._get_inherited_links())
        self._delete_campaign_links(sorted(before - after))
        added = sorted(after - before)
        if named is not None:
            added = named._leave_out_hidden_sources(added)
        self._insert_campaign_links(added)

    def _check_linking(self, campaigns):
        """Linking takes the right to edit the record and to read the campaign."""
        if self.env.su:
            return
        self._check_field_access(self._fields["sales_campaign_ids"], "write")
        self.check_access("write")
        campaigns.check_access("read")
