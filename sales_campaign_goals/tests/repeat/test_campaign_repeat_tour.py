from datetime import date

from odoo.tests import new_test_user, tagged

from odoo.addons.sales_pipeline_plus.tests.common_tour import PatientCase


@tagged("post_install", "-at_install")
class TestCampaignRepeatTour(PatientCase):
    def test_a_trade_show_is_done_again(self):
        user = new_test_user(
            self.env,
            login="repeat_tour_salesman",
            groups="sales_team.group_sale_salesman",
            tz="Europe/Paris",
        )
        campaign = (
            self.env["sales.campaign"]
            .with_user(user)
            .create(
                {
                    "title": "Fair of the Tour 2026",
                    "date_start": "2026-03-02",
                    "date_end": "2026-03-06",
                    "real_cost": 100,
                    "cost_ids": [(0, 0, {"name": "Stand", "amount": 900})],
                    "goal_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "Visitors",
                                "counting": "manual",
                                "target": 50,
                                "manual_count": 31,
                            },
                        )
                    ],
                }
            )
        )
        self.start_tour(
            "/odoo/campaigns-compared", "sales_campaign_repeat_tour", login=user.login
        )
        (again,) = campaign.successor_ids
        self.assertEqual(again.date_start, date(2027, 3, 2))
        self.assertFalse(again.total_cost)
