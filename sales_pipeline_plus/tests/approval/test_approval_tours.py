from odoo.tests import new_test_user, tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestApprovalTours(TourCase):
    """Asking for an approval and answering, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = new_test_user(
            cls.env, "tour_leader", groups="sales_team.group_sale_salesman_all_leads"
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Tour team",
                "user_id": cls.leader.id,
                "member_ids": cls.salesperson.ids,
            }
        )
        line = cls.equipment.pipeline_stage_ids.filtered(
            lambda line: line.stage_id == cls.offer
        )
        line.write({"entry_policy": "leader", "entry_approval": True})

    def _create_waiting_deal(self):
        deal = self._create_deal(team_id=self.team.id)
        deal.with_user(self.salesperson)._request_approval(self.offer, "Please")
        return deal

    def _get_states(self, deal):
        facts = self.env["crm.lead.approval"].search(
            [("lead_id", "=", deal.id)], order="id"
        )
        return facts.mapped("state")

    def test_ask(self):
        deal = self._create_deal(team_id=self.team.id)
        self.start_tour(
            "/odoo", "sales_pipeline_plus_ask_approval", login="tour_salesperson"
        )
        self.assertEqual(self._get_states(deal), ["withdrawn", "waiting"])
        self.assertEqual(deal.stage_id, self.study)
        self.assertEqual(deal.activity_ids.user_id, self.leader)

    def test_refuse(self):
        deal = self._create_waiting_deal()
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_refuse_approval",
            login="tour_leader",
        )
        self.assertEqual(self._get_states(deal), ["refused"])
        self.assertEqual(deal.stage_id, self.study)

    def test_approve(self):
        deal = self._create_waiting_deal()
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_approve_move",
            login="tour_leader",
        )
        self.assertEqual(self._get_states(deal), ["approved"])
        self.assertEqual(deal.stage_id, self.offer)
