from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_goal import GoalCase


@tagged("post_install", "-at_install")
class TestGoalAccess(GoalCase):
    def test_who_edits(self):
        goal = self._new_goal()
        for user in (self.salesman, self.all_documents, self.manager):
            goal.with_user(user).target = 7
            self.assertTrue(goal.with_user(user).can_edit)
        colleague = goal.with_user(self.colleague)
        self.assertEqual(colleague.target, 7)
        self.assertFalse(colleague.can_edit)
        with self.assertRaises(AccessError):
            colleague.target = 8
        with self.assertRaises(AccessError):
            colleague.unlink()
        with self.assertRaises(AccessError):
            colleague.copy()
        self.campaign.member_ids = self.colleague
        colleague.invalidate_recordset()
        colleague.target = 8
        self.campaign.team_id = self.team
        goal.with_user(self.team_leader).target = 9
        colleague.unlink()

    def test_own_documents_sees_the_total_and_opens_their_own(self):
        goal = self._new_goal()
        mine = self._new_opportunity(self.campaign, 5, user_id=self.salesman.id)
        self._new_opportunity(self.campaign, 5, user_id=self.colleague.id)
        user_goal = goal.with_user(self.salesman)
        self.assertEqual(self._current(user_goal), 2)
        self.assertEqual(self._assert_list(goal, self.salesman), mine)
        self.assertEqual(len(self._assert_list(goal, self.manager)), 2)
        self.assertIn("Opportunity of 5", user_goal.preview)
        self.assertEqual(user_goal.preview.count("<li>"), 1)

    def _assert_list(self, goal, user):
        action = goal.with_user(user).action_view_records()
        return (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .search(action["domain"])
            .with_env(self.env)
        )

    def test_companies_of_others_deals_stay_hidden(self):
        goal = self._new_goal(measure="companies")
        shown, hidden = self._new_partner(name="Shown"), self._new_partner(name="No")
        self._new_opportunity(
            self.campaign, 5, user_id=self.salesman.id, partner_id=shown.id
        )
        self._new_opportunity(
            self.campaign, 5, user_id=self.colleague.id, partner_id=hidden.id
        )
        self.assertEqual(self._current(goal.with_user(self.salesman)), 2)
        self.assertEqual(self._assert_list(goal, self.salesman), shown)
        self.assertEqual(self._assert_list(goal, self.manager), shown | hidden)

    def test_two_companies(self):
        goal = self._new_goal()
        goals = self.env["sales.campaign.goal"].with_user(self.foreigner)
        self.assertNotIn(goal, goals.search([]))
        with self.assertRaises(AccessError):
            goals.browse(goal.id).read(["name"])
        shared = self._new_campaign(company_id=False)
        goal = self._new_goal(shared)
        self._new_opportunity(shared, 5)
        self._new_opportunity(
            shared, 5, company_id=self.other_company.id, user_id=False
        )
        self.assertEqual(self._current(goal.with_user(self.salesman)), 1)
        self.assertEqual(self._current(goal.with_user(self.foreigner)), 1)
        self.assertEqual(len(self._assert_list(goal, self.foreigner)), 1)

    def test_state_of_a_shared_goal_is_that_of_all_companies(self):
        shared = self._new_campaign(company_id=False)
        goal = self._new_goal(shared, target=2)
        self._new_opportunity(shared, 5)
        self._new_opportunity(
            shared, 5, company_id=self.other_company.id, user_id=False
        )
        self.env.flush_all()
        goal._update_date_reached()
        self.assertTrue(goal.stored_date_reached)
        goal.with_user(self.salesman).name = "Renamed"
        goal.with_user(self.salesman).write({"target": 2})
        self.assertTrue(goal.stored_date_reached)
