from io import BytesIO

from openpyxl import load_workbook

from odoo.tests import TransactionCase

from odoo.addons.sales_pipeline_plus.tests.helpers import PipelineHelpers


class TestExample(PipelineHelpers, TransactionCase):
    def test_sheet_is_in_the_workbook(self):
        team = self.env["crm.team"].create({"name": "Machines"})
        pipeline = self.new_pipeline("Machines", "Contact 10, Offer 50, Won")
        deal = self.new_deal(
            pipeline, "2026-03-02", team_id=team.id, expected_revenue=1000
        )
        self.move_deal(deal, {"2026-03-09": "Won"})
        file = BytesIO()
        self.env["crm.kpi.workbook"]._write_workbook(
            file,
            {
                "period": {"start": "2026-03-01", "end": "2026-03-31"},
                "pipeline_ids": pipeline.ids,
            },
        )
        book = load_workbook(file)
        self.assertEqual(book.sheetnames[-2:], ["Teams", "Definitions"])
        rows = list(book["Teams"].iter_rows(min_row=5, values_only=True))
        self.assertIn(("Machines", 1, 1, 1000), [row[:4] for row in rows])
