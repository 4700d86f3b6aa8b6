from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestNumber(PipelineCase):
    """What is no number is refused with a sentence, on each way to write it."""

    def test_infinite_numbers(self):
        deal = self._new_deal()
        for fname in ("expected_revenue", "probability", "recurring_revenue"):
            for value in (float("nan"), float("inf"), float("-inf")):
                with self.subTest(fname, value=value):
                    with self.assertRaisesRegex(ValidationError, "is no number"):
                        deal.write({fname: value})
                    with self.assertRaisesRegex(ValidationError, "is no number"):
                        self.env["crm.lead"].create({"name": "New", fname: value})
        deal.expected_revenue = 1e9
        self.assertEqual(deal.expected_revenue, 1e9)
