from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..common_goal import GoalCase
from .common_goal_rights import GoalRightsCase


@tagged("post_install", "-at_install")
class TestGoalNarrowing(GoalRightsCase):
    """Nobody singles out a hidden deal by narrowing the goal of somebody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"date_start": "2026-03-01", "date_end": "2026-03-31"})
        cls.team = cls.env["crm.team"].create(
            {"name": "Theirs", "company_id": cls.company.id}
        )
        (cls.mine | cls.hidden).date_deadline = "2026-03-10"
        cls.hidden.team_id = cls.team
        cls.template = (
            cls.env["sales.campaign.goal.template"]
            .with_user(cls.manager)
            .create({"name": "Opportunities", "res_model": "crm.lead"})
        )

    def _write_dated_goal(self, user, **vals):
        return self._write_goal(
            user, within_dates=True, date_field="crm.lead.date_deadline", **vals
        )

    def assertDefiner(self, goal, user):
        goal = goal.with_env(self.env)
        goal.invalidate_recordset()
        self.assertEqual(goal.condition_user_id, user)

    def test_salesperson_and_team(self):
        for vals in ({"user_id": self.colleague.id}, {"team_id": self.team.id}):
            with self.subTest(vals):
                goal = self._write_goal(self.manager)
                goal.with_user(self.salesman).write(vals)
                self.assertDefiner(goal, self.salesman)
                self.assertCounts(goal, 0)
                self.assertIn(self.salesman.name, goal.condition_rights)
                goal.with_user(self.manager).action_renew_condition()
                self.assertCounts(goal, 1)
                # what is left when it is widened again tells the difference
                goal.with_user(self.salesman).write(dict.fromkeys(vals, False))
                self.assertCounts(goal, 1)

    def test_same_again_keeps_the_definer(self):
        goal = self._write_goal(self.manager, user_id=self.colleague.id)
        goal.with_user(self.salesman).write(
            {"user_id": self.colleague.id, "team_id": False, "target": 3}
        )
        self.assertDefiner(goal, self.manager)
        self.campaign.with_user(self.salesman).write(
            {"date_start": "2026-03-01", "user_id": self.salesman.id}
        )
        self.assertDefiner(goal, self.manager)

    def test_manager_narrows(self):
        goal = self._write_goal(self.manager)
        other = self._new_user("other_manager", "sales_team.group_sale_manager")
        goal.with_user(other).user_id = self.colleague
        self.assertDefiner(goal, self.manager)
        self.assertCounts(goal, 1)
        own = self._write_goal(self.salesman)
        own.with_user(self.manager).user_id = self.colleague
        self.assertDefiner(own, self.salesman)
        self.assertCounts(own, 0)

    def test_all_documents_user_answers_for_what_was_narrowed(self):
        goal = self._write_goal(self.manager)
        goal.with_user(self.all_documents).user_id = self.colleague
        self.assertDefiner(goal, self.all_documents)
        self.assertCounts(goal, 1)
        goal.with_user(self.salesman).user_id = False
        self.assertCounts(goal, 1)

    def test_created_narrow(self):
        goal = self._write_goal(self.manager)
        for vals in (
            {"template_id": self.template.id, "user_id": self.colleague.id},
            {"parent_id": goal.id, "user_id": self.colleague.id},
            {"parent_id": goal.id, "team_id": self.team.id},
        ):
            with self.subTest(vals):
                self.assertCounts(self._write_goal(self.salesman, **vals), 0)
                self.assertCounts(self._write_goal(self.manager, **vals), 1)
        narrow = self._write_goal(self.salesman, user_id=self.colleague.id)
        narrow.template_id = self.template
        self.assertCounts(narrow, 0)
        narrow.write({"template_id": False, "parent_id": goal.id})
        self.assertCounts(narrow, 0)
        self.assertCounts(
            self._write_goal(self.salesman, template_id=self.template.id), 2
        )

    def test_form(self):
        """What is typed into a form shows no more than what is saved."""
        goal = self._write_goal(self.manager)
        dated = self._write_dated_goal(self.manager)
        for vals in ({"user_id": self.colleague.id}, {"team_id": self.team.id}):
            result = goal.with_user(self.salesman).onchange(
                vals,
                list(vals),
                {
                    "current": {},
                    "condition_rights": {},
                    **{fname: {} for fname in vals},
                },
            )["value"]
            self.assertEqual(result["current"], 0)
            self.assertIn(self.salesman.name, result["condition_rights"])
        self.hidden.date_deadline = "2026-03-11"
        result = self.campaign.with_user(self.salesman).onchange(
            {
                "date_start": "2026-03-11",
                "goal_ids": [Command.update(dated.id, {"target": 3})],
            },
            ["date_start"],
            {
                "date_start": {},
                "goal_ids": {"fields": {"current": {}, "target": {}}},
            },
        )["value"]
        shown = {command[1]: command[2] for command in result["goal_ids"]}
        self.assertEqual(shown[dated.id]["current"], 0)

    def test_dates_of_the_campaign(self):
        self.hidden.date_deadline = "2026-03-11"
        dated, whole = (
            self._write_dated_goal(self.manager),
            self._write_goal(self.manager),
        )
        self.assertCounts(dated, 2)
        campaign = self.campaign.with_user(self.salesman)
        campaign.write({"date_start": "2026-03-11", "date_end": "2026-03-11"})
        self.assertDefiner(dated, self.salesman)
        self.assertCounts(dated, 0)
        self.assertDefiner(whole, self.manager)
        self.assertCounts(whole, 2)
        self.campaign.with_user(self.manager).date_end = "2026-03-20"
        self.assertDefiner(dated, self.salesman)
        dated.with_user(self.manager).action_renew_condition()
        self.assertCounts(dated, 1)
        self.campaign.with_user(self.manager).date_start = "2026-03-01"
        self.assertCounts(dated, 2)

    def test_dates_and_a_goal_that_goes_with_them(self):
        dated, gone = (self._write_dated_goal(self.manager) for _i in range(2))
        self.campaign.with_user(self.salesman).write(
            {
                "date_start": "2026-03-10",
                "goal_ids": [Command.delete(gone.id)],
            }
        )
        self.assertDefiner(dated, self.salesman)

    def test_ready_made_goal_within_dates(self):
        """The dates of a campaign may have been chosen for a question."""
        self.template.write(
            {"within_dates": True, "date_field": "crm.lead.date_deadline"}
        )
        goal = self._write_goal(self.salesman, template_id=self.template.id)
        self.assertCounts(goal, 1)
        self.campaign.with_user(self.salesman).write(
            {"date_start": False, "date_end": False}
        )
        goal = self._write_goal(self.salesman, template_id=self.template.id)
        self.assertDefiner(goal, self.manager)

    def test_time_zone_of_the_responsible(self):
        self.salesman.tz = "Europe/Paris"
        goal = self._write_goal(
            self.manager, within_dates=True, date_field="crm.lead.create_date"
        )
        timed = self._write_goal(
            self.manager, condition="[('create_date', '>', '2020-01-01 00:00:00')]"
        )
        whole = self._write_goal(self.manager)
        self.salesman.with_user(self.salesman).write({"tz": "Europe/Paris"})
        self.assertDefiner(goal, self.manager)
        self.salesman.with_user(self.salesman).write({"tz": "Pacific/Kiritimati"})
        self.assertDefiner(goal, self.salesman)
        self.assertDefiner(timed, self.salesman)
        self.assertDefiner(whole, self.manager)

    def test_responsible_and_company(self):
        self.salesman.tz = "Europe/Paris"
        self.colleague.tz = "Asia/Tokyo"
        self.campaign.member_ids = self.salesman
        for record in (self.campaign, self.campaign.utm_campaign_id):
            with self.subTest(record._name):
                self.campaign.user_id = self.salesman
                goal = self._write_dated_goal(self.manager)
                record.with_user(self.salesman).user_id = self.colleague
                self.assertDefiner(goal, self.salesman)
        shared = self._new_campaign(company_id=False)
        shared.user_id = self.salesman
        for record in (shared, shared.utm_campaign_id):
            with self.subTest(record._name, field="company_id"):
                shared.company_id = False
                goal = self._write_goal(self.manager, campaign_id=shared.id)
                record.with_user(self.salesman).company_id = self.company
                self.assertDefiner(goal, self.salesman)

    def test_other_campaign(self):
        other = self._new_campaign()
        other.user_id = self.salesman
        self._new_opportunity(other, 777)
        goal = self._write_goal(self.manager)
        copied = goal.with_user(self.salesman).copy({"campaign_id": other.id})
        self.assertCounts(copied, 0)
        goal.with_user(self.salesman).campaign_id = other
        self.assertCounts(goal, 0)

    def test_copies(self):
        goal = self._write_dated_goal(self.manager, user_id=self.colleague.id)
        same = goal.with_user(self.salesman).copy()
        self.assertDefiner(same, self.manager)
        self.assertCounts(same, 1)
        for default in ({"user_id": False}, {"team_id": self.team.id}):
            copied = goal.with_user(self.salesman).copy(default)
            self.assertDefiner(copied, self.salesman)
            copied = goal.with_user(self.manager).copy(default)
            self.assertDefiner(copied, self.manager)
        again = self.campaign.with_user(self.salesman).copy()
        self.assertEqual(again.goal_ids[:1].condition_user_id, self.manager)
        moved = self.campaign.with_user(self.salesman).copy(
            {"date_start": "2026-03-10"}
        )
        self.assertEqual(moved.goal_ids.condition_user_id, self.salesman)

    def test_share_out(self):
        for user, counts in ((self.salesman, [0, 1]), (self.manager, [1, 1])):
            goal = self._write_goal(self.manager)
            share = self.env["sales.campaign.goal.share"].with_user(user)
            share.create(
                {
                    "goal_id": goal.id,
                    "line_ids": [
                        Command.create({"user_id": self.colleague.id}),
                        Command.create({"user_id": self.salesman.id}),
                    ],
                }
            ).action_share()
            self.assertEqual(goal.child_ids.condition_user_id, user)
            self.assertEqual(self._current(goal.child_ids), counts)
            self.assertDefiner(goal, self.manager)

    def test_who_reads_no_goals_takes_none_over(self):
        """Every employee may write on a UTM campaign that they are responsible for."""
        goal = self._write_dated_goal(self.manager)
        employee = self._new_user("employee", "base.group_user")
        self.campaign.user_id = employee
        goal.with_user(self.manager).action_renew_condition()
        employee.with_user(employee).write({"tz": "Asia/Tokyo"})
        self.assertDefiner(goal, self.manager)

    # ------------------------------------------------------------
    # CONTEXTS FROM OUTSIDE
    # ------------------------------------------------------------

    def test_context_of_copies_skips_no_check(self):
        goals = self.env["sales.campaign.goal"].with_user(self.salesman)
        goals = goals.with_context(copying_conditions=True)
        for condition in ("[('message_ids.body', 'ilike', 'x')]", "nonsense"):
            with self.assertRaises(ValidationError):
                goals.create(
                    {
                        "name": "Goal",
                        "campaign_id": self.campaign.id,
                        "res_model": "crm.lead",
                        "condition": condition,
                    }
                )
            goal = self._write_goal(self.salesman).with_env(goals.env)
            with self.assertRaises(ValidationError):
                goal.condition = condition


@tagged("post_install", "-at_install")
class TestCampaignContexts(GoalCase):
    def test_company_of_a_linked_record_is_checked(self):
        partner = self._new_partner(self.campaign)
        partner = partner.with_context(campaigns_follow_company=True)
        with self.assertRaises(UserError):
            partner.company_id = self.other_company
