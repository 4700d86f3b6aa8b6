from datetime import date, timedelta
from random import Random

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_return import CampaignReturnCase


@tagged("post_install", "-at_install")
class TestCampaignReturn(CampaignReturnCase):
    """What campaigns made and cost, against a recount in plain Python."""

    # ------------------------------------------------------------
    # SUMS
    # ------------------------------------------------------------

    def test_recount_in_three_currencies(self):
        random = Random(8)
        expected = dict.fromkeys(("ordered", "invoiced", "bills", "lines"), 0.0)
        first = date(2026, 2, 10)
        for number in range(14):
            currency = self.currencies[number % 3]
            day = first + timedelta(random.randrange(37))
            amount = random.randrange(100, 100000) / 100
            ours = number % 4 != 3
            campaigns = self.campaign if ours else self.phoning

            def add(kind, value, day=day, currency=currency, ours=ours):
                euros = self._to_euro(value, currency, day) if ours else 0
                expected[kind] += euros if kind == "lines" else self.euro.round(euros)

            state = random.choice(["sale", "sale", "draft", "cancel"])
            self._new_dated_order(amount, currency, day, campaigns, state)
            if state == "sale":
                add("ordered", amount)
            for kind, sale in (("invoiced", "out"), ("bills", "in")):
                refund, post = random.random() < 0.3, random.random() < 0.8
                self._post_move(
                    f"{sale}_{'refund' if refund else 'invoice'}",
                    amount,
                    currency,
                    day,
                    campaigns,
                    post,
                )
                if post:
                    add(kind, -amount if refund else amount)
            self.env["sales.campaign.cost"].create(
                {
                    "name": "Stand",
                    "campaign_id": campaigns.id,
                    "date": day,
                    "amount": amount,
                    "currency_id": currency.id,
                }
            )
            add("lines", amount)
        campaign = self._read_again()
        for fname, kind in (
            ("ordered_revenue", "ordered"),
            ("invoiced_revenue", "invoiced"),
            ("bill_cost", "bills"),
            ("line_cost", "lines"),
        ):
            self.assertTrue(expected[kind])
            self.assertAlmostEqual(
                campaign[fname], expected[kind], delta=0.006, msg=fname
            )
        self.assertAlmostEqual(
            campaign.total_cost, expected["bills"] + expected["lines"], 1
        )

    def test_cost_and_return(self):
        self.campaign.write(
            {"real_cost": 100, "budget": 1000, "expected_revenue": 5000}
        )
        self.env["sales.campaign.cost"].create(
            [
                {"name": "Stand", "campaign_id": self.campaign.id, "amount": 300},
                {
                    "name": "On the stand",
                    "campaign_id": self.campaign.id,
                    "cost_type": "hours",
                    "hours": 5,
                },
            ]
        )
        self._new_meeting()._link_campaigns(self.campaign)
        later = self._new_meeting(start="2026-03-25 09:00", stop="2026-03-25 11:00")
        later._link_campaigns(self.campaign)
        self._new_dated_order(1000, self.euro, date(2026, 3, 2), self.campaign)
        deal = self._new_opportunity(
            self.campaign, 280, "won", partner_id=self.partner.id
        )
        self.partner._link_campaigns(self.campaign)
        campaign = self._read_again()
        self.assertRecordValues(
            campaign,
            [
                {
                    "line_cost": 500,
                    "meeting_hours": 1,
                    "meeting_cost": 40,
                    "total_cost": 640,
                    "made_revenue": 1280,
                    "return_on_investment": 100,
                    "budget_percentage": 64,
                    "reached_lead_count": 1,
                    "new_customer_count": 1,
                    "cost_per_company": 640,
                    "cost_per_lead": 640,
                    "cost_per_customer": 640,
                    "has_return": True,
                }
            ],
        )
        self.assertAlmostEqual(campaign.made_percentage, 25.6)
        # an order of the won opportunity takes the place of its expected revenue
        self._new_order(deal).action_confirm()
        self.assertEqual(self._read_again().made_revenue, 1100)

    def test_no_data_without_a_cost(self):
        self._new_opportunity(self.campaign, 280, "won")
        campaign = self._read_again()
        self.assertFalse(campaign.has_return)
        self.assertIsNone(campaign._get_ratios()["return_on_investment"])

    def test_a_customer_is_new_once(self):
        for campaign, day in ((self.phoning, "01"), (self.campaign, "05")):
            self._new_opportunity(
                campaign, 10, "won", partner_id=self.partner.id
            ).date_closed = f"2026-03-{day} 10:00:00"
        campaigns = self._read_again(self.phoning | self.campaign)
        self.assertEqual(campaigns.mapped("new_customer_count"), [1, 0])

    def test_above_the_rules_but_not_the_company(self):
        self._new_dated_order(100, self.euro, date(2026, 3, 2), self.campaign)
        self._post_move("in_invoice", 30, self.euro, date(2026, 3, 2), self.campaign)
        salesman = self.campaign.with_user(self.salesman)
        self.assertEqual(self._read_again(salesman).ordered_revenue, 100)
        self.assertEqual(salesman.bill_cost, 30)
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.foreigner).read(["ordered_revenue"])

    def test_costs_are_edited_as_the_campaign(self):
        vals = {"name": "Stand", "campaign_id": self.campaign.id, "amount": 1}
        costs = self.env["sales.campaign.cost"]
        cost = costs.with_user(self.colleague).create(vals)
        self.assertEqual(cost.with_user(self.salesman).amount, 1)
        with self.assertRaises(AccessError):
            cost.with_user(self.salesman).amount = 2
        with self.assertRaises(AccessError):
            costs.with_user(self.salesman).create(vals)
        with self.assertRaises(AccessError):
            cost.with_user(self.foreigner).read(["amount"])

    # ------------------------------------------------------------
    # COMPARISON
    # ------------------------------------------------------------

    def test_ratios_of_groups(self):
        kind = self.env["sales.campaign.type"].create({"name": "Fair"})
        small = self._new_campaign(type_id=kind.id, real_cost=100)
        large = self._new_campaign(type_id=kind.id, real_cost=900)
        free = self._new_campaign(type_id=kind.id)
        self._new_opportunity(small, 1000, "won")
        self._new_opportunity(large, 1000, "won")
        self.env.flush_all()
        campaigns = self.env["sales.campaign"].with_user(self.manager)
        domain = [("type_id", "=", kind.id)]
        ((total, cost, made),) = campaigns._read_group(
            domain,
            [],
            ["return_on_investment:avg", "total_cost:sum", "made_revenue:sum"],
        )
        self.assertEqual((total, cost, made), (100, 1000, 2000))
        by_campaign = {
            campaign.id: ratio
            for campaign, ratio in campaigns._read_group(
                domain, ["id"], ["return_on_investment:avg"]
            )
        }
        self.assertEqual(by_campaign[small.id], 900)
        self.assertFalse(by_campaign[free.id])
        for order, expected in (
            ("return_on_investment desc", [small.id, large.id, free.id]),
            ("return_on_investment", [large.id, small.id, free.id]),
        ):
            self.assertEqual(campaigns.search(domain, order=order).ids, expected)

    def test_a_group_in_several_currencies(self):
        kind = self.env["sales.campaign.type"].create({"name": "Fair"})
        shared = {"company_id": False, "type_id": kind.id}
        self._new_campaign(**shared, currency_id=self.euro.id, real_cost=100)
        self._new_campaign(**shared, currency_id=self.dollar.id, real_cost=400)
        self.env.flush_all()
        campaigns = self.env["sales.campaign"].with_user(self.manager)
        self.partner._link_campaigns(campaigns.search([("type_id", "=", kind.id)]))
        ((cost,),) = campaigns._read_group(
            [("type_id", "=", kind.id)], [], ["cost_per_company:avg"]
        )
        # 100 euros and 400 dollars, that are 100 euros, for one company, met twice
        self.assertEqual(cost, 200)

    def test_fields_are_offered_as_measures(self):
        fields = self.env["sales.campaign"].with_user(self.manager).fields_get()
        self.assertEqual(fields["return_on_investment"]["aggregator"], "avg")
        self.assertEqual(fields["total_cost"]["aggregator"], "sum")
        self.assertTrue(fields["return_on_investment"]["sortable"])

    def test_queries_do_not_grow_with_the_campaigns(self):
        def count_queries(number):
            campaigns = self.env["sales.campaign"]
            for rank in range(number):
                campaign = self._new_campaign(real_cost=rank, title=f"{rank}")
                campaigns |= campaign
                self._new_dated_order(
                    10 + rank, self.currencies[rank % 3], date(2026, 3, 2), campaign
                )
                self._new_opportunity(campaign, 10, "won")
                self._new_meeting()._link_campaigns(campaign)
            self.env.flush_all()
            self.env.invalidate_all()
            campaigns = campaigns.with_user(self.manager)
            campaigns.mapped("currency_id.name")
            before = self.cr.sql_log_count
            self.assertEqual(len(campaigns.mapped("total_cost")), number)
            return self.cr.sql_log_count - before

        few = count_queries(2)
        many = count_queries(12)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 30)
