from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# {figure: condition on the open opportunities, action that opens them}
STANDING_FIGURES = {
    "kpi_crm_without_next_action": (
        [("next_action_state", "=", "missing")],
        "sales_pipeline_plus.crm_lead_action_without_next_action",
    ),
    "kpi_crm_late": (
        [("deal_status", "=", "late")],
        "sales_pipeline_plus.crm_lead_action_late",
    ),
    "kpi_crm_out_of_standard": (
        [("is_rotting", "=", True)],
        "sales_pipeline_plus.crm_lead_action_out_of_standard",
    ),
}
OPEN_DEALS = [("type", "=", "opportunity"), ("won_status", "=", "pending")]


class DigestDigest(models.Model):
    """Figures of the pipelines in Odoo's digest, each by the reader's own rights.

    Those of opportunities that wait are as of today, so they come once, not by period.
    """

    _inherit = "digest.digest"

    kpi_crm_without_next_action = fields.Boolean("Opportunities Without Next Action")
    kpi_crm_without_next_action_value = fields.Integer(
        compute="_compute_kpi_crm_without_next_action_value"
    )
    kpi_crm_late = fields.Boolean("Late Opportunities")
    kpi_crm_late_value = fields.Integer(compute="_compute_kpi_crm_late_value")
    kpi_crm_out_of_standard = fields.Boolean("Opportunities Out of Standard")
    kpi_crm_out_of_standard_value = fields.Integer(
        compute="_compute_kpi_crm_out_of_standard_value"
    )
    kpi_crm_won_revenue = fields.Boolean("Revenue of Won Opportunities")
    kpi_crm_won_revenue_value = fields.Monetary(
        compute="_compute_kpi_crm_won_revenue_value"
    )

    def _compute_kpi_crm_without_next_action_value(self):
        self._compute_standing_figure("kpi_crm_without_next_action")

    def _compute_kpi_crm_late_value(self):
        self._compute_standing_figure("kpi_crm_late")

    def _compute_kpi_crm_out_of_standard_value(self):
        self._compute_standing_figure("kpi_crm_out_of_standard")

    def _compute_kpi_crm_won_revenue_value(self):
        """Expected revenue of what was won in the period, in the company's currency."""
        self._check_pipeline_figures_access()
        start, end, _companies = self._get_kpi_compute_parameters()
        for digest in self:
            domain = Domain(
                [
                    ("type", "=", "opportunity"),
                    ("won_status", "=", "won"),
                    ("date_closed", ">=", start),
                    ("date_closed", "<", end),
                ]
            )
            [(amount,)] = self.env["crm.lead"]._read_group(
                domain & digest._get_company_of_deals_domain(),
                aggregates=["expected_revenue:sum"],
            )
            digest.kpi_crm_won_revenue_value = amount or 0

    def _compute_standing_figure(self, name):
        self._check_pipeline_figures_access()
        condition, _action = STANDING_FIGURES[name]
        leads = self.env["crm.lead"].with_context(tz=self.env.user.tz)
        for digest in self:
            digest[f"{name}_value"] = leads.search_count(
                Domain(OPEN_DEALS)
                & Domain(condition)
                & digest._get_company_of_deals_domain()
            )

    def _get_company_of_deals_domain(self):
        """Return the domain of one company's deals, those of no company included."""
        company = self.company_id or self.env.company
        return Domain("company_id", "in", [company.id, False])

    def _check_pipeline_figures_access(self):
        """Odoo leaves out the figures that raise this for a reader.

        :raise AccessError: if the reader has no access to the pipelines
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(
                self.env._("The figures of the pipelines are for salespeople only.")
            )

    def _compute_kpis(self, company, user):
        figures = super()._compute_kpis(company, user)
        for figure in figures:
            if figure["kpi_name"] in STANDING_FIGURES:
                figure["kpi_col1"].update(margin=0, col_subtitle=self.env._("Today"))
                # Empty cells, so that the line above goes all the way.
                empty = {"value": "", "col_subtitle": ""}
                figure.update(kpi_col2=empty, kpi_col3=empty)
        return figures

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu_id = self.env.ref("crm.crm_menu_root").id
        for name, (_condition, action) in STANDING_FIGURES.items():
            actions[name] = f"{action}?menu_id={menu_id}"
        won = "sales_pipeline_plus.crm_lead_action_won"
        actions["kpi_crm_won_revenue"] = f"{won}?menu_id={menu_id}"
        return actions

    @api.model
    def _add_pipeline_figures(self):
        """Show what waits in the standard digest, if that still exists."""
        digest = self.env.ref("digest.digest_digest_default", raise_if_not_found=False)
        if digest:
            digest.write({"kpi_crm_without_next_action": True, "kpi_crm_late": True})
