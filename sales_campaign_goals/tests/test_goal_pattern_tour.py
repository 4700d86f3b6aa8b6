from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestGoalPatternTour(HttpCase):
    def test_a_trade_show_from_a_pattern(self):
        pattern = self.env["sales.campaign.pattern"].create(
            {"name": "Pattern of the Tour", "average_basket": 5000}
        )
        self.env["sales.campaign.pattern.step"].create(
            {
                "name": "Find opportunities",
                "pattern_id": pattern.id,
                "parent_id": pattern.step_ids.id,
                "rate": 20,
                "res_model": "crm.lead",
            }
        )
        user = new_test_user(
            self.env,
            login="pattern_tour_salesman",
            groups="sales_team.group_sale_salesman",
            tz="Europe/Paris",
        )
        self.start_tour(
            "/odoo/sales-campaigns", "sales_campaign_pattern_tour", login=user.login
        )
        campaign = self.env["sales.campaign"].search(
            [("title", "=", "Trade Show from a Pattern")]
        )
        self.assertEqual(sorted(campaign.goal_ids.mapped("target")), [8, 40])
        self.assertEqual(campaign.goal_ids.pattern_step_id, pattern.step_ids)
