from odoo import fields
from odoo.tests import new_test_user, tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestFlashFiguresTours(TourCase):
    """The page in the browser, as a salesperson who sees his or her own documents."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson.company_id.fiscalyear_last_month = "12"
        # Opportunities of nobody are everybody's.
        leads = cls.env["crm.lead"].with_context(active_test=False)
        leads.search([("user_id", "=", False)]).user_id = cls.env.ref("base.user_admin")

    def _create_deals(self):
        now = fields.Datetime.now()
        for _number in range(3):
            self._create_deal(date_start=now)
        self._create_deal(date_start=now.replace(year=now.year - 1, month=1, day=15))

    def test_figures(self):
        self._create_deals()
        self.start_tour(
            "/odoo/flash-figures",
            "sales_pipeline_plus_flash_figures",
            login="tour_salesperson",
        )
        settings = self.salesperson.res_users_settings_id
        self.assertNotIn("created_amount", settings.flash_figure_codes)
        self.start_tour(
            "/odoo/flash-figures?period=last_year",
            "sales_pipeline_plus_flash_figures_kept",
            login="tour_salesperson",
        )

    def test_home(self):
        """The page can be the first one that a user sees."""
        self._create_deals()
        self.salesperson.action_id = self.env.ref(
            "sales_pipeline_plus.crm_kpi_action_flash_figures"
        ).id
        self.start_tour(
            "/odoo", "sales_pipeline_plus_flash_figures_home", login="tour_salesperson"
        )

    def test_empty(self):
        new_test_user(
            self.env, "tour_newcomer", groups="sales_team.group_sale_salesman"
        )
        self.start_tour(
            "/odoo/flash-figures",
            "sales_pipeline_plus_flash_figures_empty",
            login="tour_newcomer",
        )

    def test_percentage_of_a_language(self):
        """French writes 30 %, with a space that does not break; English 30%."""
        self.env["res.lang"]._activate_lang("fr_FR")
        for lang, expected in (("en_US", "30%"), ("fr_FR", "30\u00a0%")):
            self.salesperson.lang = lang
            self.browser_js(
                "/odoo/flash-figures",
                f"""
                const path = "@sales_pipeline_plus/figures/percentage/percent_field";
                const {{formatPercentOfHundred}} = odoo.loader.modules.get(path);
                const text = formatPercentOfHundred(30, {{digits: [16, 0]}});
                if (text === "{expected}") console.log("test successful");
                else console.error(`{lang}: ${{text}}`);
                """,
                "Boolean(document.querySelector('.o_action'))",
                login="tour_salesperson",
            )
