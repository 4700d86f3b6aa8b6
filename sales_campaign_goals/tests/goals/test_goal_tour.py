from odoo.tests import new_test_user, tagged

from odoo.addons.sales_pipeline_plus.tests.common_tour import PatientCase


@tagged("post_install", "-at_install")
class TestGoalTour(PatientCase):
    def test_a_trade_show_whose_goals_count(self):
        user = new_test_user(
            self.env,
            login="goal_tour_salesman",
            groups="sales_team.group_sale_salesman,base.group_partner_manager",
            tz="Europe/Paris",
        )
        self.start_tour(
            "/odoo/sales-campaigns", "sales_campaign_goal_tour", login=user.login
        )
        campaign = self.env["sales.campaign"].search(
            [("title", "=", "Trade Show of the Tour")]
        )
        companies, visitors = campaign.goal_ids.sorted("target")
        self.assertEqual(companies.current, 1)
        self.assertEqual(companies.measure, "companies")
        self.assertEqual(visitors.manual_count, 1)
        self.assertEqual(visitors.entry_ids.user_id, user)
