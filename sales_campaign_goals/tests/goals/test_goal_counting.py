import random
from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common_goal import LOST, WON, GoalCase


@tagged("post_install", "-at_install")
class TestGoalCounting(GoalCase):
    # ------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------

    def test_one_record_counts_for_several_campaigns(self):
        other = self._new_campaign(title="Phoning")
        goals = self._new_goal(res_model="res.partner")
        goals |= self._new_goal(other, res_model="res.partner")
        goals |= self._new_goal(other, res_model="res.partner", name="Again")
        self.assertEqual(self._current(goals), [0, 0, 0])
        partner = self._new_partner(self.campaign, other)
        self.assertEqual(self._current(goals), [1, 1, 1])
        partner.sales_campaign_ids = [Command.unlink(other.id)]
        self.assertEqual(self._current(goals), [1, 0, 0])

    def test_archived_records_do_not_count(self):
        goal = self._new_goal(res_model="res.partner")
        partner = self._new_partner(self.campaign)
        self.assertEqual(self._current(goal), 1)
        partner.action_archive()
        self.assertEqual(self._current(goal), 0)
        self._assert_list_is_number(goal)
        goal.condition = "[('active', 'in', [True, False])]"
        self.assertEqual(self._current(goal), 1, "the condition asks for it")
        self._assert_list_is_number(goal)

    def test_lost_opportunities_count_when_asked_for(self):
        every, won, lost = goals = (
            self._new_goal(condition="[('type', '=', 'opportunity')]")
            | self._new_goal(condition=WON)
            | self._new_goal(condition=LOST)
        )
        self._new_opportunity(self.campaign, 1)
        self._new_opportunity(self.campaign, 2, "won")
        self._new_opportunity(self.campaign, 3, "lost")
        self._new_opportunity(self.campaign, 4, "archived", probability=20)
        self.assertEqual(self._current(goals), [2, 1, 1])
        every.condition = "[('deal_status', 'in', ['open', 'lost'])]"
        self.assertEqual(self._current(every), 2)
        for goal in every | won | lost:
            self._assert_list_is_number(goal)

    def test_distinct_companies(self):
        goal = self._new_goal(res_model="res.partner", measure="companies")
        company = self._new_partner()
        self._new_partner(
            self.campaign, is_company=False, parent_id=company.id, name="Anne"
        )
        self._new_partner(
            self.campaign, is_company=False, parent_id=company.id, name="Paul"
        )
        self._new_partner(self.campaign, name="Other workshop")
        self.assertEqual(self._current(goal), 2)
        self.assertIn(company, self._assert_list_is_number(goal))

    def test_companies_of_meetings(self):
        goal = self._new_goal(res_model="calendar.event", measure="companies")
        company = self._new_partner()
        visitors = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.id} for name in ("Anne", "Paul")]
        )
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": datetime(2026, 3, 1, 8),
                "stop": datetime(2026, 3, 1, 9),
                "partner_ids": (visitors | self.salesman.partner_id).ids,
                "sales_campaign_ids": self.campaign.ids,
            }
        )
        self.assertEqual(self._current(goal), 1, "colleagues are no customers")
        self.assertEqual(self._assert_list_is_number(goal), company)
        goal.measure = "count"
        self.assertEqual(self._current(goal), 1)

    def test_cancelled_orders_do_not_count(self):
        self.company.currency_id = self.euro
        amount = self._new_goal(
            res_model="sale.order",
            condition="[('state', '=', 'sale')]",
            measure="sum",
            sum_field="sale.order.amount_untaxed",
            target=1000,
        )
        number = self._new_goal(res_model="sale.order")
        order = self.env["sale.order"].create(
            {
                "partner_id": self._new_partner().id,
                "company_id": self.company.id,
                "sales_campaign_ids": self.campaign.ids,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.env["product.product"]
                            .create({"name": "Chuck", "taxes_id": []})
                            .id,
                            "price_unit": 99.95,
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        self.assertEqual(self._current(amount | number), [0, 1])
        order.action_confirm()
        self.assertEqual(self._current(amount | number), [99.95, 1])
        order._action_cancel()
        self.assertEqual(self._current(amount | number), [0, 0])
        self._assert_list_is_number(number)

    def _new_invoices(self, *kinds):
        journal = self.env["account.journal"].create(
            {
                "name": "Sales of the test",
                "code": "GOAL",
                "type": "sale",
                "company_id": self.company.id,
            }
        )
        invoices = self.env["account.move"].create(
            [
                {
                    "move_type": move_type,
                    "journal_id": journal.id,
                    "company_id": self.company.id,
                    "sales_campaign_ids": self.campaign.ids,
                }
                for move_type, _state, _amount in kinds
            ]
        )
        for invoice, (move_type, state, amount) in zip(invoices, kinds, strict=True):
            sign = -1 if move_type == "out_refund" else 1
            self._update_by_sql(
                invoice,
                state=state,
                amount_untaxed=amount,
                amount_untaxed_signed=sign * amount,
                invoice_date=date(2026, 2, 1),
                currency_id=self.euro.id,
            )
        return invoices

    def test_credit_notes_subtract(self):
        self._new_invoices(
            ("out_invoice", "posted", 1000.10),
            ("out_invoice", "posted", 500.05),
            ("out_refund", "posted", 200.20),
            ("out_invoice", "cancel", 900),
            ("out_invoice", "draft", 700),
        )
        posted = "[('state', '=', 'posted')]"
        values = {"res_model": "account.move", "condition": posted}
        signed = self._new_goal(
            measure="sum", sum_field="account.move.amount_untaxed_signed", **values
        )
        unsigned = self._new_goal(
            measure="sum", sum_field="account.move.amount_untaxed", **values
        )
        number = self._new_goal(**values)
        every = self._new_goal(res_model="account.move")
        self.assertEqual(
            self._current(signed | unsigned | number | every),
            [1299.95, 1299.95, 2, 3],
        )
        for goal in signed | number | every:
            self._assert_list_is_number(goal)

    def test_within_the_campaigns_dates(self):
        self.salesman.tz = "Europe/Paris"
        self.campaign.write(
            {"date_start": date(2026, 3, 2), "date_end": date(2026, 3, 4)}
        )
        goal = self._new_goal(within_dates=True, date_field="crm.lead.create_date")
        moments = {
            datetime(2026, 3, 1, 22, 59): 0,  # still the 1st in Paris
            datetime(2026, 3, 1, 23, 0): 1,
            datetime(2026, 3, 4, 22, 59): 1,
            datetime(2026, 3, 4, 23, 0): 0,
        }
        for moment, expected in moments.items():
            lead = self._new_opportunity(self.campaign, 5)
            self._update_by_sql(lead, create_date=moment)
            self.assertEqual(self._current(goal), expected, moment)
            self._assert_list_is_number(goal)
            lead.unlink()
        self._new_opportunity(self.campaign, 5, date_deadline=date(2026, 3, 4))
        goal.date_field = "crm.lead.date_deadline"
        self.assertEqual(self._current(goal), 1)
        self._assert_list_is_number(goal)

    def test_a_meeting_of_the_opportunity_counts(self):
        lead = self._new_opportunity(self.campaign, 5)
        goal = self._new_goal(
            res_model="calendar.event", condition="[('stop', '<', 'now')]"
        )
        self.env["calendar.event"].create(
            [
                {
                    "name": name,
                    "start": start,
                    "stop": start + timedelta(hours=1),
                    "opportunity_id": lead.id,
                }
                for name, start in (
                    ("Held", datetime(2020, 1, 1, 8)),
                    ("To come", datetime(2120, 1, 1, 8)),
                )
            ]
        )
        self.assertEqual(self._current(goal), 1)
        self._assert_list_is_number(goal)

    def test_team_of_the_salesperson(self):
        self.team.member_ids = self.salesman
        goal = self._new_goal(res_model="res.partner", team_id=self.team.id)
        self._new_partner(self.campaign, user_id=self.salesman.id)
        self._new_partner(self.campaign, user_id=self.colleague.id)
        self._new_partner(self.campaign)
        team = goal._get_countable_model()._get_goal_team_field()
        expected = 1 if team != "team_id" else 0
        self.assertEqual(self._current(goal), expected)
        self._assert_list_is_number(goal)

    # ------------------------------------------------------------
    # CONDITIONS
    # ------------------------------------------------------------

    def test_conditions_are_the_same_for_everybody(self):
        for condition in (
            "[('user_id', '=', uid)]",
            "[('no_such_field', '=', 1)]",
            "nonsense",
            "[('user_id', '=', ",
        ):
            with self.assertRaisesRegex(ValidationError, "cannot be used"):
                self._new_goal(condition=condition)

    def test_a_condition_that_does_not_work_any_more(self):
        goal = self._new_goal()
        self._update_by_sql(goal, condition="[('gone_with_a_module', '=', 1)]")
        self.assertEqual(self._current(goal), 0)
        self.assertTrue(goal.condition_words)
        self._update_by_sql(goal, res_model="gone.model")
        self.assertEqual(self._current(goal), 0)

    def test_what_must_be_said(self):
        with self.assertRaisesRegex(ValidationError, "choose what is counted"):
            self._new_goal(res_model=False)
        with self.assertRaisesRegex(ValidationError, "added up"):
            self._new_goal(measure="sum")

    def test_condition_in_words(self):
        goal = self._new_goal(
            condition=str(
                [
                    "|",
                    ("won_status", "=", "won"),
                    "&",
                    ("user_id", "in", [self.salesman.id, self.colleague.id]),
                    ("expected_revenue", ">=", 1000),
                ]
            )
        )
        words = goal.condition_words
        for part in ("Won", self.salesman.name, self.colleague.name, "at least 1000"):
            self.assertIn(part, words)
        goal.condition = (
            "[('partner_id', '!=', False), ('partner_id.city', 'ilike', 'Lyon')]"
        )
        self.assertIn("is set", goal.condition_words)
        self.assertIn("“Lyon”", goal.condition_words)
        goal.condition = "[]"
        self.assertEqual(goal.condition_words, "everything linked to the campaign")

    def test_dates_in_words(self):
        goal = self._new_goal(
            res_model="calendar.event", condition="[('stop', '<', 'now')]"
        )
        self.assertEqual(goal.condition_words, "End is in the past")
        goal.condition = "[('start', '>=', '2026-03-02')]"
        self.assertEqual(goal.condition_words, "Start is 03/02/2026 or later")

    def test_only_what_can_be_linked(self):
        models = dict(self.env["sales.campaign.goal"]._selection_res_model())
        for name in models:
            self.assertIn("sales_campaign_ids", self.env[name]._fields)
        self.assertGreaterEqual(
            set(models),
            {"res.partner", "crm.lead", "sale.order", "account.move", "calendar.event"},
        )

    def test_live_preview(self):
        lead = self._new_opportunity(self.campaign, 5, name="Seen in the preview")
        goal = self.env["sales.campaign.goal"].new(
            {
                "name": "Draft",
                "campaign_id": self.campaign.id,
                "res_model": "crm.lead",
                "condition": "[]",
                "target": 2,
            }
        )
        self.assertEqual(goal.current, 1)
        self.assertEqual(goal.percentage, 50)
        self.assertIn(lead.name, goal.preview)
        goal.condition = WON
        self.assertEqual(goal.current, 0)
        self.assertNotIn(lead.name, goal.preview)

    def test_new_record_is_linked_and_counts(self):
        goal = self._new_goal(
            res_model="crm.lead",
            user_id=self.salesman.id,
            condition="[('type', '=', 'opportunity'), ('priority', '=', '2')]",
        )
        context = goal.with_user(self.salesman).action_new_record()["context"]
        lead = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .with_context(**context)
            .create({"name": "From the goal"})
        )
        self.assertEqual(lead.sales_campaign_ids, self.campaign)
        self.assertEqual(lead.campaign_id, self.campaign.utm_campaign_id)
        self.assertEqual(lead.priority, "2")
        self.assertEqual(self._current(goal), 1)

    # ------------------------------------------------------------
    # CURRENCIES AND COMPANIES
    # ------------------------------------------------------------

    def test_cancelled_ones_count_where_the_condition_asks_for_them(self):
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self._new_partner().id,
                    "company_id": self.company.id,
                    "sales_campaign_ids": [Command.link(self.campaign.id)],
                }
                for _number in range(3)
            ]
        )
        orders[:2]._action_cancel()
        for condition, number in (
            ("[('state', '=', 'cancel')]", 2),
            ("[('state', 'in', ['cancel', 'draft'])]", 3),
            ("['|', ('state', '=', 'cancel'), ('state', '=', 'sale')]", 2),
            ("[('state', '!=', 'sale')]", 1),
            ("[]", 1),
        ):
            goal = self._new_goal(
                res_model="sale.order", condition=condition, direction="at_most"
            )
            self.assertEqual(self._current(goal), number, condition)
            self._assert_list_is_number(goal)

    def test_expected_by_today_is_whole_for_counts(self):
        self.campaign.write({"date_start": "2026-03-02", "date_end": "2026-03-27"})
        with freeze_time("2026-03-10 12:00:00"):
            for direction, expected in (("at_least", 3), ("at_most", 4)):
                goal = self._new_goal(target=10, direction=direction)
                self.assertEqual(goal.expected_today, expected)
            amount = self._new_goal(
                measure="sum", sum_field="crm.lead.expected_revenue", target=10
            )
            self.assertEqual(amount.expected_today, 3.5)

    def test_companies_are_those_of_the_campaign(self):
        """One rule: a company counts when it or one of its people is linked; private
        people are none."""
        company = self._new_partner(self.campaign)
        for parent in (company, self._new_partner(name="Not linked itself")):
            self._new_partner(
                self.campaign, name="Jeanne", is_company=False, parent_id=parent.id
            )
        private = self._new_partner(self.campaign, name="Jean", is_company=False)
        goal = self._new_goal(res_model="res.partner", measure="companies")
        self.assertEqual(self._current(goal), 2)
        self.campaign.invalidate_recordset()
        self.assertEqual(self.campaign.company_count, 2)
        self.assertEqual(self.campaign.contact_count, 3)
        found = [
            self.env["res.partner"].with_context(**act["context"]).search(act["domain"])
            for act in (
                self.campaign.action_view_companies(),
                goal.action_view_records(),
            )
        ]
        self.assertEqual(found[0], found[1])
        self.assertEqual(len(found[0]), 2)
        self.assertNotIn(private, found[0])
        self._new_opportunity(self.campaign, 10, partner_id=private.id)
        self.assertEqual(self._current(self._new_goal(measure="companies")), 0)

    @freeze_time("2026-03-10 12:00:00")
    def test_currencies_at_the_records_date(self):
        """A closed deal converts at its closing date, an open one today, whatever date
        decides on the period."""
        self._set_rates()
        campaign = self._new_campaign(company_id=False)
        campaign.currency_id = self.euro
        self.manager.company_ids |= self.other_company
        goal = self._new_goal(
            campaign,
            measure="sum",
            sum_field="crm.lead.expected_revenue",
            date_field="crm.lead.date_deadline",
        )
        for revenue, closed, company in (
            (10.01, None, self.company),
            (100.02, "2026-02-01 10:00:00", self.other_company),  # 50.01
            (100.02, None, self.other_company),  # 25.005
        ):
            deal = self._new_opportunity(
                campaign,
                revenue,
                "won" if closed else "open",
                company_id=company.id,
                user_id=False,
                date_deadline=date(2026, 2, 1),
            )
            if closed:
                deal.date_closed = closed
        goal = goal.with_user(self.manager)
        both = goal.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        )
        self.assertAlmostEqual(both.current, 85.03, 2)
        self.assertEqual(both.currency_id, self.euro)
        one = goal.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(one.current, 10.01, "companies are kept apart")

    def test_orders_in_another_currency(self):
        self._set_rates()
        goal = self._new_goal(
            res_model="sale.order",
            measure="sum",
            sum_field="sale.order.amount_untaxed",
            date_field="sale.order.date_order",
        )
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self._new_partner().id,
                    "company_id": self.company.id,
                    "sales_campaign_ids": self.campaign.ids,
                }
                for _number in range(2)
            ]
        )
        self._update_by_sql(
            orders,
            amount_untaxed=100.10,
            currency_id=self.dollar.id,
            date_order=datetime(2026, 2, 10),
        )
        self._update_by_sql(orders[1], date_order=datetime(2026, 4, 10))
        self.assertAlmostEqual(self._current(goal), 50.05 + 25.03, 2)

    # ------------------------------------------------------------
    # AGAINST A RECOUNT IN PLAIN PYTHON
    # ------------------------------------------------------------

    def _new_random_leads(self, rng, campaigns, partners):
        """Create leads; return what is known of each, without the database."""
        companies = [self.company, self.branch, self.env["res.company"]]
        companies += [self.other_company]
        facts, vals_list = [], []
        for _number in range(90):
            company = rng.choice(companies)
            allowed = [
                campaign
                for campaign in campaigns
                if not campaign.company_id
                or not company
                or campaign.company_id in company.parent_ids
            ]
            fact = {
                "type": rng.choice(["opportunity", "opportunity", "lead"]),
                "status": rng.choice(["open", "won", "lost", "archived"]),
                "revenue": rng.randint(0, 10**7) / 100,
                "company": company,
                "user": rng.choice([self.salesman, self.colleague]),
                "partner": rng.choice([None, *partners]),
                "campaigns": rng.sample(allowed, rng.randint(0, len(allowed))),
                "day": date(2026, 1, 1) + timedelta(rng.randint(0, 120)),
            }
            if fact["type"] == "lead" or not company:
                fact["status"] = rng.choice(["open", "archived"])
            facts.append(fact)
            vals_list.append(
                {
                    "name": "Random",
                    "type": fact["type"],
                    "expected_revenue": fact["revenue"],
                    "company_id": company.id,
                    "user_id": False,
                    "team_id": False,
                    "partner_id": fact["partner"].id if fact["partner"] else False,
                    "probability": 20,
                    "sales_campaign_ids": [
                        Command.link(c.id) for c in fact["campaigns"]
                    ],
                }
            )
        leads = self.env["crm.lead"].create(vals_list)
        for lead, fact in zip(leads, facts, strict=True):
            fact["is_deal"] = fact["type"] == "opportunity"
            values = {"user_id": fact["user"].id, "create_date": fact["day"]}
            values["date_closed"] = None
            if fact["status"] == "won":
                values["won_status"] = "won"
            elif fact["status"] == "lost":
                values.update(won_status="lost", active=False)
            elif fact["status"] == "archived":
                values["active"] = False
            self._update_by_sql(lead, company_id=fact["company"].id or None, **values)
        return facts

    def _recount(self, goal, facts, companies):
        """Count in plain Python what the goal should count."""
        wanted = {
            "[]": lambda fact: fact["status"] in ("open", "won"),
            WON: lambda fact: (fact["type"], fact["status"]) == ("opportunity", "won"),
            LOST: lambda fact: (
                (fact["type"], fact["status"]) == ("opportunity", "lost")
            ),
        }[goal.condition]
        campaign = goal.campaign_id
        found = []
        for fact in facts:
            if campaign not in fact["campaigns"] or not wanted(fact):
                continue
            company = fact["company"]
            if company and not campaign.company_id and company not in companies:
                continue
            if goal.user_id and fact["user"] != goal.user_id:
                continue
            if goal.within_dates and not (
                campaign.date_start <= fact["day"] <= campaign.date_end
            ):
                continue
            found.append(fact)
        if goal.measure == "count":
            return len(found)
        if goal.measure == "companies":
            return len({fact["partner"] for fact in found if fact["partner"]})
        total = 0
        for fact in found:
            rate = 1
            if fact["company"] == self.other_company:
                closed = fact["status"] in ("won", "lost")
                day = fact["day"] if closed else date(2026, 6, 1)
                rate = 2 if day < date(2026, 3, 1) else 4
            total += fact["revenue"] / rate
        return round(total, 2)

    @freeze_time("2026-06-01 12:00:00")
    def test_random_data(self):
        self._set_rates()
        rng = random.Random(7)
        self.env.user.tz = self.salesman.tz = self.manager.tz = "UTC"
        companies = self.company | self.branch | self.other_company
        self.manager.company_ids = companies
        campaigns = [
            self._new_campaign(
                self.manager,
                title=f"Campaign {number}",
                company_id=company and company.id,
                date_start=date(2026, 1, 10 + number),
                date_end=date(2026, 3, 5 + number),
                **({"currency_id": self.euro.id} if not company else {}),
            )
            for number, company in enumerate(
                (self.company, self.company, self.branch, False)
            )
        ]
        partners = [self._new_partner(name=f"Workshop {n}") for n in range(6)]
        facts = self._new_random_leads(rng, campaigns, partners)
        goals = self.env["sales.campaign.goal"]
        for campaign in campaigns:
            for condition in ("[]", WON, LOST):
                for measure in ("count", "companies", "sum"):
                    goals |= self._new_goal(
                        campaign,
                        condition=condition,
                        measure=measure,
                        sum_field="crm.lead.expected_revenue",
                        date_field="crm.lead.create_date",
                        within_dates=rng.random() < 0.5,
                        user_id=rng.choice([False, self.salesman.id]),
                    )
        self.env.flush_all()
        self.env.invalidate_all()
        goals = goals.with_user(self.manager).with_context(
            allowed_company_ids=companies.ids
        )
        for goal in goals:
            self.assertAlmostEqual(
                goal.current,
                self._recount(goal, facts, companies),
                1 if goal.measure == "sum" else 7,
                f"{goal.condition} {goal.measure} {goal.within_dates} {goal.user_id}",
            )
            listed = (
                self.env["crm.lead"]
                .with_user(self.manager)
                .with_context(allowed_company_ids=companies.ids, active_test=False)
                .search(goal._get_record_domain())
            )
            if goal.measure == "count":
                self.assertEqual(len(listed), goal.current)
            elif goal.measure == "companies":
                self.assertEqual(len(goal._get_visible_company_ids()), goal.current)

    # ------------------------------------------------------------
    # NUMBER OF QUERIES
    # ------------------------------------------------------------

    @freeze_time("2026-03-10 12:00:00")
    def test_queries_do_not_grow_with_the_goals(self):
        def count_queries(number):
            goals = self.env["sales.campaign.goal"]
            for i in range(number):
                campaign = self._new_campaign(
                    title=f"Many {number} {i}",
                    date_start=date(2026, 1, 1),
                    date_end=date(2026, 3, 1 + i),
                )
                self._new_opportunity(campaign, 10 + i, "won")
                for measure in ("count", "companies", "sum"):
                    goals |= self._new_goal(
                        campaign,
                        condition=WON,
                        measure=measure,
                        sum_field="crm.lead.expected_revenue",
                        within_dates=True,
                        user_id=self.colleague.id if i % 2 else False,
                    )
            self.env.flush_all()
            self.env.invalidate_all()
            goals = goals.with_user(self.salesman)
            goals.mapped("campaign_id.company_id.currency_id.name")
            before = self.cr.sql_log_count
            goals.mapped("state")
            return self.cr.sql_log_count - before

        few = count_queries(2)
        many = count_queries(20)
        self.assertLessEqual(many, few)
        self.assertLessEqual(many, 17)
