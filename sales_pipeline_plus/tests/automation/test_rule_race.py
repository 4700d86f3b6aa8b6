import threading

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestRuleRace(BaseCase):
    """Two real transactions launch one event: one activity, whoever comes first."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            stage = env["crm.stage"].search([], limit=1)
            self.pipeline_id = (
                env["crm.pipeline"]
                .create(
                    {
                        "name": "Race",
                        "pipeline_stage_ids": [(0, 0, {"stage_id": stage.id})],
                    }
                )
                .id
            )
            self.lead_id = (
                env["crm.lead"]
                .create(
                    {
                        "name": "Race",
                        "type": "opportunity",
                        "pipeline_id": self.pipeline_id,
                        "stage_id": stage.id,
                        "user_id": SUPERUSER_ID,
                    }
                )
                .id
            )
            self.rule_id = (
                env["crm.pipeline.rule"]
                .create(
                    {
                        "name": "Race",
                        "pipeline_id": self.pipeline_id,
                        "event": "decision_passed",
                    }
                )
                .id
            )
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["crm.lead"].browse(self.lead_id).unlink()
            of_pipeline = [("pipeline_id", "=", self.pipeline_id)]
            env["crm.pipeline.rule.log"].search(
                [("rule_id.pipeline_id", "=", self.pipeline_id)]
            ).unlink()
            env["crm.pipeline.rule"].search(of_pipeline).unlink()
            env["crm.lead.passage"].search(of_pipeline).unlink()
            env["crm.pipeline"].browse(self.pipeline_id).unlink()
        self.registry.clear_cache()

    @mute_logger("odoo.sql_db")
    def test_race(self):
        results = []
        with self.registry.cursor() as first, self.registry.cursor() as second:
            rules = [
                api.Environment(cr, SUPERUSER_ID, {})["crm.pipeline.rule"]
                .browse(self.rule_id)
                ._in_charge()
                for cr in (first, second)
            ]
            for rule in rules:
                # Both transactions see the database as it is now.
                self.assertEqual(rule.name, "Race")

            def launch_second():
                try:
                    rules[1]._launch_all([(self.lead_id, "the same")])
                except SerializationFailure as error:
                    results.append(error)
                    second.rollback()
                    # As Odoo does with a request and the cron with its batch.
                    results.append(rules[1]._launch_all([(self.lead_id, "the same")]))
                second.commit()

            rules[0]._launch_all([(self.lead_id, "the same")])
            rules[0].env.flush_all()
            thread = threading.Thread(target=launch_second)
            thread.start()
            thread.join(2)
            self.assertTrue(thread.is_alive(), "The second one waits for the first.")
            first.commit()
            thread.join(30)
            self.assertFalse(thread.is_alive())
        self.assertEqual(len(results), 2)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            lead = env["crm.lead"].browse(self.lead_id)
            self.assertEqual(len(lead.activity_ids), 1)
            self.assertEqual(lead.rule_log_count, 1)
