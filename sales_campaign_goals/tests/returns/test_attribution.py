import doctest
from collections import defaultdict
from datetime import date
from random import Random

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...tools import attribution
from ...tools.attribution import MODELS
from .common_return import CampaignReturnCase


@tagged("post_install", "-at_install")
class TestAttribution(CampaignReturnCase):
    """What several campaigns have brought: influenced by each, attributed once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["sales.campaign.type"].create({"name": "Shared fair"})
        cls.campaign.write({"type_id": cls.kind.id, "date_start": "2026-02-02"})
        cls.phoning.write(
            {
                "type_id": cls.kind.id,
                "date_start": "2026-01-05",
                "company_id": cls.company.id,
                "currency_id": cls.euro.id,
            }
        )
        cls.both = cls.campaign | cls.phoning

    def _new_won(self, amount, campaigns, main=None, **vals):
        deal = self._new_opportunity(
            main or self.env["sales.campaign"],
            amount,
            "won",
            campaign_id=main.utm_campaign_id.id if main else False,
            partner_id=self.partner.id,
            **vals,
        )
        deal._link_campaigns(campaigns)
        return deal

    def _group(self, *fnames):
        self.env.flush_all()
        self.env.invalidate_all()
        (values,) = (
            self.env["sales.campaign"]
            .with_user(self.manager)
            ._read_group([("type_id", "=", self.kind.id)], [], fnames)
        )
        return values

    def test_doctests(self):
        self.assertFalse(doctest.testmod(attribution).failed)

    def test_a_shared_deal(self):
        """10,000 won by two campaigns: 10,000 and one customer, not twice."""
        self._new_won(10000, self.both)
        self._read_again(self.both)
        for campaign in self.both:
            self.assertEqual(campaign.won_revenue, 10000)
            self.assertEqual(campaign.made_revenue, 10000)
            self.assertEqual(campaign.attributed_won_revenue, 5000)
            self.assertEqual(campaign.attributed_revenue, 5000)
            self.assertEqual(campaign.attribution_model, "Equal shares")
            self.assertEqual(campaign.new_customer_count, 1)
        self.partner._link_campaigns(self.both)
        self.assertEqual(
            self._group(
                "won_revenue:sum",
                "made_revenue:sum",
                "made_revenue:sum_currency",
                "attributed_revenue:sum",
                "opportunity_count:sum",
                "won_count:sum",
                "reached_lead_count:sum",
                "new_customer_count:sum",
                "company_count:sum",
            ),
            (10000, 10000, 10000, 10000, 1, 1, 1, 1, 1),
        )

    def test_models(self):
        self._new_won(900, self.both, main=self.campaign)
        for model, shares in (
            ("equal", [450, 450]),
            ("first", [0, 900]),
            ("last", [900, 0]),
            ("main", [900, 0]),
        ):
            self.company.campaign_attribution = model
            self._read_again(self.both)
            self.assertEqual(self.both.mapped("attributed_revenue"), shares, model)
            self.assertEqual(self.both.mapped("made_revenue"), [900, 900])
            self.assertEqual(self._group("attributed_revenue:sum"), (900,))

    def test_campaigns_that_nobody_asked_for_have_their_share(self):
        third = self._new_campaign(title="Third", date_start="2026-03-01")
        self._new_won(100, self.both | third)
        self._read_again(self.both | third)
        self.assertEqual(self.phoning.attributed_revenue, 33.34)
        self.assertEqual((self.both | third).mapped("attributed_revenue")[0], 33.33)
        self.assertEqual(self._group("attributed_revenue:sum"), (66.67,))
        self.assertEqual(self._group("made_revenue:sum"), (100,))

    def test_shares_of_a_foreign_order(self):
        """They add up in the campaign's currency, and so do all totals."""
        third = self._new_campaign(
            title="Third",
            type_id=self.kind.id,
            date_start="2026-03-01",
            company_id=self.company.id,
            currency_id=self.euro.id,
        )
        campaigns = self.both | third
        day = date(2026, 3, 2)
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.dollar.id,
                "name": day,
                "rate": 1.0702,
                "company_id": False,
            }
        )
        self._new_dated_order(93.0, self.dollar, day, campaigns)
        self._read_again(campaigns)
        whole = round(93 / 1.0702, 2)
        self.assertEqual(campaigns.mapped("ordered_revenue"), [whole] * 3)
        shares = sorted(campaigns.mapped("attributed_ordered_revenue"))
        self.assertEqual(round(sum(shares), 2), whole)
        self.assertLessEqual(round(shares[-1] - shares[0], 2), 0.01)
        for func in ("sum", "sum_currency"):
            self.assertEqual(
                self._group(
                    f"ordered_revenue:{func}",
                    f"made_revenue:{func}",
                    f"attributed_ordered_revenue:{func}",
                    f"attributed_revenue:{func}",
                ),
                (whole,) * 4,
                func,
            )
        rows = (
            self.env["crm.kpi.workbook"]
            .with_user(self.manager)
            ._get_campaign_rows(campaigns)
        )
        *parts, total = rows
        self.assertEqual((total[13], total[15], total[17]), (whole,) * 3)
        self.assertEqual(round(sum(row[17] for row in parts), 2), whole)

    def test_bills_and_meetings_are_shared(self):
        self._post_move("in_invoice", 100.01, self.euro, date(2026, 3, 2), self.both)
        self._post_move("in_refund", 10, self.euro, date(2026, 3, 2), self.both)
        meeting = self._new_meeting()
        meeting._link_campaigns(self.both)
        self._read_again(self.both)
        self.assertEqual(self.phoning.bill_cost, 45.01)
        self.assertEqual(self.campaign.bill_cost, 45)
        self.assertEqual(self.both.mapped("meeting_hours"), [0.5, 0.5])
        self.assertEqual(self.both.mapped("meeting_cost"), [20, 20])
        self.assertEqual(self._group("total_cost:sum"), (130.01,))

    def test_return_is_that_of_the_attributed_revenue(self):
        self.both.real_cost = 100
        self._new_won(400, self.both)
        self._read_again(self.both)
        self.assertEqual(self.both.mapped("return_on_investment"), [100, 100])
        self.assertEqual(self._group("return_on_investment:avg"), (100,))

    def test_each_group_counts_a_deal_once(self):
        other = self.env["sales.campaign.type"].create({"name": "Another"})
        third = self._new_campaign(
            title="Third", type_id=other.id, date_start="2026-03-01"
        )
        self._new_won(90, self.both | third)
        self._new_won(10, third)
        self.env.flush_all()
        self.env.invalidate_all()
        rows = (
            self.env["sales.campaign"]
            .with_user(self.manager)
            ._read_grouping_sets(
                [("id", "in", (self.both | third).ids)],
                [["type_id"], []],
                ["made_revenue:sum", "attributed_revenue:sum", "won_count:sum"],
            )
        )
        self.assertEqual(
            dict((kind.id, tuple(values)) for kind, *values in rows[0]),
            {self.kind.id: (90, 60, 1), other.id: (100, 40, 2)},
        )
        self.assertEqual(rows[1], [(100, 100, 2)])

    def test_who_may_choose_the_model(self):
        with self.assertRaises(AccessError):
            self.company.with_user(self.manager).campaign_attribution = "first"

    # ------------------------------------------------------------
    # AGAINST PLAIN PYTHON
    # ------------------------------------------------------------

    def _split(self, cents, model, campaigns, main):
        """Share cents out, in plain Python."""
        ordered = sorted(campaigns, key=lambda each: (each.date_start, each.id))
        if model == "equal":
            low, rest = divmod(cents, len(ordered))
            return {each: low + (rank < rest) for rank, each in enumerate(ordered)}
        chosen = ordered[-1] if model == "last" else ordered[0]
        if model == "main" and main in ordered:
            chosen = main
        return {chosen: cents}

    def test_random_records(self):
        random = Random(17)
        campaigns = self.both | self.env["sales.campaign"].browse(
            [
                self._new_campaign(
                    title=f"Random {number}",
                    type_id=self.kind.id,
                    company_id=self.company.id,
                    currency_id=self.euro.id,
                    date_start=date(2026, 1, random.randrange(1, 5)),
                ).id
                for number in range(3)
            ]
        )
        facts = []
        for _number in range(12):
            amount = random.randrange(1, 100000)
            linked = campaigns.browse(
                random.sample(campaigns.ids, random.randrange(1, 5))
            )
            main = random.choice([None, *linked])
            kind = random.choice(["won", "ordered", "invoiced", "bills"])
            facts.append((kind, amount, linked, main))
            utm = {"campaign_id": main.utm_campaign_id.id} if main else {}
            day = date(2026, 3, 2)
            if kind == "won":
                self._new_won(amount / 100, linked, main)
            elif kind == "ordered":
                order = self._new_dated_order(amount / 100, self.euro, day, linked)
                order.write(utm)
            else:
                move_type = "out_invoice" if kind == "invoiced" else "in_invoice"
                move = self._post_move(
                    move_type, amount / 100, self.euro, day, linked, post=False
                )
                move.write(utm)
                move.action_post()
        for model in MODELS:
            self.company.campaign_attribution = model
            expected = defaultdict(int)
            whole = defaultdict(int)
            for kind, amount, linked, main in facts:
                whole[kind] += amount
                for campaign, cents in self._split(amount, model, linked, main).items():
                    expected[kind, campaign] += cents
            self._read_again(campaigns)
            for campaign in campaigns:
                for kind, fname in (
                    ("won", "attributed_won_revenue"),
                    ("ordered", "attributed_ordered_revenue"),
                    ("invoiced", "attributed_invoiced_revenue"),
                    ("bills", "bill_cost"),
                ):
                    self.assertEqual(
                        round(campaign[fname] * 100), expected[kind, campaign], model
                    )
            totals = self._group(
                "attributed_won_revenue:sum",
                "won_revenue:sum",
                "attributed_ordered_revenue:sum",
                "ordered_revenue:sum",
                "attributed_invoiced_revenue:sum",
                "invoiced_revenue:sum",
                "total_cost:sum",
            )
            self.assertEqual(
                [round(total * 100) for total in totals],
                [
                    whole[kind]
                    for kind in ("won", "won", "ordered", "ordered")
                    + ("invoiced", "invoiced", "bills")
                ],
                model,
            )

    def test_goal_and_return_convert_on_the_same_day(self):
        """At the date of the order, whatever date the goal asks about."""
        order = self._new_dated_order(
            100, self.dollar, date(2026, 2, 28), self.campaign
        )
        order.validity_date = date(2026, 3, 15)
        goals = self.env["sales.campaign.goal"].create(
            [
                {
                    "name": "Orders",
                    "campaign_id": self.campaign.id,
                    "res_model": "sale.order",
                    "measure": "sum",
                    "sum_field": "sale.order.amount_untaxed",
                    "date_field": date_field,
                    "target": 1000,
                }
                for date_field in (
                    "sale.order.date_order",
                    "sale.order.validity_date",
                    False,
                )
            ]
        )
        self._read_again()
        goals.invalidate_recordset()
        self.assertEqual(self.campaign.ordered_revenue, 50)
        self.assertEqual(goals.mapped("current"), [50, 50, 50])

    def test_each_amount_is_converted_to_the_cent(self):
        """One value whatever the question: alone, in a sum, in a share."""
        orders = self.env["sale.order"]
        for _number in range(3):  # 0.015 euros each, thus 2 cents
            orders |= self._new_dated_order(
                0.03, self.dollar, date(2026, 2, 10), self.campaign
            )
        goal = self.env["sales.campaign.goal"].create(
            {
                "name": "Orders",
                "campaign_id": self.campaign.id,
                "res_model": "sale.order",
                "measure": "sum",
                "sum_field": "sale.order.amount_untaxed",
                "target": 1000,
            }
        )
        for shared in (orders[:0], orders[:1], orders):
            shared._link_campaigns(self.phoning)
            self._read_again()
            goal.invalidate_recordset()
            self.assertEqual(self.campaign.ordered_revenue, 0.06)
            self.assertEqual(goal.current, 0.06)
