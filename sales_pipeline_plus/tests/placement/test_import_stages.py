from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestImportStages(PipelineCase):
    """Of two stages with one name, the one of the row's pipeline is meant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = (
            cls.env["crm.stage"]
            .with_context(in_pipeline_form=True)
            .create([{"name": "Twice", "sequence": n} for n in (1, 2)])
        )
        cls.one = cls._new_pipeline("One", {cls.first: 10, cls.won: 100})
        cls.two = cls._new_pipeline("Two", {cls.second: 20, cls.won: 100})
        cls.leads = (
            cls.env["crm.lead"]
            .with_user(cls.manager)
            .with_context(default_type="opportunity", import_file=True)
        )

    def _load(self, columns, *rows):
        found = self.leads.load(columns, [list(row) for row in rows])
        self.assertFalse(found["messages"])
        return self.leads.browse(found["ids"])

    def test_named_pipeline(self):
        columns = ["name", "pipeline_id", "stage_id"]
        deals = self._load(columns, ["A", "Two", "Twice"], ["B", "One", "Twice"])
        self.assertEqual(deals.mapped("stage_id"), self.second + self.first)
        columns[1] = "pipeline_id/.id"
        [deal] = self._load(columns, ["A", str(self.two.id), "Twice"])
        self.assertEqual(deal.stage_id, self.second)

    def test_default_pipeline(self):
        self.equipment_team.pipeline_id = self.two
        [deal] = self._load(["name", "stage_id"], ["A", "Twice"])
        self.assertEqual((deal.pipeline_id, deal.stage_id), (self.two, self.second))

    def test_export_and_import_again(self):
        deals = self._new_deal(self.two, self.second, user=self.manager) | (
            self._new_deal(self.one, self.first, user=self.manager)
        )
        self.manager.group_ids += self.env.ref("base.group_allow_export")
        columns = ["id", "name", "pipeline_id", "stage_id"]
        rows = deals.with_user(self.manager).export_data(columns)["datas"]
        for used in (columns, ["id", "name", "stage_id"]):
            self._load(used, *([row[columns.index(c)] for c in used] for row in rows))
            self.assertEqual(deals.mapped("pipeline_id"), self.two + self.one)
            self.assertEqual(deals.mapped("stage_id"), self.second + self.first)
