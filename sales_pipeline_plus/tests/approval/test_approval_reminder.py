from odoo import Command
from odoo.tests import tagged

from ..common import ALL_DOCUMENTS
from .common import ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalReminder(ApprovalCase):
    """A request that waits lies with somebody who may decide it, whatever happens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_leader = cls._new_user("other_leader", ALL_DOCUMENTS)

    def setUp(self):
        super().setUp()
        self.deal = self._new_deal(self.equipment, self.qualified)
        self.fact = self._ask(self.deal)

    def assertAsked(self, user):
        """Check that it waits, and that one activity is this user's."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertStates(self.deal, "waiting")
        self.assertEqual(self.deal.approval_stage_id, self.offer)
        activity = self.deal.sudo().activity_ids
        self.assertEqual(activity, self.fact.activity_id)
        self.assertEqual(activity.user_id, user)
        self.assertEqual(self.fact.approver_id, user)
        return activity

    def test_done_decides_nothing(self):
        first = self.assertAsked(self.leader)
        first.with_user(self.leader).action_feedback("Later")
        second = self.assertAsked(self.leader)
        self.assertNotEqual(second, first)
        self.assertGreater(second.date_deadline, first.date_deadline)
        self.assertEqual(second.summary, first.summary)
        told = self.deal.message_ids.filtered(lambda each: "Later" in each.body)
        self.assertFalse(told.mail_activity_type_id, "It is no contact.")
        self.deal.with_user(self.leader).action_approve_move()
        self.assertStates(self.deal, "approved")
        self.assertFalse(self.deal.sudo().activity_ids)

    def test_deleted_decides_nothing(self):
        first = self.assertAsked(self.leader)
        first.with_user(self.leader).unlink()
        self.assertAsked(self.leader)

    def test_new_leader(self):
        first = self.assertAsked(self.leader)
        self.equipment_team.with_user(self.manager).user_id = self.other_leader
        self.assertEqual(self.assertAsked(self.other_leader), first)
        self.assertIn("is asked now to approve", self.deal.message_ids[0].body)
        # Who asks instead of the leader, if there is none: a sales manager.
        self.equipment_team.user_id = False
        self.assertAsked(self.fact.approver_id)
        self.assertTrue(
            self.fact.approver_id.has_group("sales_team.group_sale_manager")
        )

    def test_approver_leaves(self):
        self.leader.sudo().action_archive()
        self.assertAsked(self.fact.approver_id)
        self.assertTrue(
            self.fact.approver_id.has_group("sales_team.group_sale_manager")
        )

    def test_approver_is_deactivated(self):
        self.leader.sudo().write({"active": False})
        self.assertNotEqual(self.fact.approver_id, self.leader)
        self.assertAsked(self.fact.approver_id)

    def test_another_team_or_salesperson(self):
        self.spares_team.user_id = self.other_leader
        self.deal.sudo().write({"team_id": self.spares_team.id})
        self.assertAsked(self.other_leader)
        self._restrict(self.equipment, self.offer, "owner")
        self.deal.sudo().write({"user_id": self.all_documents.id})
        self.assertAsked(self.all_documents)

    def test_the_job(self):
        """What nothing tells of: the approver is no member of the group any more."""
        group = self.env["res.groups"].create({"name": "A. Deciders"})
        self._restrict(self.equipment, self.offer, "group", group=group)
        (self.leader | self.other_leader).group_ids |= group
        self.leader.group_ids -= group
        self.env["crm.lead.approval"]._cron_remind_approvers()
        self.assertAsked(self.other_leader)
        activity = self.fact.activity_id
        self.env["crm.lead.approval"]._cron_remind_approvers()
        self.assertEqual(self.assertAsked(self.other_leader), activity)

    def test_nobody_may(self):
        """It stays with who was asked, and is lost to nobody."""
        group = self.env["res.groups"].create({"name": "A. Deciders"})
        self._restrict(self.equipment, self.offer, "group", group=group)
        self.env["crm.lead.approval"]._cron_remind_approvers()
        self.assertAsked(self.leader)

    def assertLapsed(self, *words):
        """Check that nothing waits, that it has not moved, and that who asked knows."""
        self.env.flush_all()
        self.assertStates(self.deal, "lapsed")
        self.assertEqual(self.deal.stage_id, self.qualified)
        self.assertFalse(self.deal.sudo().activity_ids)
        self.assertFalse(self.fact.decided_by_id)
        self.assertTrue(self.fact.date_decided)
        told = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "=", self.deal.id),
                ("message_type", "=", "user_notification"),
                ("subject", "like", "has lapsed"),
            ]
        )
        self.assertEqual(told.partner_ids, self.salesman.partner_id)
        for word in ("has lapsed", *words):
            self.assertIn(word, told.body)
            self.assertIn(word, self.deal.message_ids[0].body)

    def test_everybody_may_now(self):
        """Nothing waits for what nobody needs to allow, however it was opened."""
        self.deal.action_withdraw_approval()
        line = self.line.with_user(self.manager)
        ways = {
            "written": lambda: line.write({"entry_policy": "everybody"}),
            "form of the pipeline": lambda: self.equipment.with_user(
                self.manager
            ).write(
                {
                    "pipeline_stage_ids": [
                        Command.update(line.id, {"entry_policy": "everybody"})
                    ]
                }
            ),
            "imported": lambda: line.load(
                [".id", "entry_policy"], [[str(line.id), "Everybody"]]
            ),
        }
        for name, way in ways.items():
            with self.subTest(way=name):
                self._restrict(self.equipment, self.offer, "leader")
                self.deal = self._new_deal(self.equipment, self.qualified)
                self.fact = self._ask(self.deal)
                way()
                self.assertLapsed("P. Offer", "may move it there now")
        self.deal.with_user(self.salesman).stage_id = self.offer
        self.assertStates(self.deal, "lapsed")

    def test_opened_past_the_orm(self):
        """What was opened before this version, or by SQL, is found by the job."""
        self.env.cr.execute(
            "UPDATE crm_pipeline_stage SET entry_policy = 'everybody' WHERE id = %s",
            [self.line.id],
        )
        self.env.invalidate_all()
        self.line.sequence += 1
        self.env["crm.lead.approval"]._cron_remind_approvers()
        self.assertLapsed()

    def test_another_stage_in_the_line(self):
        self.line.with_user(self.manager).stage_id = self.env["crm.stage"].create(
            {"name": "P. Draft"}
        )
        self.assertLapsed("taken out of the pipeline")

    def test_others_may_now(self):
        """They are asked at once, not by the job of the night."""
        group = self.env["res.groups"].create({"name": "A. Deciders"})
        self.other_leader.group_ids |= group
        self._restrict(self.equipment, self.offer, "group", group=group)
        self.assertAsked(self.other_leader)

    def test_another_line_is_opened(self):
        self._restrict(self.equipment, self.negotiation, "leader")
        self._restrict(self.equipment, self.negotiation, "everybody")
        self.assertAsked(self.leader)

    def test_many_lapse_without_a_query_each(self):
        """One deal more costs a few statements, none of which could be batched."""
        counts = []
        for number in (10, 40):
            self._restrict(self.equipment, self.offer, "leader")
            deals = self.env["crm.lead"].concat(
                *(
                    self._new_deal(self.equipment, self.qualified)
                    for _each in range(number)
                )
            )
            self._ask(deals)
            start = self.env.cr.sql_log_count
            self._restrict(self.equipment, self.offer, "everybody")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLess(counts[1] - counts[0], 30)
