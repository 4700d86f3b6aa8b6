from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestImport(PipelineCase):
    """Files with and without columns for pipeline, stage and probability."""

    def _load(self, columns, *rows, user=None):
        leads = self.env["crm.lead"].with_user(user or self.salesman)
        leads = leads.with_context(default_type="opportunity", import_file=True)
        result = leads.load(columns, [list(row) for row in rows])
        if not result["ids"]:
            return result["messages"]
        self.assertFalse(result["messages"])
        return leads.browse(result["ids"])

    def test_without_columns(self):
        deals = self._load(["name"], ["One"], ["Two"])
        self.assertDeal(deals, 10, "stage", stage=self.qualified)
        self.assertEqual(deals.pipeline_id, self.equipment)

    def test_stage(self):
        deals = self._load(
            ["name", "stage_id"],
            ["One", "P. Negotiation"],
            ["Two", "P. Won"],
            ["3", ""],
        )
        self.assertDeal(deals[0], 80, "stage", stage=self.negotiation)
        self.assertDeal(deals[1], 100, "stage", stage=self.won)
        self.assertDeal(deals[2], 10, "stage", stage=self.qualified)

    def test_pipeline_and_stage(self):
        deals = self._load(
            ["name", "pipeline_id", "stage_id"],
            ["One", "Spare parts", "P. Negotiation"],
            ["Two", "Equipment", "P. Negotiation"],
            ["Three", "Spare parts", ""],
            ["Four", "", "P. Offer"],
            ["Five", "", ""],
        )
        self.assertEqual(deals.mapped("probability"), [60.0, 80.0, 20.0, 30.0, 10.0])
        self.assertEqual(deals.mapped("pipeline_id.name"), ["Spare parts", "Equipment"])
        for deal in deals:
            self.assertDeal(deal, deal.probability, "stage")

    def test_probability(self):
        deals = self._load(
            ["name", "stage_id", "probability"],
            ["One", "P. Negotiation", "55"],
            ["Two", "P. Negotiation", "80"],
            ["Three", "P. Won", "55"],
        )
        self.assertDeal(deals[0], 55, "manual", automated=80)
        self.assertDeal(deals[1], 80, "stage")
        self.assertDeal(deals[2], 100, "stage", stage=self.won)

    def test_empty_probability(self):
        """An empty cell is no probability of 0 %."""
        deals = self._load(
            ["name", "stage_id", "probability"],
            ["One", "P. Negotiation", ""],
            ["Two", "P. Negotiation", "0"],
        )
        self.assertDeal(deals[0], 80, "stage")
        self.assertDeal(deals[1], 0, "manual", automated=80)

    def test_error_of_a_row(self):
        messages = self._load(
            ["name", "pipeline_id", "stage_id"],
            ["Good", "Equipment", "P. Offer"],
            ["Wrong", "Equipment", "P. Stray"],
        )
        # Odoo puts the first error of all rows before those of each row.
        self.assertEqual([message["rows"]["from"] for message in messages[1:]], [1])
        for part in ("“Wrong”", "“P. Stray”", "“Equipment”", "P. Negotiation"):
            self.assertIn(part, messages[1]["message"])
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Good")]))

    def test_errors_of_several_rows(self):
        messages = self._load(
            ["name", "pipeline_id", "stage_id"],
            ["Wrong 1", "Equipment", "P. Stray"],
            ["Good", "Equipment", "P. Offer"],
            ["Wrong 2", "Spare parts", "P. Stray"],
        )
        self.assertEqual([message["rows"]["from"] for message in messages], [0, 2])

    def test_unknown_pipeline(self):
        messages = self._load(["name", "pipeline_id"], ["One", "Nonsense"])
        self.assertIn("Nonsense", messages[0]["message"])

    def test_impossible_probability(self):
        with mute_logger("odoo.sql_db"):
            messages = self._load(
                ["name", "stage_id", "probability"], ["One", "P. Offer", "130"]
            )
        self.assertTrue(messages)
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "One")]))

    def test_update(self):
        """Columns that are empty in an update of existing deals change nothing."""
        deal = self._new_deal(self.spares, self.offer, user=self.all_documents)
        deal.sudo().user_id = self.salesman
        own = self._new_deal(self.equipment, self.offer, probability=42)
        self._load(
            [".id", "name", "stage_id"],
            [str(deal.id), "Renamed", "P. Negotiation"],
            [str(own.id), "Renamed", "P. Negotiation"],
        )
        self.assertDeal(deal, 60, "stage", stage=self.negotiation)
        self.assertDeal(own, 42, "manual", automated=80)
        self.assertEqual(deal.name, "Renamed")

    def test_update_with_empty_cells(self):
        own = self._new_deal(self.equipment, self.offer, probability=42)
        self._load(
            [".id", "name", "probability", "priority"],
            [str(own.id), "Renamed", "", ""],
        )
        self.assertDeal(own, 42, "manual", automated=30)

    def test_pipelines(self):
        """The set-up itself can be imported."""
        result = (
            self.env["crm.pipeline"]
            .with_user(self.manager)
            .load(
                [
                    "name",
                    "pipeline_stage_ids/stage_id",
                    "pipeline_stage_ids/sequence",
                    "pipeline_stage_ids/probability",
                ],
                [
                    ["Imported", "P. Offer", "1", "33"],
                    ["", "P. Won", "2", "100"],
                ],
            )
        )
        self.assertFalse(result["messages"])
        pipeline = self.env["crm.pipeline"].browse(result["ids"])
        self.assertEqual(pipeline.stage_ids, self.offer + self.won)
        self.assertDeal(self._new_deal(pipeline), 33, "stage")
