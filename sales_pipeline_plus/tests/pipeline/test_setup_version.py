from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install")
class TestSetupVersion(BaseCase):
    """Real transactions side by side: none reads what another one's past left behind.

    All share the caches of one process, as threads of a server do.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            stages = env["crm.stage"].search([], limit=2)
            self.pipeline_id = (
                env["crm.pipeline"]
                .create(
                    {
                        "name": "Threads",
                        "pipeline_stage_ids": [
                            (0, 0, {"stage_id": stage.id, "probability": 8})
                            for stage in stages
                        ],
                    }
                )
                .id
            )
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["crm.pipeline"].browse(self.pipeline_id).unlink()

    def _get_env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def _read(self, cr):
        """Return the probabilities that a deal gets in this transaction."""
        layout = self._get_env(cr)["crm.pipeline"]._get_layout()
        return [line.probability for line in layout.pipelines[self.pipeline_id].lines]

    def _change(self, cr, rank, probability):
        env = self._get_env(cr)
        lines = env["crm.pipeline"].browse(self.pipeline_id).pipeline_stage_ids
        lines[rank].probability = probability
        env.flush_all()

    def test_cache_filled_before_the_commit(self):
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._change(first, 0, 12)
            self.assertEqual(self._read(second), [8, 8])
            self.assertEqual(self._read(first), [12, 8])
            first.commit()
            self.assertEqual(self._read(second), [8, 8], "As it began.")
            second.rollback()
            self.assertEqual(self._read(second), [12, 8])
        with self.registry.cursor() as third:
            self.assertEqual(self._read(third), [12, 8])

    def test_commits_in_another_order(self):
        """The greatest version is committed first; the first one's change counts."""
        with self.registry.cursor() as first, self.registry.cursor() as second:
            self._change(first, 0, 12)
            self._change(second, 1, 13)
            second.commit()
            with self.registry.cursor() as third:
                self.assertEqual(self._read(third), [8, 13])
            first.commit()
            with self.registry.cursor() as third:
                self.assertEqual(self._read(third), [12, 13])

    def test_rollback(self):
        with self.registry.cursor() as first:
            self._change(first, 0, 12)
            self.assertEqual(self._read(first), [12, 8])
            first.rollback()
            self.assertEqual(self._read(first), [8, 8])
            self._change(first, 0, 9)
            with self.registry.cursor() as second:
                self.assertEqual(self._read(second), [8, 8])
            self.assertEqual(self._read(first), [9, 8])
            first.rollback()

    def test_old_versions_go(self):
        with self.registry.cursor() as first:
            self._change(first, 0, 12)
            self.assertEqual(self._read(first), [12, 8])
            first.commit()
            self._get_env(first)["crm.setup.version"]._gc_versions()
            self.assertEqual(self._read(first), [12, 8])
            self._change(first, 0, 15)
            self.assertEqual(self._read(first), [15, 8])
            first.commit()
        with self.registry.cursor() as second:
            self.assertEqual(self._read(second), [15, 8])

    def test_change_within_a_savepoint(self):
        with self.registry.cursor() as first:
            with self.assertRaises(ZeroDivisionError), first.savepoint():
                self._change(first, 0, 12)
                self.assertEqual(self._read(first), [12, 8])
                raise ZeroDivisionError
            self.assertEqual(self._read(first), [8, 8])
            first.rollback()
