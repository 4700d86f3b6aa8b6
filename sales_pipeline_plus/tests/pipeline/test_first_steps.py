from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestFirstSteps(PipelineCase):
    """What a sales manager is shown until it is done, or closed."""

    def setUp(self):
        super().setUp()
        self.pipelines = self.env["crm.pipeline"].with_user(self.manager)
        self.all = self.pipelines.sudo().with_context(active_test=False).search([])

    def _get_done(self):
        return {step["code"]: step["is_done"] for step in self._get_steps()}

    def _get_steps(self):
        return self.pipelines.get_first_steps()

    def test_done_as_it_is(self):
        self.all.write(
            {
                "follow_odoo_stages": True,
                "probability_method": "predictive",
                "next_action_policy": "off",
            }
        )
        nothing = {"pipelines": False, "probabilities": False, "next_action": False}
        self.assertEqual(self._get_done(), nothing)
        self.equipment.probability_method = "stage"
        self.assertEqual(self._get_done(), {**nothing, "probabilities": True})
        self.equipment.write(
            {"follow_odoo_stages": False, "next_action_policy": "warn"}
        )
        self.assertEqual(set(self._get_done().values()), {True})

    def test_where_they_lead(self):
        for step in self._get_steps():
            with self.subTest(step["code"]):
                action = step["action"]
                self.assertEqual(action["res_model"], "crm.pipeline")
                self.pipelines.browse(action["res_id"] or []).check_access("write")

    def test_closed_for_the_company(self):
        self.pipelines.close_first_steps()
        self.assertEqual(self._get_steps(), [])
        self.assertTrue(self.manager.company_id.is_pipeline_start_closed)

    def test_others(self):
        pipelines = self.pipelines.with_user(self.salesman)
        self.assertEqual(pipelines.get_first_steps(), [])
        with self.assertRaises(AccessError):
            pipelines.close_first_steps()
