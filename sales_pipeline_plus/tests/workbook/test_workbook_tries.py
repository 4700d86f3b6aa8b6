from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.workbook import crm_workbook
from ...models.workbook.crm_workbook import MOST_TRIES
from ..figures.test_kpi import KpiCase

RECIPIENTS = "odoo.addons.sales_pipeline_plus.models.workbook.crm_workbook_recipient"


class Killed(BaseException):
    """Ends the worker, as a signal or the limit of its memory does."""


@tagged("post_install", "-at_install")
class TestWorkbookTries(KpiCase):
    """A workbook that ends its worker keeps nobody waiting."""

    def setUp(self):
        super().setUp()
        self.patch(crm_workbook, "DEALS_AT_ONCE", 0)
        self.workbooks = self.env["crm.workbook"]
        self.workbooks.search([]).unlink()
        self.deadly, self.harmless = (
            self.workbooks.create(
                {"name": name, "user_id": self.salesman.id, "filters": {}}
            )
            for name in ("Deadly", "Harmless")
        )
        make = self.env.registry["crm.workbook"]._make

        def make_or_die(workbook, progress=None):
            if workbook.id == self.deadly.id:
                raise Killed
            return make(workbook, progress)

        self.patch(self.env.registry["crm.workbook"], "_make", make_or_die)

    def _run_job(self):
        """Run the job as a worker does, which may die of it."""
        job = self.env.ref("sales_pipeline_plus.ir_cron_workbook")
        with self.enter_registry_test_mode():
            try:
                job.method_direct_trigger()
            except Killed:
                return

    def test_given_up(self):
        self._run_job()
        self.assertEqual(self.deadly.state, "running")
        self.assertEqual(self.deadly.tries, 1)
        self.assertEqual(self.harmless.state, "pending", "the worker was killed")
        self._run_job()
        self.assertEqual(self.harmless.state, "done", "it is behind no longer")
        for _ in range(MOST_TRIES):
            self._run_job()
        self.assertEqual(self.deadly.tries, MOST_TRIES)
        self.assertEqual(self.deadly.state, "failed")
        self.assertIn("Given up (tries: 3)", self.deadly.error)
        self.deadly.with_user(self.salesman).action_retry()
        self.assertEqual((self.deadly.state, self.deadly.tries), ("pending", 0))

    @freeze_time("2026-11-21 10:00:00")
    def test_recipient_without_rights(self):
        """Who lost the rights to sales keeps the others' mail from nobody."""
        self.deadly.unlink()
        recipients = self.env["crm.workbook.recipient"].create(
            [
                {
                    "user_id": user.id,
                    "company_id": user.company_id.id,
                    "date_since": "2026-11-01",
                }
                for user in (self.colleague, self.salesman)
            ]
        )
        self.colleague.group_ids = self.env.ref("base.group_user")
        with mute_logger(RECIPIENTS):
            self._run_job()
        self.assertFalse(recipients[0].workbook_ids)
        self.assertEqual(recipients[1].workbook_ids.state, "done")
