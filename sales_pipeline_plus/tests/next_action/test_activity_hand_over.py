from odoo import fields
from odoo.tests import tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestHandOver(PipelineCase):
    """The planned actions of a deal go along with it; those of nobody are none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.team_ids = cls.equipment_team
        cls.deal = cls._new_deal(cls.equipment, cls.offer)
        cls.activity = cls._plan(cls.deal, cls.salesman)

    @classmethod
    def _plan(cls, deal, user):
        return deal.sudo().activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=fields.Date.today(),
            user_id=user.id,
            summary="Call back",
        )

    def assertNextAction(self, state):
        """Display, search and grouping agree."""
        self.env.invalidate_all()
        self.assertEqual(self.deal.next_action_state, state)
        deals = self.env["crm.lead"].with_user(self.manager)
        domain = [("id", "=", self.deal.id)]
        found = deals.search([*domain, ("next_action_state", "=", state)])
        self.assertEqual(found.ids, self.deal.ids)
        groups = deals._read_group(domain, ["next_action_state"], [])
        self.assertEqual(groups, [(state,)])

    def test_write(self):
        """The deal keeps the team that its pipeline is limited to."""
        other = self._plan(self.deal, self.manager)
        for user in (self.manager, self.salesman):
            self.deal.with_user(user).write({"user_id": self.colleague.id})
            self.assertEqual(self.deal.pipeline_id, self.equipment)
            self.assertEqual(self.deal.team_id, self.equipment_team)
            self.assertEqual(self.activity.user_id, self.colleague)
            self.assertEqual(other.user_id, self.manager)
            self.deal.with_user(self.manager).user_id = self.salesman
            self.assertEqual(self.activity.user_id, self.salesman)

    def test_write_that_leaves_them(self):
        self.deal.with_user(self.manager).with_context(keep_activities=True).write(
            {"user_id": self.colleague.id}
        )
        self.assertEqual(self.activity.user_id, self.salesman)
        self.assertNextAction("missing")

    def test_done_activities_stay(self):
        self.activity.action_feedback()
        self.deal.with_user(self.manager).user_id = self.colleague
        self.assertEqual(self.activity.user_id, self.salesman)

    def test_import(self):
        self.deal.with_user(self.manager).load(
            [".id", "user_id/.id"], [[str(self.deal.id), str(self.colleague.id)]]
        )
        self.assertEqual(self.activity.user_id, self.colleague)
        self.assertEqual(self.deal.pipeline_id, self.equipment)

    def test_archived_user(self):
        self.assertNextAction("today")
        self.salesman.active = False
        self.assertNextAction("missing")

    def test_user_without_access(self):
        self.activity.user_id = self.colleague
        self.assertNextAction("missing")
        self.deal.collaborator_ids = self.colleague
        self.assertNextAction("today")
        self.deal.collaborator_ids = False
        self.colleague.group_ids = self.env.ref("base.group_user")
        self.activity.user_id = self.all_documents
        self.assertNextAction("today")
        self.all_documents.group_ids = self.env.ref("base.group_user")
        self.assertNextAction("missing")

    def test_user_of_another_company(self):
        self.activity.user_id = self.foreigner
        self.assertNextAction("missing")
        self.foreigner.company_ids |= self.company
        self.assertNextAction("today")
