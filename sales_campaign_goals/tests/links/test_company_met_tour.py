from odoo.tests import new_test_user, tagged

from odoo.addons.sales_pipeline_plus.tests.common_story import StoryMixin
from odoo.addons.sales_pipeline_plus.tests.common_tour import PatientCase


@tagged("post_install", "-at_install")
class TestCompanyMetTour(StoryMixin, PatientCase):
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
        self.run_story(
            "A trade show on a phone",
            "sales_campaign_company_met_tour",
            url="/odoo/sales-campaigns/new",
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
