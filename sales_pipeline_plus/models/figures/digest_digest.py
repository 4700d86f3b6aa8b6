from dataclasses import replace

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# {figure: code of the figure in `crm.kpi`, action that opens its opportunities}
STANDING_FIGURES = {
    "kpi_crm_without_next_action": (
        "no_action_count",
        "sales_pipeline_plus.crm_lead_action_without_next_action",
    ),
    "kpi_crm_late": (
        "late_count",
        "sales_pipeline_plus.crm_lead_action_late",
    ),
    "kpi_crm_out_of_standard": (
        "out_of_standard_count",
        "sales_pipeline_plus.crm_lead_action_out_of_standard",
    ),
}


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
        if not (start and end):
            # As in Odoo's own figures, there is nothing in no period.
            self.kpi_crm_won_revenue_value = 0.0
            return
        for digest in self:
            engine = digest._get_figures_engine()
            period = engine._read_period("this_month", fields.Date.context_today(self))
            scope = replace(
                engine._get_scope(Domain.TRUE, [period], None),
                spans=(tuple(map(fields.Datetime.to_datetime, (start, end))),),
            )
            won = engine._get_facts(scope, {"won_amount"})["won_amount"]
            digest.kpi_crm_won_revenue_value = won.get_number(0, False)

    def _compute_standing_figure(self, name):
        self._check_pipeline_figures_access()
        code, _action = STANDING_FIGURES[name]
        for digest in self:
            answer = digest._get_figures_engine().get_figures(codes=[code])
            digest[f"{name}_value"] = answer["values"][code][0]["value"]

    def _get_figures_engine(self):
        """Return the engine of all figures, for one company and the reader's time zone:
        the digest tells what the page of the figures tells."""
        company = self.company_id or self.env.company
        return self.env["crm.kpi"].with_context(
            allowed_company_ids=company.ids, tz=self.env.user.tz
        )

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
        for name, (_code, action) in STANDING_FIGURES.items():
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
