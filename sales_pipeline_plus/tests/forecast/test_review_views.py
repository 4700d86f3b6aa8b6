from datetime import date

from lxml import etree

from odoo.tests import tagged

from .test_forecast_snapshot import SnapshotCase

WEEKS = (date(2026, 6, 1), date(2026, 6, 8))


@tagged("post_install", "-at_install")
class TestReviewViews(SnapshotCase):
    """What the weekly and the monthly review open with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deal = cls._new_deal(cls.equipment, expected_revenue=100)
        cls.rows = cls.snapshots.sudo().create(
            [
                {
                    "lead_id": cls.deal.id,
                    "date": week,
                    "amount": 100,
                    "weighted_amount": 40,
                    "date_deadline": date(2026, 7, 1),
                    "pipeline_id": cls.equipment.id,
                    "stage_id": cls.deal.stage_id.id,
                    "company_id": cls.deal.company_id.id,
                }
                for week in WEEKS
            ]
        )

    def _group(self, *groupby):
        return self.env["crm.forecast.snapshot"].formatted_read_group(
            [("id", "in", self.rows.ids)],
            groupby,
            ["amount:sum", "weighted_amount:sum"],
        )

    def test_weeks_are_not_added_up(self):
        """The same opportunities once a week are no amount together."""
        by_week = self._group("date:week")
        self.assertEqual([row["amount:sum"] for row in by_week], [100, 100])
        self.assertEqual([row["weighted_amount:sum"] for row in by_week], [40, 40])
        (total,) = self._group()
        self.assertFalse(total["amount:sum"])
        (by_pipeline,) = self._group("pipeline_id")
        self.assertFalse(by_pipeline["weighted_amount:sum"])

    def test_opening(self):
        """A picture first; a few weeks, one pipeline."""
        reliability = self.env.ref(
            "sales_pipeline_plus.crm_forecast_reliability_action"
        )
        self.assertTrue(reliability.view_mode.startswith("graph,"))
        for xml_id, name in (
            ("crm_forecast_snapshot_action", "last_weeks"),
            ("crm_lead_passage_action", "first_pipeline"),
        ):
            action = self.env.ref(f"sales_pipeline_plus.{xml_id}")
            self.assertIn(f"search_default_{name}", action.context)

    def test_settings_under_one_heading(self):
        arch = self.env["res.config.settings"].get_view(view_type="form")["arch"]
        names = [
            field.get("name")
            for block in etree.fromstring(arch).xpath(
                "//block[@name='pipeline_settings']"
            )
            for field in block.iter("field")
        ]
        for name in (
            "workbook_days",
            "sales_hourly_cost",
            "forecast_snapshot_months",
            "neglected_deals_frequency",
        ):
            self.assertIn(name, names)

    def test_first_pipeline(self):
        passages = self.env["crm.lead.passage"].with_user(self.manager)
        first = self.env["crm.pipeline"].with_user(self.manager).search([], limit=1)
        (first | self.spares).sudo().flush_recordset()
        found = passages.search([("is_of_first_pipeline", "=", True)])
        self.assertLessEqual(found.pipeline_id, first)
        others = passages.search([("is_of_first_pipeline", "=", False)])
        self.assertNotIn(first, others.pipeline_id)
        for passage in found[:1] | others[:1]:
            self.assertEqual(passage.is_of_first_pipeline, passage in found)
