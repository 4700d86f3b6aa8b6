from odoo.tests import tagged

from ..common import ALL_DOCUMENTS
from .common import HoldCase


@tagged("post_install", "-at_install")
class TestWakeUpUser(HoldCase):
    """Who takes it up again when it wakes up may work on it, whatever happened."""

    def setUp(self):
        super().setUp()
        self.leader = self._new_user("leader", ALL_DOCUMENTS)
        self.equipment_team.user_id = self.leader
        self.deal = self._new_deal(self.equipment, self.offer)

    def _disable(self, user):
        """Take the rights on sales from a user, who stays active."""
        user.sudo().group_ids = self.env.ref("base.group_user")

    def _get_planned(self):
        activity = self.deal.sudo().activity_ids
        self.assertEqual(len(activity), 1)
        return activity

    def test_planned_for_who_may(self):
        self._disable(self.salesman)
        self._hold(self.deal, user=self.manager)
        self.assertEqual(self._get_planned().user_id, self.leader)

    def test_who_put_it_on_hold(self):
        (self.salesman | self.leader).sudo().active = False
        self._hold(self.deal, user=self.all_documents)
        self.assertEqual(self._get_planned().user_id, self.all_documents)

    def test_handed_over_when_it_wakes_up(self):
        self._hold(self.deal)
        activity = self._get_planned()
        self._disable(self.salesman)
        self._on("2026-09-01 08:00:00")
        self._wake_up_job()
        self.assertEqual(self._get_planned(), activity)
        self.assertEqual(activity.user_id, self.leader)

    def test_given_to_somebody_else_by_hand(self):
        """Whoever may work on it keeps what was given to them."""
        self._hold(self.deal)
        self._get_planned().user_id = self.all_documents
        self._on("2026-09-01 08:00:00")
        self._wake_up_job()
        self.assertEqual(self._get_planned().user_id, self.all_documents)

    def test_salesperson_archived(self):
        """Odoo deletes what was planned for them."""
        self.deal.date_deadline = "2026-07-01"
        self._hold(self.deal, user=self.manager)
        self.salesman.sudo().action_archive()
        self._on("2026-09-01 08:00:00")
        self._wake_up_job()
        self.assertEqual(self._get_planned().user_id, self.leader)
        told = self.env["mail.message"].search(
            [("res_id", "=", self.deal.id), ("subject", "like", "Woken up")]
        )
        self.assertEqual(told.partner_ids, self.leader.partner_id)

    def test_named_by_the_automatic_actions(self):
        self.env["crm.pipeline.rule"].create(
            {
                "name": "Call",
                "pipeline_id": self.equipment.id,
                "event": "created",
                "fallback_user_id": self.all_documents.id,
            }
        )
        self._hold(self.deal)
        (self.salesman | self.leader).sudo().action_archive()
        self._on("2026-09-01 08:00:00")
        self._wake_up_job()
        self.assertEqual(self._get_planned().user_id, self.all_documents)

    def test_sales_managers(self):
        self._hold(self.deal)
        (self.salesman | self.leader).sudo().action_archive()
        self._on("2026-09-01 08:00:00")
        self._wake_up_job()
        user = self._get_planned().user_id
        self.assertTrue(user.has_group("sales_team.group_sale_manager"))
        self.assertIn(self.company, user.company_ids)
