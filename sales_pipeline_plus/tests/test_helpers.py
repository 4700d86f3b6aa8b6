from datetime import date

from odoo.tests import TransactionCase

from .helpers import PipelineHelpers


class TestHelpers(PipelineHelpers, TransactionCase):
    """The example in the docstring of the helpers."""

    def test_cycle(self):
        pipeline = self.new_pipeline("Machines", "Contact 10, Offer 50, Won")
        deal = self.new_deal(pipeline, "2026-03-02", expected_revenue=1000)
        self.move_deal(deal, {"2026-03-09": "Offer", "2026-04-20": "Won"})

        self.assertEqual(deal.won_status, "won")
        self.assertEqual(deal.date_closed.date(), date(2026, 4, 20))
        days = deal.passage_ids.sorted("date_in").mapped("days")
        self.assertEqual(days[:2], [7, 42])

    def test_lost(self):
        pipeline = self.new_pipeline("Machines", "Contact 10, Offer 50, Won")
        deal = self.new_deal(pipeline, "2026-03-02", stage="Offer")
        self.assertEqual((deal.stage_id.name, deal.probability), ("Offer", 50))
        self.move_deal(deal, {"2026-03-09": "lost"})
        self.assertEqual(deal.won_status, "lost")
        self.assertEqual(deal.date_closed.date(), date(2026, 3, 9))

    def test_stage_of_another_pipeline(self):
        pipeline = self.new_pipeline("Machines", "Contact 10, Offer 50, Won")
        with self.assertRaisesRegex(AssertionError, "Machines has no stage named Tea"):
            self.new_deal(pipeline, stage="Tea")
