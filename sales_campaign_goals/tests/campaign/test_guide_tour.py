from odoo.tests import new_test_user, tagged

from odoo.addons.sales_pipeline_plus.tests.common_tour import PatientCase


@tagged("post_install", "-at_install")
class TestGuideTour(PatientCase):
    def test_tradeshow(self):
        """The page of the user guide on a trade show, from its menus on."""
        manager = new_test_user(
            self.env, "guide_tour_manager", groups="sales_team.group_sale_manager"
        )
        self.env["sales.campaign.pattern"].create(
            {"name": "Pattern of the Tour", "average_basket": 5000}
        )
        self.env["sales.campaign"].with_user(manager).create(
            {
                "title": "Fair of the Tour 2026",
                "date_start": "2026-03-02",
                "date_end": "2026-03-06",
            }
        )
        self.start_tour("/odoo", "sales_campaign_guide_tradeshow", login=manager.login)
