from odoo import api, models
from odoo.tools import SQL, ormcache


class SalesCampaign(models.Model):
    """The records that are linked to a campaign."""

    _name = "sales.campaign"
    _inherit = ["sales.campaign", "crm.setup.mixin"]
    _setup_fields = frozenset({"utm_campaign_id"})

    @api.model
    def _get_ids_by_utm_campaign(self):
        """Return ``{id of the UTM campaign: id of the sales campaign}`` of all, as this
        transaction has them.
        """
        return self._get_ids_by_utm_campaign_of(
            self.env["crm.setup.version"]._get_current()
        )

    @api.model
    @ormcache("version")
    def _get_ids_by_utm_campaign_of(self, version):
        self.flush_model(["utm_campaign_id"])
        return dict(
            self.env.execute_query(
                SQL("SELECT utm_campaign_id, id FROM sales_campaign")
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        campaigns.filtered(
            lambda campaign: not campaign.has_own_utm_campaign
        )._link_carriers()
        return campaigns

    @api.constrains("company_id")
    def _check_links_company(self):
        """A campaign cannot move to a company and leave its records behind."""
        self._check_linked_companies()

    def _check_linked_companies(self):
        """Raise when a linked record is in a company that cannot have the campaign."""
        with_company = self.sudo().filtered("company_id")
        if not with_company:
            return
        self.env["utm.campaign"].flush_model(["company_id"])
        for model_name in self.env["sales.campaign.mixin"]._get_campaign_models():
            records = self.env[model_name].sudo()
            records._check_campaign_company(
                SQL(
                    "SELECT %(record)s, %(campaign)s FROM %(links)s"
                    " WHERE %(campaign)s = ANY(%(ids)s)",
                    ids=list(with_company.ids),
                    **records._get_relation(),
                )
            )

    def _link_carriers(self):
        """Link the records that carry the UTM campaigns of these campaigns."""
        utm_campaign_ids = self.sudo().utm_campaign_id.ids
        if not utm_campaign_ids:
            return
        for model_name in self.env["sales.campaign.mixin"]._get_campaign_models():
            records = self.env[model_name].sudo()
            if records._carries_utm_campaign():
                records._insert_campaign_links(
                    SQL(
                        """SELECT record.id, campaign.id
                             FROM %s AS record
                             JOIN sales_campaign AS campaign
                               ON campaign.utm_campaign_id = record.campaign_id
                            WHERE record.campaign_id = ANY(%s)""",
                        SQL.identifier(records._table),
                        list(utm_campaign_ids),
                    )
                )
