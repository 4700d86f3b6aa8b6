from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCompanyMetTour(HttpCase):
    """A salesperson with own documents only, on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    def test_add_companies_met(self):
        user = new_test_user(
            self.env,
            login="company_met_tour_salesman",
            groups="sales_team.group_sale_salesman",
            tz="Europe/Paris",
        )
        known = self.env["res.partner"].create(
            {"name": "Known Company of the Tour", "is_company": True}
        )
        self.start_tour(
            "/odoo/sales-campaigns/new",
            "sales_campaign_company_met_tour",
            login=user.login,
        )
        campaign = self.env["sales.campaign"].search(
            [("title", "=", "Trade Show of the Tour")]
        )
        linked = self.env["res.partner"].search(
            [("sales_campaign_ids", "in", campaign.ids)]
        )
        self.assertIn(known, linked)
        self.assertEqual(
            set(linked.mapped("name")),
            {
                "Known Company of the Tour",
                "New Company of the Tour",
                "Jeanne of the Tour",
            },
        )
