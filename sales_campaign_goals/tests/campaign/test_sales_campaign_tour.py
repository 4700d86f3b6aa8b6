from odoo.tests import new_test_user, tagged

from odoo.addons.sales_pipeline_plus.tests.common_tour import PatientCase


@tagged("post_install", "-at_install")
class TestSalesCampaignTour(PatientCase):
    def test_create_a_campaign_and_its_first_opportunity(self):
        user = new_test_user(
            self.env,
            login="campaign_tour_salesman",
            groups="sales_team.group_sale_salesman",
            tz="Europe/Paris",
        )
        self.start_tour(
            "/odoo/sales-campaigns", "sales_campaign_tour", login=user.login
        )
        campaign = self.env["sales.campaign"].search(
            [("title", "=", "Open Day of the Tour")]
        )
        self.assertEqual(campaign.user_id, user)
        self.assertEqual(campaign.expected_revenue, 20000)
        self.assertEqual(campaign.opportunity_ids.name, "Lathe of the Tour")
        self.assertEqual(campaign.opportunity_revenue, 5000)
