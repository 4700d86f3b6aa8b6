from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, tagged, users

from ..common_links import CampaignLinkCase

COUNTS = {
    "company_count": "action_view_companies",
    "contact_count": "action_view_contacts",
    "meeting_count": "action_view_meetings",
    "quotation_count": "action_view_quotations",
    "order_count": "action_view_orders",
    "invoice_count": "action_view_invoices",
}


@tagged("post_install", "-at_install")
class TestCampaignRecords(CampaignLinkCase):
    """The numbers on a campaign, and the records behind them."""

    def _open(self, campaign, fname):
        action = getattr(campaign, COUNTS[fname])()
        return (
            self.env[action["res_model"]]
            .with_user(campaign.env.user)
            .with_context(**action["context"])
            .search(action["domain"])
        )

    def assertCounts(self, campaign, **expected):
        """Check the numbers, and that the lists behind them are the same."""
        campaign.invalidate_recordset()
        self.assertEqual({f: campaign[f] for f in expected}, expected)
        for fname, number in expected.items():
            self.assertEqual(len(self._open(campaign, fname)), number, fname)

    def test_counts_and_lists(self):
        person = self.env["res.partner"].create(
            {"name": "Marc", "parent_id": self.partner.id}
        )
        archived = self.env["res.partner"].create(
            {"name": "Gone", "is_company": True, "active": False}
        )
        (self.partner | person | archived)._link_campaigns(self.campaign)
        deal = self._new_deal(sales_campaign_ids=[Command.set(self.campaign.ids)])
        self._new_order(deal)
        self._new_order(deal).action_cancel()
        self._new_invoice(self._new_order(deal))
        self._new_invoice(self._new_order(deal)).button_cancel()
        self._new_meeting(deal)
        self._new_meeting()._link_campaigns(self.campaign)
        self._new_meeting(deal, active=False)
        campaign = self.campaign.with_user(self.manager)
        self.assertCounts(
            campaign,
            company_count=1,
            contact_count=1,
            meeting_count=2,
            quotation_count=1,
            order_count=2,
            invoice_count=1,
        )
        self.assertEqual(campaign.opportunity_count, 1)
        self.assertCounts(
            self.phoning.with_user(self.manager), **dict.fromkeys(COUNTS, 0)
        )

    def test_opportunity_of_several_campaigns(self):
        deal = self._new_deal(expected_revenue=100)
        deal._link_campaigns(self.campaign | self.phoning)
        for campaign in (self.campaign | self.phoning).with_user(self.manager):
            self.assertEqual(campaign.opportunity_count, 1)
            self.assertEqual(campaign.opportunity_revenue, 100)
            self.assertEqual(campaign.opportunity_ids, deal)

    @users("campaign_salesman")
    def test_numbers_are_above_the_rules_and_lists_within(self):
        self._new_order(user_id=self.salesman.id)._link_campaigns(self.campaign)
        self._new_order(user_id=self.colleague.id)._link_campaigns(self.campaign)
        campaign = self.campaign.with_user(self.env.user)
        self.assertEqual(campaign.quotation_count, 2)
        self.assertEqual(len(self._open(campaign, "quotation_count")), 1)

    def test_companies_are_kept_apart(self):
        shared = self._new_campaign(company_id=False)
        self._new_order()._link_campaigns(shared)
        self._new_order(
            company_id=self.other_company.id, user_id=self.foreigner.id
        )._link_campaigns(shared)
        self.partner._link_campaigns(shared)
        self.assertCounts(
            shared.with_user(self.all_documents), quotation_count=1, company_count=1
        )
        self.assertCounts(
            shared.with_user(self.foreigner), quotation_count=1, company_count=1
        )
        self.all_documents.company_ids |= self.other_company
        both = (self.company | self.other_company).ids
        everywhere = shared.with_user(self.all_documents)
        everywhere = everywhere.with_context(allowed_company_ids=both)
        self.assertEqual(everywhere.quotation_count, 2)

    def test_created_from_the_campaign(self):
        campaign = self.campaign.with_user(self.salesman)
        for method, vals in (
            ("action_view_companies", {"name": "New company"}),
            ("action_view_contacts", {"name": "New person"}),
            (
                "action_view_meetings",
                {
                    "name": "Visit",
                    "start": "2026-03-10 09:00:00",
                    "stop": "2026-03-10 10:00:00",
                },
            ),
            ("action_view_quotations", {"partner_id": self.partner.id}),
            ("action_view_opportunities", {"name": "New deal"}),
        ):
            action = getattr(campaign, method)()
            record = (
                self.env[action["res_model"]]
                .with_user(self.salesman)
                .with_context(**action["context"])
                .create(vals)
            )
            self.assertLinks(record, self.campaign)
            found = record.with_context(active_test=False).search(action["domain"])
            self.assertIn(record, found, method)

    def test_new_campaign_in_the_form(self):
        with Form(self.env["sales.campaign"].with_user(self.salesman)) as form:
            form.title = "Open day"
        self.assertEqual(form.record.company_count, 0)

    @freeze_time("2026-03-10 12:00:00")
    def test_queries_do_not_grow_with_the_campaigns(self):
        def count_queries(number):
            campaigns = self.env["sales.campaign"]
            for i in range(number):
                campaigns |= self._new_campaign(self.manager, title=f"{number} {i}")
            deals = self._new_deal().sudo() | self._new_deal().sudo()
            deals._link_campaigns(campaigns)
            self.partner._link_campaigns(campaigns)
            self._new_order(deals[0])
            self._new_meeting(deals[0])
            self.env.flush_all()
            self.env.invalidate_all()
            campaigns = campaigns.with_user(self.manager)
            campaigns.mapped("currency_id.name")
            before = self.cr.sql_log_count
            for fname in (*COUNTS, "opportunity_count", "lead_count"):
                campaigns.mapped(fname)
            return self.cr.sql_log_count - before

        few = count_queries(2)
        many = count_queries(30)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 20)
