from odoo.tests import TransactionCase

from odoo.addons.sales_pipeline_plus.tests.helpers import PipelineHelpers


class TestExample(PipelineHelpers, TransactionCase):
    def test_raised_amount_plans_an_action(self):
        pipeline = self.new_pipeline("Machines", "Contact 10, Offer 50, Won")
        self.env["crm.pipeline.rule"].create(
            {
                "name": "Check the credit",
                "pipeline_id": pipeline.id,
                "event": "amount_raised",
            }
        )
        deal = self.new_deal(pipeline, expected_revenue=1000)
        deal.expected_revenue = 900
        self.env["crm.pipeline.rule"]._launch_pending()
        self.assertFalse(deal.activity_ids)
        deal.expected_revenue = 2000
        self.env["crm.pipeline.rule"]._launch_pending()
        self.assertEqual(deal.activity_ids.summary, "Check the credit")
