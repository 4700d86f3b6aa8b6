from odoo import Command
from odoo.tests import tagged

from .common_return import CampaignReturnCase


@tagged("post_install", "-at_install")
class TestCampaignVerdict(CampaignReturnCase):
    """Which campaign to do again, and what the verdict rests on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"date_start": "2026-01-01", "date_end": "2026-01-31"})

    def _new_deal(self, state, revenue=100):
        return self._new_opportunity(self.campaign, revenue, state)

    def _get_verdict(self):
        campaign = self._read_again()
        return campaign.verdict, campaign.verdict_reason

    def test_verdicts(self):
        self._new_deal("won")
        self.assertEqual(
            self._get_verdict(), ("no_data", "won 1 of 1 closed, few cases")
        )
        self.campaign.real_cost = 400
        self.assertEqual(
            self._get_verdict(),
            ("not_again", "return -75%, won 1 of 1 closed, few cases"),
        )
        deal = self._new_deal("open")
        self.assertEqual(
            self._get_verdict(),
            ("wait", "return -75%, won 1 of 1 closed, 1 still open, few cases"),
        )
        deal.unlink()
        self.campaign.date_end = "2026-12-31"
        self.assertEqual(self._get_verdict()[0], "wait", "it still runs")
        for _number in range(5):
            self._new_deal("won")
        self.assertEqual(
            self._get_verdict(), ("again", "return +50%, won 6 of 6 closed")
        )

    def test_ended_ones_first(self):
        action = self.env.ref("sales_campaign_goals.sales_campaign_action_comparison")
        self.assertIn("search_default_ended", action.context)

    def test_share_only_where_there_is_one(self):
        """The same amounts stand once, unless another campaign has a part in them."""
        deal = self._new_deal("won")
        self.assertFalse(self._read_again().is_shared)
        deal.sales_campaign_ids = [Command.link(self.phoning.id)]
        self.assertTrue(self._read_again().is_shared)
