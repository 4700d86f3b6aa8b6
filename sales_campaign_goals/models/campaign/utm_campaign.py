from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class UtmCampaign(models.Model):
    _inherit = "utm.campaign"

    sales_campaign_ids = fields.One2many(
        "sales.campaign",
        "utm_campaign_id",
        context={"active_test": False},
        groups="sales_team.group_sale_salesman",
        help="The sales campaign that this UTM campaign runs as: one at most.",
    )

    def write(self, vals):
        """Keep who may edit a sales campaign in the hands of those who may edit it.

        Every employee may write on UTM campaigns, but the responsible and the company
        decide who may edit the sales campaign and who sees it.
        """
        if not self.env.su and not self._get_access_fields().isdisjoint(vals):
            self._check_sales_campaign_access()
        result = super().write(vals)
        if vals.get("company_id"):
            self.sudo().sales_campaign_ids._check_linked_companies()
        return result

    def _check_sales_campaign_access(self):
        """Raise when the user may not edit the sales campaigns of these campaigns."""
        campaigns = (
            self.env["sales.campaign"]
            .sudo()
            .with_context(active_test=False)
            .search([("utm_campaign_id", "in", self.ids)])
        )
        if not campaigns:
            return
        campaigns.browse().sudo(False).check_access("write")
        # by a search, on what is in the database: a write on the sales campaign has
        # put the new responsible in its cache before it comes here
        rules = self.env["ir.rule"]
        allowed = campaigns.search(
            Domain("id", "in", campaigns.ids)
            & rules._compute_domain("sales.campaign", "write")
        )
        if forbidden := campaigns - allowed:
            raise rules._make_access_error("write", forbidden.sudo(False))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sales_campaign(self):
        # PostgreSQL 18 refuses with an error that Odoo 19 shows as it comes
        campaigns = (
            self.env["sales.campaign"]
            .sudo()
            .with_context(active_test=False)
            .search([("utm_campaign_id", "in", self.ids)], limit=1)
        )
        if campaigns:
            raise UserError(
                self.env._(
                    "The UTM campaign “%s” runs as a sales campaign. Delete that sales "
                    "campaign first, or archive it.",
                    campaigns.title,
                )
            )

    @api.model
    def _get_access_fields(self):
        """Fields of a UTM campaign on which the rules of sales campaigns depend."""
        return {"user_id", "company_id"}

    def action_run_as_sales_campaign(self):
        """Make sales campaigns out of these UTM campaigns and open them.

        Nothing is copied: the sales campaign delegates to the UTM campaign, so all that
        refers to it stays where it is.
        """
        check_records(self)
        missing = self.filtered(lambda campaign: not campaign.sales_campaign_ids)
        self.env["sales.campaign"].create(
            [campaign._prepare_sales_campaign_vals() for campaign in missing]
        )
        return self.action_view_sales_campaign()

    def _prepare_sales_campaign_vals(self):
        self.ensure_one()
        vals = {
            "utm_campaign_id": self.id,
            "date_start": fields.Date.to_date(
                fields.Datetime.context_timestamp(self, self.create_date)
            ),
        }
        if self.user_id != self.env.user:
            # who turns a colleague's campaign into a sales campaign works on it
            vals["member_ids"] = self.env.user.ids
        return vals

    def action_view_sales_campaign(self):
        """Open the sales campaigns of these UTM campaigns."""
        check_records(self)
        campaigns = self.sales_campaign_ids
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_campaign_goals.sales_campaign_action"
        )
        if len(campaigns) == 1:
            action.update(view_mode="form", views=[(False, "form")])
            action["res_id"] = campaigns.id
        else:
            action.update(domain=[("id", "in", campaigns.ids)], context={})
        return action

    def _filter_unreferenced(self):
        """Return those of these campaigns that no record of any model refers to."""
        unreferenced = self
        for model_name, field_name in self._get_referring_fields():
            if not unreferenced:
                break
            groups = (
                self.env[model_name]
                .sudo()
                .with_context(active_test=False)
                ._read_group(Domain(field_name, "in", unreferenced.ids), [field_name])
            )
            unreferenced -= self.browse(campaign.id for (campaign,) in groups)
        return unreferenced

    @api.model
    def _get_referring_fields(self):
        """Return the stored fields of all models that refer to a UTM campaign."""
        return [
            (model_name, field.name)
            for model_name, model_class in self.env.registry.items()
            if model_class._auto
            and not model_class._abstract
            and not model_class._transient
            for field in model_class._fields.values()
            if field.type in ("many2one", "many2many")
            and field.comodel_name == self._name
            and field.store
        ]
