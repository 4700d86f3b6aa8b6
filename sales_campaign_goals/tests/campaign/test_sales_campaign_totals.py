from datetime import date

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from ..common import SalesCampaignCase


@tagged("post_install", "-at_install")
class TestSalesCampaignTotals(SalesCampaignCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls._new_campaign(expected_revenue=10000)

    def _assert_totals(self, campaign, **expected):
        campaign.invalidate_recordset()
        self.assertRecordValues(campaign, [expected])

    def _assert_list_is_what_is_counted(self, campaign):
        """The opened list holds as many records as the number beside it says."""
        for action, fname in (
            (campaign.action_view_opportunities(), "opportunity_count"),
            (campaign.action_view_won_opportunities(), "won_count"),
            (campaign.action_view_lost_opportunities(), "lost_count"),
        ):
            found = (
                self.env["crm.lead"]
                .with_context(**action["context"])
                .search_count(Domain(action["domain"]))
            )
            self.assertEqual(found, campaign[fname], fname)

    def test_no_opportunity(self):
        self._assert_totals(
            self.campaign,
            opportunity_count=0,
            opportunity_revenue=0,
            weighted_revenue=0,
            won_revenue=0,
            lost_revenue=0,
            won_percentage=0,
        )

    def test_sums(self):
        self._new_opportunity(self.campaign, 1000.10, probability=50)
        self._new_opportunity(self.campaign, 200.20, probability=10)
        self._new_opportunity(self.campaign, 2500.05, "won")
        self._new_opportunity(self.campaign, 4000, "lost")
        self._new_opportunity(self.campaign, 700, "archived", probability=20)
        self._new_opportunity(self.campaign, 900, type="lead")
        self._assert_totals(
            self.campaign,
            opportunity_count=4,
            open_count=2,
            won_count=1,
            lost_count=1,
            lead_count=1,
            opportunity_revenue=3700.35,
            weighted_revenue=3020.12,
            won_revenue=2500.05,
            lost_revenue=4000,
        )
        self.assertAlmostEqual(self.campaign.won_percentage, 25.0005)
        self.assertAlmostEqual(self.campaign.weighted_percentage, 30.2012)
        self._assert_list_is_what_is_counted(self.campaign)

    def test_nothing_expected(self):
        self.campaign.expected_revenue = 0
        self._new_opportunity(self.campaign, 10, "won")
        self._assert_totals(self.campaign, won_revenue=10, won_percentage=0)

    def test_an_archived_won_opportunity_stays_won(self):
        won = self._new_opportunity(self.campaign, 10, "won")
        won.action_archive()
        self._assert_totals(self.campaign, opportunity_count=1, won_revenue=10)
        self._assert_list_is_what_is_counted(self.campaign)

    def test_lost_then_restored(self):
        opportunity = self._new_opportunity(self.campaign, 10, "lost")
        opportunity.action_unarchive()
        self._assert_totals(
            self.campaign, opportunity_count=1, lost_count=0, opportunity_revenue=10
        )

    def test_totals_are_above_the_users_rules(self):
        theirs = self._new_opportunity(self.campaign, 10, user_id=self.colleague.id)
        mine = self._new_opportunity(self.campaign, 5, user_id=self.salesman.id)
        campaign = self.campaign.with_user(self.salesman)
        self._assert_totals(campaign, opportunity_count=2, opportunity_revenue=15)
        self.assertEqual(campaign.opportunity_ids, mine, "the records obey the rules")
        manager = self.campaign.with_user(self.manager)
        self.assertEqual(set(manager.opportunity_ids), {mine, theirs})

    def test_lost_opportunities_are_listed(self):
        lost = self._new_opportunity(self.campaign, 10, "lost")
        campaign = self.campaign.with_user(self.manager)
        read = campaign.web_read({"opportunity_ids": {"fields": {"name": {}}}})
        self.assertEqual(read[0]["opportunity_ids"][0]["id"], lost.id)

    # ------------------------------------------------------------
    # COMPANIES AND CURRENCIES
    # ------------------------------------------------------------

    def test_companies_are_kept_apart(self):
        self._new_opportunity(self.campaign, 10)
        self._new_opportunity(
            self.campaign, 20, company_id=self.branch.id, user_id=False
        )
        self._new_opportunity(self.campaign, 40, company_id=False, user_id=False)
        self._new_opportunity(
            self.campaign, 80, company_id=self.other_company.id, user_id=False
        )
        self._new_opportunity(
            self.campaign,
            160,
            type="lead",
            company_id=self.other_company.id,
            user_id=False,
        )
        self.assertEqual(
            self.campaign.utm_campaign_id.sudo().crm_lead_count, 5, "Odoo mixes them"
        )
        self._assert_totals(
            self.campaign, opportunity_count=3, lead_count=0, opportunity_revenue=70
        )
        self.manager.company_ids = [(4, self.other_company.id)]
        everywhere = self.campaign.with_user(self.manager).with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        self._assert_totals(everywhere, opportunity_count=3, opportunity_revenue=70)
        self._assert_list_is_what_is_counted(self.campaign)

    def _set_rates(self):
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            [
                {"currency_id": currency.id, "name": day, "rate": rate, **company}
                for currency, day, rate, company in (
                    (self.euro, "2020-01-01", 1, {"company_id": False}),
                    (self.dollar, "2020-01-01", 2, {"company_id": False}),
                    (self.dollar, "2026-03-01", 4, {"company_id": False}),
                )
            ]
        )

    @freeze_time("2026-03-10 12:00:00")
    def test_shared_campaign_in_several_currencies(self):
        self._set_rates()
        campaign = self._new_campaign(company_id=False, expected_revenue=100)
        self._new_opportunity(campaign, 10.01)
        self._new_opportunity(
            campaign, 100.02, company_id=self.other_company.id, user_id=False
        )
        both = (self.company | self.other_company).ids
        campaign = campaign.with_user(self.manager)
        self._assert_totals(campaign, opportunity_count=1, opportunity_revenue=10.01)
        self._assert_list_is_what_is_counted(campaign)
        self.manager.company_ids = [(4, self.other_company.id)]
        campaign = campaign.with_context(allowed_company_ids=both)
        # 100.02 / 4 is 25.005: rounded to cents
        self._assert_totals(
            campaign,
            opportunity_count=2,
            opportunity_revenue=35.02,
        )
        # a won one at its closing date, whatever the dates of the campaign: 100.02 / 2
        deal = campaign.sudo().opportunity_ids.filtered(
            lambda lead: lead.company_id == self.other_company
        )
        deal.action_set_won()
        deal.date_closed = "2026-02-20 10:00:00"
        campaign.write({"date_start": date(2026, 1, 1), "date_end": date(2026, 1, 28)})
        self.env.flush_all()
        self._assert_totals(campaign, opportunity_revenue=60.02, won_revenue=50.01)

    @freeze_time("2026-03-10 12:00:00")
    def test_opportunity_without_company_is_in_the_current_currency(self):
        self._set_rates()
        campaign = self._new_campaign(company_id=False)
        self._new_opportunity(campaign, 40, company_id=False, user_id=False)
        self._assert_totals(campaign.with_company(self.company), opportunity_revenue=40)
        self._assert_totals(
            campaign.with_user(self.foreigner).with_company(self.other_company),
            opportunity_revenue=10,
        )

    def test_rates_by_day_are_odoos(self):
        self._set_rates()
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "name": "2026-02-01",
                "rate": 8,
                "company_id": self.company.id,
            }
        )
        wanted = [
            (currency, company, day)
            for currency in (self.euro, self.dollar, self.env.ref("base.GBP"))
            for company in (self.company, self.branch, self.other_company)
            for day in (
                date(2019, 1, 1),
                date(2020, 1, 1),
                date(2026, 2, 15),
                date(2026, 3, 1),
            )
        ]
        rates = self.env["res.currency"]._get_rates_by_day(wanted)
        for currency, company, day in wanted:
            self.assertEqual(
                rates[currency, company, day],
                currency._get_rates(company, day)[currency.id],
                (currency.name, company.name, day),
            )

    # ------------------------------------------------------------
    # NUMBER OF QUERIES
    # ------------------------------------------------------------

    @freeze_time("2026-03-10 12:00:00")
    def test_queries_do_not_grow_with_the_campaigns(self):
        self._set_rates()
        self.manager.company_ids = [(4, self.other_company.id)]

        def count_queries(number):
            campaigns = self.env["sales.campaign"]
            for i in range(number):
                campaign = self._new_campaign(
                    self.manager,
                    title=f"Campaign {number} {i}",
                    company_id=self.company.id if i % 2 else False,
                    date_start=date(2026, 1, 1),
                    date_end=date(2026, 1, 1 + i),
                )
                campaigns |= campaign
                self._new_opportunity(campaign, 10 + i)
                self._new_opportunity(
                    campaign, 7, company_id=self.other_company.id, user_id=False
                )
            self.env.flush_all()
            self.env.invalidate_all()
            campaigns = campaigns.with_user(self.manager).with_context(
                allowed_company_ids=(self.company | self.other_company).ids
            )
            # one read to fill what is not ours: users, companies, groups
            campaigns.mapped("currency_id.name")
            before = self.cr.sql_log_count
            revenue = campaigns.mapped("opportunity_revenue")
            self.assertEqual(len(revenue), number)
            campaigns.mapped("lead_count")
            return self.cr.sql_log_count - before

        few = count_queries(2)
        many = count_queries(28)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 8)
