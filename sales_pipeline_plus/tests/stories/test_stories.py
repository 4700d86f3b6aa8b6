from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..common_story import StoryCase


@tagged("post_install", "-at_install")
class TestStories(StoryCase):
    """The stories of the readme; that of the trade show is the campaigns' own."""

    def _new_manager(self):
        return new_test_user(
            self.env, "tour_manager", groups="sales_team.group_sale_manager"
        )

    def test_monday_morning(self):
        deal = self._create_deal()
        other = self._create_deal(name="Mill for a tour", expected_revenue=100)
        self.run_story("Monday morning", "sales_pipeline_plus_plan_from_review")
        self.assertEqual(deal.activity_ids.summary, "Call them back")
        self.assertEqual(deal.activity_ids.user_id, self.salesperson)
        self.assertTrue(other.activity_ids)

    def test_from_creation_to_won(self):
        self.env["res.partner"].create({"name": "Tour workshop", "is_company": True})
        self.env["product.product"].create({"name": "Tour lathe", "list_price": 90000})
        self.run_story(
            "From creation to won, with a confirmed quotation",
            "sales_pipeline_plus_story_won",
        )
        deal = self._get_deal()
        self.assertEqual((deal.won_status, deal.expected_revenue), ("won", 90000))
        self.assertEqual(deal.order_ids.state, "sale")
        self.assertEqual(deal.order_ids.amount_untaxed, 90000)

    def test_monthly_meeting(self):
        self._new_manager()
        day = fields.Datetime.now() - relativedelta(months=1)
        deal = self._create_deal(date_start=day)
        deal.write({"stage_id": self.equipment.stage_ids[-1].id, "date_closed": day})
        self._create_deal(name="Mill for a tour")
        self.run_story(
            "The monthly meeting",
            "sales_pipeline_plus_story_monthly_meeting",
            login="tour_manager",
        )

    def test_second_pipeline(self):
        self._new_manager()
        self.run_story(
            "A second pipeline with a required amount and an automatic action",
            "sales_pipeline_plus_story_second_pipeline",
            login="tour_manager",
        )
        pipeline = self.env["crm.pipeline"].search([("name", "=", "Tour spare parts")])
        self.assertEqual(
            pipeline.pipeline_stage_ids.requirement_ids.field_name, "expected_revenue"
        )
        self.assertTrue(pipeline.with_context(active_test=False).rule_ids)

    def test_first_day(self):
        self._new_manager()
        (self.equipment | self.consumables).active = False
        self.run_story(
            "The first day", "sales_pipeline_plus_story_first_day", login="tour_manager"
        )
        pipeline = self.env["crm.pipeline"].search([("name", "=", "Tour machines")])
        self.assertEqual(len(pipeline.pipeline_stage_ids), 6)
        self.assertTrue(self.env.company.is_pipeline_start_closed)
