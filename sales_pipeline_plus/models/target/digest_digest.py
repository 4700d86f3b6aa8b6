from odoo import fields, models
from odoo.tools import format_amount

FIGURE = "won_amount"


class DigestDigest(models.Model):
    """The target of the amount won of this month, in Odoo's digest.

    By the reader's own rights: salespeople who see their own opportunities read their
    own target.
    """

    _inherit = "digest.digest"

    kpi_crm_target = fields.Boolean("Amount Won against the Target")
    kpi_crm_target_value = fields.Monetary(
        compute="_compute_kpi_crm_target_value",
        help="What is made of this month's target of the amount won.",
    )

    def _compute_kpi_crm_target_value(self):
        self._check_pipeline_figures_access()
        for digest in self:
            target = digest._get_won_target()
            digest.kpi_crm_target_value = target["made"] if target else 0

    def _get_won_target(self):
        """Return the target of this month, see ``crm.kpi.get_figures``, or None."""
        answer = self._get_figures_engine().get_figures(
            {"period": "this_month", "comparison": "none"},
            [FIGURE],
            with_targets=True,
        )
        return answer["values"][FIGURE][0]["target"]

    def _compute_kpis(self, company, user):
        """Say target, expectation and state; without a target there is no line."""
        figures = super()._compute_kpis(company, user)
        result = []
        for figure in figures:
            if figure["kpi_name"] == "kpi_crm_target":
                digest = self.with_user(user).with_company(company)
                target = digest._get_won_target()
                if not target:
                    continue
                self._tell_target(figure, target, company)
            result.append(figure)
        return result

    def _tell_target(self, figure, target, company):
        amounts = {
            name: format_amount(self.env, target[name], company.currency_id)
            for name in ("target", "made", "expected")
        }
        figure["kpi_col1"].update(
            value=amounts["made"],
            margin=0,
            col_subtitle=self.env._(
                "This month: %(state)s", state=target["state_label"]
            ),
        )
        figure["kpi_col2"] = {
            "value": amounts["expected"],
            "col_subtitle": self.env._("Expected by today"),
        }
        figure["kpi_col3"] = {
            "value": amounts["target"],
            "col_subtitle": self.env._("Target"),
        }

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu_id = self.env.ref("crm.crm_menu_root").id
        action = "sales_pipeline_plus.crm_kpi_action_targets"
        actions["kpi_crm_target"] = f"{action}?menu_id={menu_id}"
        return actions
