from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.sales_pipeline_plus.tests.common_tour import PatientCase


@tagged("post_install", "-at_install")
class TestGoalPatternTour(PatientCase):
    def test_from_a_pattern_to_the_return(self):
        """A trade show from a pattern to its return, and again next year."""
        user, campaign = self._plan_from_a_pattern()
        campaign.write({"date_start": "2026-03-02", "date_end": "2026-03-06"})
        deal = self.env["crm.lead"].create(
            {
                "name": "Lathe",
                "type": "opportunity",
                "expected_revenue": 20000,
                "user_id": user.id,
                "sales_campaign_ids": [Command.set(campaign.ids)],
            }
        )
        deal.action_set_won()
        self.start_tour(
            "/odoo/campaigns-compared", "sales_campaign_return_tour", login=user.login
        )
        self.assertEqual(campaign.return_on_investment, 300)
        (again,) = campaign.successor_ids
        self.assertEqual(again.pattern_id, campaign.pattern_id)
        self.assertEqual(sorted(again.goal_ids.mapped("target")), [8, 40])
        self.assertFalse(any(again.goal_ids.mapped("current")))
        self.assertFalse(again.total_cost)

    def _plan_from_a_pattern(self):
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
        return user, campaign
