from odoo import api, fields, models


class SalesCampaign(models.Model):
    """The attribution model, named wherever a figure is shown."""

    _inherit = "sales.campaign"

    attribution_model = fields.Char(
        compute="_compute_attribution_model",
        help="How what several campaigns have brought is shared out among them: the "
        "choice of the company of each record, in the settings of the CRM.",
    )

    @api.depends("company_id.campaign_attribution")
    @api.depends_context("lang", "allowed_company_ids")
    def _compute_attribution_model(self):
        for campaign in self:
            companies = campaign.company_id or self.env.companies
            campaign.attribution_model = self._get_attribution_names(companies)

    @api.model
    def _get_attribution_names(self, companies):
        """Return the names of the models of these companies, as the user reads them."""
        roots = companies.sudo().root_id
        names = dict(
            roots._fields["campaign_attribution"]._description_selection(self.env)
        )
        found = dict.fromkeys(roots.mapped("campaign_attribution"))
        return " / ".join(names[model] for model in found)
