from datetime import date

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ..common import SalesCampaignCase


@tagged("post_install", "-at_install")
class TestSalesCampaign(SalesCampaignCase):
    @users("campaign_salesman")
    def test_create_makes_the_utm_campaign(self):
        campaign = self.env["sales.campaign"].create(
            {"title": "Machine show", "aim": "Meet workshops", "expected_revenue": 5e4}
        )
        self.assertEqual(campaign.display_name, "Machine show")
        self.assertEqual(campaign.utm_campaign_id.title, "Machine show")
        self.assertEqual(campaign.user_id, self.salesman)
        self.assertEqual(campaign.company_id, self.company)
        self.assertEqual(campaign.currency_id, self.euro)
        self.assertEqual(
            campaign.stage_id, self.env["sales.campaign.stage"].search([], limit=1)
        )
        self.assertTrue(campaign.active)
        self.assertTrue(campaign.has_own_utm_campaign)

    @users("campaign_salesman")
    def test_form(self):
        form = Form(self.env["sales.campaign"])
        form.title = "Breakfast"
        form.type_id = self.env.ref(
            "sales_campaign_goals.sales_campaign_type_breakfast"
        )
        form.aim = "Show the titanium cell"
        form.date_start = date(2026, 3, 2)
        form.date_end = date(2026, 3, 2)
        form.expected_revenue = 1234.56
        campaign = form.save()
        self.assertEqual(campaign.expected_revenue, 1234.56)
        self.assertEqual(campaign.utm_campaign_id.user_id, self.salesman)
        with Form(campaign) as form:
            form.title = "Breakfast in Lyon"
            form.real_cost = 250
        self.assertEqual(campaign.utm_campaign_id.title, "Breakfast in Lyon")

    def test_quick_create_in_a_stage(self):
        stage = self.env["sales.campaign.stage"].create({"name": "Invitations"})
        form = Form(
            self.env["sales.campaign"]
            .with_user(self.salesman)
            .with_context(default_stage_id=stage.id),
            view="sales_campaign_goals.sales_campaign_view_form_quick_create",
        )
        form.title = "Quick"
        self.assertEqual(form.save().stage_id, stage)

    @users("campaign_salesman")
    def test_import(self):
        result = self.env["sales.campaign"].load(
            ["title", "type_id/id", "date_start", "date_end", "expected_revenue"],
            [
                ["Imported", self._xmlid("trade_show"), "2026-03-02", "", "1000.50"],
                ["Imported", self._xmlid("phoning"), "2026-03-02", "2026-03-01", "1"],
            ],
        )
        self.assertFalse(result["ids"], "all or nothing")
        self.assertIn("“Imported”", result["messages"][0]["message"])
        result = self.env["sales.campaign"].load(
            ["title", "type_id/id", "date_start", "expected_revenue"],
            [["Imported", self._xmlid("trade_show"), "2026-03-02", "1000.50"]],
        )
        campaign = self.env["sales.campaign"].browse(result["ids"])
        self.assertEqual(campaign.utm_campaign_id.title, "Imported")
        self.assertEqual(campaign.expected_revenue, 1000.5)

    def _xmlid(self, campaign_type):
        return f"sales_campaign_goals.sales_campaign_type_{campaign_type}"

    def test_same_title_twice(self):
        first, second = self._new_campaign(), self._new_campaign()
        self.assertEqual(first.title, second.title)
        self.assertNotEqual(first.name, second.name, "the identifier stays unique")

    def test_stages_are_all_shown(self):
        stage = self.env["sales.campaign.stage"].create({"name": "Empty stage"})
        groups = (
            self.env["sales.campaign"]
            .with_user(self.salesman)
            .with_context(read_group_expand=True)
            .formatted_read_group([], ["stage_id"], ["__count"])
        )
        self.assertIn(stage.id, [group["stage_id"][0] for group in groups])

    def _flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()

    def test_changes_are_tracked(self):
        campaign = self._new_campaign().with_context(tracking_disable=False)
        self._flush_tracking()
        campaign.write(
            {
                "title": "Another title",
                "user_id": self.colleague.id,
                "expected_revenue": 10,
            }
        )
        self._flush_tracking()
        tracked = campaign.sudo().message_ids.tracking_value_ids.field_id
        self.assertEqual(
            set(tracked.mapped("name")), {"title", "user_id", "expected_revenue"}
        )

    # ------------------------------------------------------------
    # PERIOD
    # ------------------------------------------------------------

    @freeze_time("2026-03-10 12:00:00")
    def test_period_state(self):
        campaigns = self.env["sales.campaign"]
        for start, end, state in (
            (False, False, "undated"),
            (False, date(2026, 3, 10), "undated"),
            (False, date(2026, 3, 9), "ended"),
            (date(2026, 3, 11), False, "upcoming"),
            (date(2026, 3, 11), date(2026, 3, 12), "upcoming"),
            (date(2026, 3, 10), date(2026, 3, 10), "running"),
            (date(2026, 3, 1), False, "running"),
            (date(2026, 3, 1), date(2026, 3, 9), "ended"),
        ):
            with self.subTest(start=start, end=end):
                campaign = self._new_campaign(date_start=start, date_end=end)
                campaigns |= campaign
                self.assertEqual(campaign.period_state, state)
        for state in ("undated", "upcoming", "running", "ended"):
            found = campaigns.search(
                [("id", "in", campaigns.ids), ("period_state", "=", state)]
            )
            other = campaigns.search(
                [("id", "in", campaigns.ids), ("period_state", "!=", state)]
            )
            expected = campaigns.filtered(lambda c, s=state: c.period_state == s)
            self.assertEqual(set(found), set(expected), state)
            self.assertEqual(set(other), set(campaigns - expected), state)

    @freeze_time("2026-03-10 23:30:00")
    def test_period_in_the_users_time_zone(self):
        self.salesman.tz = "Europe/Paris"
        campaign = self._new_campaign(
            date_start=date(2026, 3, 1), date_end=date(2026, 3, 10)
        ).with_context(tz="Europe/Paris")
        self.assertEqual(campaign.period_state, "ended", "it is the 11th in Paris")
        self.assertIn(campaign, campaign.search([("period_state", "=", "ended")]))

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    def test_end_before_start(self):
        with self.assertRaisesRegex(ValidationError, "“Trade show”.*03/02/2026"):
            self._new_campaign(date_start=date(2026, 3, 2), date_end=date(2026, 3, 1))

    def test_negative_amounts(self):
        for fname, label in (
            ("expected_revenue", "Expected Revenue"),
            ("budget", "Budget"),
            ("real_cost", "Other Costs"),
        ):
            with (
                self.subTest(field=fname),
                self.assertRaisesRegex(ValidationError, f"“Trade show”.*“{label}”"),
            ):
                self._new_campaign(**{fname: -0.01})

    def test_one_sales_campaign_for_a_utm_campaign(self):
        campaign = self._new_campaign()
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self._new_campaign(utm_campaign_id=campaign.utm_campaign_id.id)

    def test_team_of_another_company(self):
        team = self.env["crm.team"].create(
            {"name": "Machines Inc.", "company_id": self.other_company.id}
        )
        with self.assertRaises(UserError):
            self._new_campaign(self.manager).sudo().team_id = team

    def test_used_type_and_stage_are_kept(self):
        for model, fname in (
            ("sales.campaign.type", "type_id"),
            ("sales.campaign.stage", "stage_id"),
            ("sales.campaign.segment", "segment_id"),
        ):
            record = self.env[model].create({"name": "Used"})
            self._new_campaign(**{fname: record.id})
            with (
                self.subTest(model=model),
                self.assertRaisesRegex(UserError, "“Used”.*“Trade show” .1 in all"),
            ):
                record.with_user(self.manager).unlink()
            self.env[model].with_user(self.manager).create({"name": "Free"}).unlink()

    # ------------------------------------------------------------
    # CURRENCY
    # ------------------------------------------------------------

    def test_currency(self):
        campaign = self._new_campaign().sudo()
        self.assertEqual(campaign.currency_id, self.euro)
        self.salesman.company_ids |= self.other_company
        campaign.company_id = self.other_company
        self.assertEqual(campaign.currency_id, self.dollar)

    def test_currency_without_company(self):
        campaign = self._new_campaign(company_id=False)
        self.assertEqual(campaign.currency_id, self.euro)
        self.env.flush_all()
        in_dollars = campaign.with_user(self.foreigner)
        self.assertEqual(
            in_dollars.currency_id, self.euro, "it stays what it was planned in"
        )

    # ------------------------------------------------------------
    # COPY, ARCHIVE, UNLINK
    # ------------------------------------------------------------

    def test_copy(self):
        stage = self.env["sales.campaign.stage"].create(
            {"name": "Last", "sequence": 1000}
        )
        campaign = self._new_campaign(
            aim="Meet",
            expected_revenue=100,
            budget=10,
            real_cost=12,
            stage_id=stage.id,
            team_id=self.team.id,
            member_ids=[(6, 0, self.colleague.ids)],
        )
        self._new_opportunity(campaign, 50, "won")
        copy = campaign.copy()
        self.assertEqual(copy.title, "Trade show (copy)")
        self.assertNotEqual(copy.utm_campaign_id, campaign.utm_campaign_id)
        self.assertRecordValues(
            copy,
            [
                {
                    "aim": "Meet",
                    "expected_revenue": 100,
                    "budget": 10,
                    "real_cost": 0,
                    "opportunity_count": 0,
                    "user_id": self.salesman.id,
                    "company_id": self.company.id,
                    "team_id": self.team.id,
                    "member_ids": self.colleague.ids,
                    "has_own_utm_campaign": True,
                }
            ],
        )
        self.assertNotEqual(copy.stage_id, stage)
        self.assertEqual(campaign.opportunity_count, 1)
        self.assertEqual(campaign.copy({"title": "Next"}).title, "Next")

    def test_archive(self):
        campaign = self._new_campaign()
        opportunity = self._new_opportunity(campaign, 10)
        campaign.action_archive()
        self.assertFalse(campaign.utm_campaign_id.active)
        self.assertNotIn(campaign, campaign.search([]))
        self.assertIn(campaign, campaign.search([("active", "=", False)]))
        self.assertTrue(opportunity.active)
        campaign.utm_campaign_id.action_unarchive()
        self.assertTrue(campaign.active)

    def test_unlink_takes_its_unused_utm_campaign(self):
        campaign = self._new_campaign()
        utm_campaign = campaign.utm_campaign_id
        campaign.with_user(self.manager).unlink()
        self.assertFalse(utm_campaign.exists())

    def test_unlink_keeps_a_used_utm_campaign(self):
        used = {}
        for state in ("open", "lost"):
            campaign = self._new_campaign(title=state)
            used[campaign] = self._new_opportunity(campaign, 10, state)
        order_campaign = self._new_campaign(title="order")
        used[order_campaign] = self.env["sale.order"].create(
            {
                "partner_id": self.salesman.partner_id.id,
                "company_id": self.company.id,
                "campaign_id": order_campaign.utm_campaign_id.id,
            }
        )
        for campaign, record in used.items():
            utm_campaign = campaign.utm_campaign_id
            campaign.with_user(self.manager).unlink()
            self.assertTrue(utm_campaign.exists())
            self.assertEqual(record.campaign_id, utm_campaign)

    def test_unlink_keeps_a_utm_campaign_that_was_there_before(self):
        utm_campaign = self.env["utm.campaign"].create(
            {"title": "Before", "company_id": self.company.id}
        )
        utm_campaign.with_user(self.salesman).action_run_as_sales_campaign()
        utm_campaign.sales_campaign_ids.with_user(self.manager).unlink()
        self.assertTrue(utm_campaign.exists())
