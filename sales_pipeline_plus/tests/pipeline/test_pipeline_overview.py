from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestPipelineOverview(PipelineCase):
    """Figures of the pipelines' cards and the check of their set-up."""

    def _get_findings(self, pipeline):
        return [finding for finding, _why in pipeline._get_findings()]

    def test_figures_open_their_records(self):
        line = self.equipment.pipeline_stage_ids[0]
        line.limit_days = 10
        yesterday = fields.Date.today() - timedelta(days=2)
        self._new_deal(self.equipment, self.qualified, expected_revenue=100)
        late = self._new_deal(
            self.equipment,
            self.qualified,
            expected_revenue=200,
            date_deadline=yesterday,
        )
        late.sudo().date_last_stage_update = fields.Datetime.now() - timedelta(days=30)
        self._new_deal(self.equipment, self.qualified).action_set_lost()
        self._new_deal(self.equipment, self.qualified).action_set_won()
        self.env.flush_all()
        pipeline = self.equipment.with_user(self.manager)
        self.assertEqual(pipeline.open_lead_count, 2)
        self.assertEqual(pipeline.open_lead_revenue, 300)
        self.assertEqual(pipeline.open_lead_weighted, 30)
        self.assertEqual(pipeline.late_lead_count, 1)
        self.assertEqual(pipeline.rotting_lead_count, 1)
        action = pipeline.with_context(search_default_late=1).action_open_leads()
        self.assertEqual(action["context"]["search_default_late"], 1)
        self.assertEqual(
            action["context"]["searchpanel_default_pipeline_id"], pipeline.id
        )

    def test_counts_what_the_user_may_see(self):
        self._new_deal(self.equipment, self.qualified)
        self._new_deal(self.equipment, self.qualified, user_id=self.manager.id)
        self.env.flush_all()
        self.assertEqual(self.equipment.with_user(self.salesman).open_lead_count, 1)
        self.assertEqual(self.equipment.with_user(self.manager).open_lead_count, 2)
        self.assertEqual(self.equipment.with_user(self.foreigner).open_lead_count, 0)

    def test_one_set_of_queries_for_all_pipelines(self):
        pipelines = self.equipment | self.spares
        pipelines.with_user(self.manager).mapped("open_lead_count")
        counts = []
        for batch in (self.equipment, pipelines):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.with_user(self.manager).mapped("rotting_lead_count")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_sound_pipeline(self):
        self.equipment.pipeline_stage_ids.definition = "Known to all"
        self.assertEqual(self.equipment.finding_count, 0)

    def test_no_won_stage(self):
        pipeline = self._new_pipeline("Hopeless", {self.qualified: 10})
        self.assertIn("no won stage", self._get_findings(pipeline)[0])

    def test_falling_probability(self):
        pipeline = self._new_pipeline(
            "Falling", {self.qualified: 50, self.offer: 30, self.won: 100}
        )
        self.assertIn("falls from 50 % in “P. Qualified”", "".join(pipeline.findings))
        pipeline.probability_method = "predictive"
        self.assertNotIn("falls", "".join(pipeline.findings))

    def test_won_before_open(self):
        pipeline = self._new_pipeline(
            "Odd", {self.offer: 5, self.won: 100, self.qualified: 10}
        )
        self.assertTrue(
            any("after the won stage" in text for text in self._get_findings(pipeline))
        )

    def test_first_stage_requires_fields(self):
        self.equipment.pipeline_stage_ids[0].requirement_ids = [
            (0, 0, {"field_name": "phone"})
        ]
        self.assertTrue(
            any("first stage" in text for text in self._get_findings(self.equipment))
        )

    def test_definitions_by_name(self):
        self.assertIn("P. Qualified, P. Offer", self.equipment.findings)

    def test_minimum_score_without_questions(self):
        self.equipment.pipeline_stage_ids[1].minimum_score = 50
        self.assertTrue(
            any("no questions" in text for text in self._get_findings(self.equipment))
        )

    def test_without_access_to_opportunities(self):
        """Whoever may read a pipeline reads it whole; there is nothing to count."""
        clerk = self._new_user("clerk", "base.group_user")
        self._new_deal(self.equipment, self.qualified)
        self.env.flush_all()
        pipeline = self.equipment.with_user(clerk)
        values = pipeline.read(["open_lead_count", "late_lead_count"])[0]
        self.assertEqual((values["open_lead_count"], values["late_lead_count"]), (0, 0))
        self.assertEqual(pipeline.missing_action_count, 0)
