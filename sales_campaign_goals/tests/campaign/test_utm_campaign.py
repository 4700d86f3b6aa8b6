from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import tagged

from ..common import SalesCampaignCase


@tagged("post_install", "-at_install")
class TestUtmCampaign(SalesCampaignCase):
    def _new_utm_campaign(self, **vals):
        return self.env["utm.campaign"].create(
            {
                "title": "Newsletter",
                "user_id": self.colleague.id,
                "company_id": self.company.id,
                **vals,
            }
        )

    @freeze_time("2026-03-10 12:00:00")
    def test_run_as_sales_campaign(self):
        utm_campaign = self._new_utm_campaign()
        tag = self.env["utm.tag"].create({"name": "Spring"})
        utm_campaign.tag_ids = tag
        opportunity = self.env["crm.lead"].create(
            {
                "name": "Before",
                "type": "opportunity",
                "campaign_id": utm_campaign.id,
                "expected_revenue": 10,
                "company_id": self.company.id,
                "user_id": self.colleague.id,
            }
        )
        action = utm_campaign.with_user(self.salesman).action_run_as_sales_campaign()
        campaign = utm_campaign.sales_campaign_ids
        self.assertEqual(action["res_id"], campaign.id)
        self.assertRecordValues(
            campaign,
            [
                {
                    "title": "Newsletter",
                    "name": utm_campaign.name,
                    "user_id": self.colleague.id,
                    "member_ids": self.salesman.ids,
                    "tag_ids": tag.ids,
                    "company_id": self.company.id,
                    "date_start": Date.to_date(utm_campaign.create_date),
                    "opportunity_count": 1,
                    "opportunity_revenue": 10,
                    "has_own_utm_campaign": False,
                }
            ],
        )
        self.assertEqual(opportunity.campaign_id, utm_campaign)

    def test_run_twice(self):
        utm_campaign = self._new_utm_campaign().with_user(self.salesman)
        first = utm_campaign.action_run_as_sales_campaign()
        second = utm_campaign.action_run_as_sales_campaign()
        self.assertEqual(first["res_id"], second["res_id"])

    def test_run_an_archived_one_twice(self):
        utm_campaign = self._new_utm_campaign(active=False).with_user(self.salesman)
        utm_campaign.action_run_as_sales_campaign()
        utm_campaign.invalidate_recordset()
        utm_campaign.action_run_as_sales_campaign()
        self.assertEqual(len(utm_campaign.sales_campaign_ids), 1)

    def test_run_many(self):
        utm_campaigns = self._new_utm_campaign() | self._new_utm_campaign(
            user_id=self.salesman.id
        )
        action = utm_campaigns.with_user(self.salesman).action_run_as_sales_campaign()
        found = self.env["sales.campaign"].search(action["domain"])
        self.assertEqual(found.utm_campaign_id, utm_campaigns)
        self.assertFalse(
            found.filtered(lambda c: c.user_id == self.salesman).member_ids
        )

    def test_a_running_utm_campaign_is_not_deleted(self):
        campaign = self._new_campaign()
        with self.assertRaisesRegex(UserError, "“Trade show”"):
            campaign.utm_campaign_id.sudo().unlink()

    def test_filter_unreferenced(self):
        used, unused = self._new_utm_campaign(), self._new_utm_campaign()
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "campaign_id": used.id,
                "journal_id": self.env["account.journal"]
                .create(
                    {
                        "name": "Campaign journal",
                        "code": "CAMPJ",
                        "type": "general",
                        "company_id": self.company.id,
                    }
                )
                .id,
            }
        )
        self.assertEqual((used | unused)._filter_unreferenced(), unused)
