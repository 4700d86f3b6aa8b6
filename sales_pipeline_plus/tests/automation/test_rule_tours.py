from odoo.tests import new_test_user, tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestRuleTours(TourCase):
    def test_condition_counts_the_pipeline(self):
        new_test_user(self.env, "tour_manager", groups="sales_team.group_sale_manager")
        self._create_deal()
        self._create_deal(
            pipeline_id=self.consumables.id, stage_id=self.offer.id, name="Other"
        )
        self._create_deal(type="lead", pipeline_id=False, stage_id=False, name="Lead")
        rule = self.env["crm.pipeline.rule"].create(
            {"name": "Call", "pipeline_id": self.equipment.id, "event": "inactive"}
        )
        self.start_tour(
            f"/odoo/crm.pipeline.rule/{rule.id}",
            "sales_pipeline_plus_rule_condition",
            login="tour_manager",
        )
