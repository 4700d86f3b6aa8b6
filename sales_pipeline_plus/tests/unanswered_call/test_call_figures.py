from odoo.tests import tagged

from .common import CallsCase

YEAR = {"period": {"start": "2026-01-01", "end": "2026-12-31"}}
CODES = ["unanswered_call_count", "activity_count", "effort_hours"]


@tagged("post_install", "-at_install")
class TestCallFigures(CallsCase):
    """Calls without an answer are effort, and no activities done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).active = False

    def _get_values(self, user, breakdown=None):
        """Return {code: values}; check that each is the list that it opens."""
        kpi = self.env["crm.kpi"].with_user(user)
        kpi = kpi.with_context(allowed_company_ids=user.company_ids.ids)
        answer = kpi.get_figures(YEAR, CODES, breakdown)
        for number, key in enumerate(answer["keys"]):
            action = kpi.open_records(CODES[0], YEAR, breakdown, key["id"])
            found = kpi.env[action["res_model"]].search(action["domain"])
            value = answer["values"][CODES[0]][number]["value"]
            self.assertEqual(value or 0, len(found), key)
        return {
            code: [cell["value"] for cell in cells]
            for code, cells in answer["values"].items()
        }

    def test_figures(self):
        deal, call = self._new_called()
        gone, gone_call = self._new_called()
        for each in (call, call, gone_call):
            each.action_log_unanswered_call()
        gone.with_user(self.manager).unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.salesman, self.manager):
            values = self._get_values(user)
            self.assertEqual(values["unanswered_call_count"][0], 3, user.login)
            self.assertEqual(values["activity_count"][0], 0)
            self.assertIsNone(values["effort_hours"][0])
        for user in (self.colleague, self.foreigner):
            self.assertFalse(self._get_values(user)["unanswered_call_count"][0])
        for breakdown in ("salesperson", "stage", "pipeline", "month", "team"):
            self._get_values(self.manager, breakdown)
        call.action_feedback("Reached")
        self.env.flush_all()
        values = self._get_values(self.salesman)
        self.assertEqual(values["unanswered_call_count"][0], 3)
        self.assertEqual(values["activity_count"][0], 1)
        self.assertEqual(deal.activity_ids.ids, [])
