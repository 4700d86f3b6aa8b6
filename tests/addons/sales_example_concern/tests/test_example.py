from odoo.exceptions import UserError
from odoo.tests import TransactionCase

from odoo.addons.sales_pipeline_plus.tests.helpers import PipelineHelpers


class TestExample(PipelineHelpers, TransactionCase):
    def test_frozen_amount_stays(self):
        pipeline = self.new_pipeline("Machines", "Contact 10, Offer 50, Won")
        deal = self.new_deal(pipeline, expected_revenue=1000)
        deal.is_frozen = True
        self.assertIn("The amount is agreed.", str(deal.message_ids.mapped("body")))
        with self.assertRaises(UserError):
            deal.write({"expected_revenue": 900})
        deal.write({"is_frozen": False, "expected_revenue": 900})
        self.assertEqual(deal.expected_revenue, 900)
