from odoo.tests import TransactionCase

from odoo.addons.sales_pipeline_plus.tests.helpers import PipelineHelpers


class TestExample(PipelineHelpers, TransactionCase):
    def test_referred_deals_are_counted(self):
        pipeline = self.new_pipeline("Machines", "Contact 10, Offer 50, Won")
        self.new_deal(pipeline, "2026-03-02", referred="A customer")
        self.new_deal(pipeline, "2026-03-03")
        self.new_deal(pipeline, "2026-02-03", referred="A neighbour")
        engine = self.env["crm.kpi"]
        filters = {
            "period": {"start": "2026-03-01", "end": "2026-03-31"},
            "pipeline_ids": pipeline.ids,
        }
        answer = engine.get_figures(filters, ["referred_count"])
        (cell,) = answer["values"]["referred_count"]
        self.assertEqual((cell["value"], cell["comparison"]), (1, 1))
        action = engine.open_records("referred_count", filters)
        self.assertEqual(self.env["crm.lead"].search_count(action["domain"]), 1)
        labels = [figure["label"] for figure in engine.get_catalogue()]
        self.assertIn("Opportunities Referred", labels)
        # All figures together: page and workbook ask for them like this.
        self.assertIn("referred_count", engine.get_figures(filters)["values"])
        self.assertIn(
            ("referred_count", "Opportunities Referred"),
            self.env["crm.target"]._get_figures(),
        )
