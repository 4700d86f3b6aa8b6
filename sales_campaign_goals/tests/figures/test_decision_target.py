from odoo.tests import freeze_time, tagged

from ..common import SalesCampaignCase


@freeze_time("2026-11-21 12:00:00")
@tagged("post_install", "-at_install")
class TestDecisionTarget(SalesCampaignCase):
    """A search for campaigns is held against their expected revenue."""

    def _get(self, domain):
        return (
            self.env["crm.lead"]
            .with_user(self.manager)
            .get_decision_targets(domain, "month", ["2026-11-01", "2026-12-01"])
        )

    def test_campaign(self):
        campaign = self._new_campaign(
            title="Fair of Targets",
            date_start="2026-11-21",
            date_end="2026-12-20",
            expected_revenue=30000,
            company_id=self.company.id,
        )
        # 10 days of November and 20 of December.
        for domain in (
            [("sales_campaign_ids", "in", campaign.ids)],
            [("sales_campaign_ids", "ilike", "Fair of Targets")],
            [("campaign_id", "=", campaign.utm_campaign_id.id)],
        ):
            self.assertEqual(self._get(domain), [10000, 20000], domain)
        campaign.date_end = False
        self.assertEqual(self._get([("sales_campaign_ids", "in", campaign.ids)]), [])

    def test_no_campaign(self):
        """Another search keeps the targets of the teams."""
        self.team.invoiced_target = 1000
        self._new_opportunity(self._new_campaign(), 100, team_id=self.team.id)
        self.assertEqual(self._get([("team_id", "=", self.team.id)]), [1000, 1000])
