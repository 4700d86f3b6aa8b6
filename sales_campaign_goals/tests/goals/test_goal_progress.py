import doctest
import json
from datetime import date, datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from ...tools import goal_pace
from ..common_goal import LOST, WON, GoalCase


@tagged("post_install", "-at_install")
class TestGoalArithmetic(TransactionCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(goal_pace).failed)


@tagged("post_install", "-at_install")
class TestGoalProgress(GoalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman.tz = "Europe/Paris"
        cls.campaign.write(
            {"date_start": date(2026, 3, 2), "date_end": date(2026, 3, 13)}
        )

    def _state_on(self, goal, moment):
        with freeze_time(moment):
            goal.invalidate_recordset()
            self.campaign.invalidate_recordset()
            return goal.expected_today, goal.state

    # ------------------------------------------------------------
    # PACE AND STATE
    # ------------------------------------------------------------

    def test_pace_over_working_days(self):
        goal = self._new_goal(res_model="res.partner", target=20)
        self._new_partner(self.campaign)
        self._new_partner(self.campaign)
        for moment, expected in (
            ("2026-03-01 12:00:00", (0, "on_track")),
            ("2026-03-01 23:30:00", (2, "on_track")),  # already the 2nd in Paris
            ("2026-03-03 12:00:00", (4, "behind")),
            ("2026-03-08 12:00:00", (10, "behind")),  # a Sunday
            ("2026-03-13 12:00:00", (20, "behind")),
            ("2026-03-14 12:00:00", (20, "missed")),
        ):
            self.assertEqual(self._state_on(goal, moment), expected, moment)

    def test_own_deadline(self):
        goal = self._new_goal(target=5, date_deadline=date(2026, 3, 6))
        self.assertEqual(self._state_on(goal, "2026-03-04 12:00:00"), (3, "behind"))
        self.assertEqual(self._state_on(goal, "2026-03-07 12:00:00"), (5, "missed"))

    def test_days_that_cannot_be_meant(self):
        """No calendar counts to them: they are refused, wherever they are written."""
        goal = self._new_goal(target=5)
        repeat = self.env["sales.campaign.repeat"].create(
            {"campaign_id": self.campaign.id}
        )
        repeat.shift_by = "start"
        for record, fname in (
            (goal, "date_deadline"),
            (self.campaign, "date_start"),
            (self.campaign, "date_end"),
            (repeat, "date_start"),
        ):
            for day in ("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"):
                with (
                    self.subTest(model=record._name, field=fname, day=day),
                    self.assertRaisesRegex(ValidationError, "from 1900 to 2199"),
                ):
                    record.write({fname: day})
                    record.read()
                record.invalidate_recordset()

    def test_public_holiday_of_the_company(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": datetime(2026, 3, 2, 0),
                "date_to": datetime(2026, 3, 2, 23, 59),
            }
        )
        goal = self._new_goal(target=9)
        self.assertEqual(self._state_on(goal, "2026-03-03 12:00:00")[0], 1)

    def test_no_deadline(self):
        self.campaign.date_end = False
        goal = self._new_goal()
        self.assertEqual(self._state_on(goal, "2026-06-01 12:00:00"), (0, "on_track"))

    def test_a_limit(self):
        goal = self._new_goal(condition=LOST, direction="at_most", target=1)
        self.assertEqual(self._state_on(goal, "2026-03-03 12:00:00")[1], "on_track")
        self._new_opportunity(self.campaign, 5, "lost")
        self.assertEqual(self._state_on(goal, "2026-03-20 12:00:00")[1], "reached")
        self._new_opportunity(self.campaign, 6, "lost")
        self.assertEqual(self._state_on(goal, "2026-03-03 12:00:00")[1], "missed")

    def test_remaining_and_percentage(self):
        goal = self._new_goal(res_model="res.partner", target=4)
        self._new_partner(self.campaign)
        self._current(goal)
        self.assertEqual((goal.percentage, goal.remaining), (25, 3))
        for _number in range(5):
            self._new_partner(self.campaign)
        self._current(goal)
        self.assertEqual((goal.percentage, goal.remaining), (150, 0))
        self.assertEqual(goal.progress_text, "6 of 4")

    @freeze_time("2026-03-04 12:00:00")
    def test_campaign_shows_it(self):
        self._new_goal(res_model="res.partner", target=1)
        self._new_goal(res_model="crm.lead", target=2)
        self._new_partner(self.campaign)
        self.campaign.invalidate_recordset()
        self.assertRecordValues(
            self.campaign,
            [
                {
                    "goal_count": 2,
                    "goal_reached_count": 1,
                    "goal_percentage": 50,
                    "goal_state": "on_track",
                }
            ],
        )
        found = self.env["sales.campaign"].search([("goal_state", "=", "on_track")])
        self.assertIn(self.campaign, found)

    @freeze_time("2026-03-04 12:00:00")
    def test_state_is_searched_grouped_and_sorted(self):
        reached = self._new_goal(res_model="res.partner", target=1)
        behind = self._new_goal(res_model="crm.lead", target=20)
        self._new_partner(self.campaign)
        goals = self.env["sales.campaign.goal"]
        mine = [("campaign_id", "=", self.campaign.id)]
        self.assertEqual(goals.search([*mine, ("state", "=", "reached")]), reached)
        self.assertEqual(goals.search([*mine, ("state", "!=", "reached")]), behind)
        self.assertEqual(
            goals._read_group(
                mine, ["state"], ["current:sum", "percentage:avg", "__count"]
            ),
            [("behind", 0, 0, 1), ("reached", 1, 100, 1)],
        )
        self.assertEqual(goals.search(mine, order="percentage desc"), reached | behind)
        groups = goals.formatted_read_group(mine, ["state"], ["percentage:avg"])
        self.assertEqual(len(groups), 2)

    # ------------------------------------------------------------
    # DATE REACHED AND SNAPSHOTS
    # ------------------------------------------------------------

    def _run_cron(self, moment):
        cron = self.registry["ir.cron"]
        with freeze_time(moment), patch.object(cron, "_commit_progress"):
            self.env.invalidate_all()
            self.env["sales.campaign.goal"]._cron_take_snapshots()

    def test_date_reached(self):
        with freeze_time("2026-03-03 10:00:00"):
            goal = self._new_goal(res_model="res.partner", target=1)
            partner = self._new_partner(self.campaign)
            goal.invalidate_recordset()
            self.assertEqual(goal.date_reached, date(2026, 3, 3), "as soon as seen")
        self._run_cron("2026-03-04 02:00:00")
        self.assertEqual(goal.stored_date_reached, date(2026, 3, 3))
        self._run_cron("2026-03-05 02:00:00")
        self.assertEqual(goal.date_reached, date(2026, 3, 3))
        partner.action_archive()
        self._run_cron("2026-03-06 02:00:00")
        self.assertFalse(goal.stored_date_reached)
        self.assertFalse(goal.date_reached)

    def test_snapshots_once_a_day(self):
        goal = self._new_goal(res_model="res.partner", target=20)
        for moment in (
            "2026-02-28 02:00:00",  # before the start
            "2026-03-03 02:00:00",
            "2026-03-04 02:00:00",
            "2026-03-04 03:00:00",
        ):
            self._run_cron(moment)
        self._new_partner(self.campaign)
        self._run_cron("2026-03-04 04:00:00")
        rows = goal.snapshot_ids.sorted("date")
        self.assertRecordValues(
            rows,
            [
                {"date": date(2026, 3, 2), "current": 0, "expected": 2, "target": 20},
                {"date": date(2026, 3, 3), "current": 1, "expected": 4, "target": 20},
            ],
        )
        self.assertEqual(rows.campaign_id, self.campaign)
        self._run_cron("2026-03-20 02:00:00")
        self._run_cron("2026-03-21 02:00:00")
        self.assertEqual(len(goal.snapshot_ids), 2, "over and unchanged")
        self._new_partner(self.campaign)
        self._run_cron("2026-03-22 02:00:00")
        self.assertEqual(len(goal.snapshot_ids), 3)

    def test_burn_up(self):
        goal = self._new_goal(res_model="res.partner", target=20)
        self._new_partner(self.campaign)
        self._run_cron("2026-03-03 02:00:00")
        self._new_partner(self.campaign)
        with freeze_time("2026-03-04 12:00:00"):
            self.env.invalidate_all()
            data = json.loads(goal.burn_up)
        self.assertEqual(len(data["days"]), 12)
        self.assertEqual(data["actual"][:4], [1, 1, 2, None])
        self.assertEqual(data["pace"][:3] + data["pace"][-1:], [2, 4, 6, 20])

    # ------------------------------------------------------------
    # READY-MADE GOALS
    # ------------------------------------------------------------

    def test_ready_made_goals_can_be_used(self):
        templates = self.env["sales.campaign.goal.template"].search([])
        self.assertGreaterEqual(len(templates), 8)
        for template in templates:
            template._check_definition()
            goal = self.env["sales.campaign.goal"].create(
                {"campaign_id": self.campaign.id, "template_id": template.id}
            )
            self.assertEqual(goal.name, template.name)
            self.assertEqual(goal.condition, template.condition)
            self.assertEqual(goal.current, 0)
            self.assertTrue(goal.condition_words)

    def test_builder(self):
        template = self.env.ref("sales_campaign_goals.goal_template_win_opportunities")
        self._new_opportunity(self.campaign, 5, "won", name="In the builder")
        goals = self.env["sales.campaign.goal"].with_user(self.salesman)
        with Form(goals.with_context(default_campaign_id=self.campaign.id)) as form:
            form.template_id = template
            self.assertEqual(form.res_model, "crm.lead")
            self.assertEqual(form.progress_text, "1 of 5")
            form.target = 2
            self.assertEqual(form.percentage, 50)
            form.res_model = "res.partner"
            self.assertFalse(form.date_field and form.date_field.startswith("crm.lead"))
            form.condition = "[]"
            self.assertEqual(form.progress_text, "0 of 2")

    # ------------------------------------------------------------
    # SHARES
    # ------------------------------------------------------------

    def _share(self, goal, by="user"):
        return self.env["sales.campaign.goal.share"].create(
            {"goal_id": goal.id, "shared_by": by}
        )

    def test_shares_add_up_exactly(self):
        self.campaign.member_ids = self.colleague | self.all_documents
        goal = self._new_goal(
            condition=WON,
            measure="sum",
            sum_field="crm.lead.expected_revenue",
            target=100,
        )
        self._share(goal).action_share()
        self.assertEqual(goal.child_ids.mapped("target"), [33.34, 33.33, 33.33])
        self.assertEqual(
            goal.child_ids.user_id, self.salesman | self.colleague | self.all_documents
        )
        self._new_opportunity(self.campaign, 10, "won", user_id=self.colleague.id)
        self._new_opportunity(self.campaign, 20, "won", user_id=self.salesman.id)
        self._new_opportunity(self.campaign, 40, "won", user_id=False)
        self._current(goal | goal.child_ids)
        self.assertEqual(goal.current, 70, "each record once")
        by_user = {child.user_id: child.current for child in goal.child_ids}
        self.assertEqual(by_user[self.colleague], 10)
        self.assertEqual(by_user[self.salesman], 20)
        self.campaign.invalidate_recordset()
        self.assertEqual(self.campaign.goal_count, 1, "shares are no further goals")

    def test_sharing_again_updates(self):
        self.campaign.member_ids = self.colleague
        goal = self._new_goal(condition=WON, target=5)
        self._share(goal).action_share()
        first = goal.child_ids
        self.assertEqual(first.mapped("target"), [3, 2])
        goal.target = 9
        wizard = self._share(goal)
        self.assertEqual(wizard.line_ids.mapped("target"), [5, 4])
        wizard.line_ids[0].weight = 2
        wizard.line_ids[1].weight = 1
        wizard.action_share()
        self.assertEqual(goal.child_ids, first)
        self.assertEqual(first.mapped("target"), [6, 3])
        wizard = self._share(goal)
        wizard.line_ids[1].unlink()
        wizard.action_share()
        self.assertEqual(goal.child_ids.mapped("target"), [9])

    def test_sharing_needs_people_and_weights(self):
        goal = self._new_goal(target=5)
        wizard = self._share(goal)
        wizard.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "Choose who"):
            wizard.action_share()

    def test_weight_below_zero_while_it_is_written(self):
        """A sum of zero is no error of the arithmetic; saving refuses the weight."""
        self.campaign.member_ids = self.colleague
        goal = self._new_goal(condition=WON, target=5)
        dialogs = self.env["sales.campaign.goal.share"].with_user(self.salesman)
        dialog = Form(dialogs.with_context(default_goal_id=goal.id))
        with dialog.line_ids.edit(1) as line:
            line.weight = -1
        for rank, target in enumerate([5, 0]):
            with dialog.line_ids.edit(rank) as line:
                self.assertEqual(line.target, target)

    def test_teams(self):
        self.campaign.team_id = self.team
        goal = self._new_goal(target=5)
        self._share(goal, by="team").action_share()
        self.assertEqual(goal.child_ids.team_id, self.team)

    def test_a_changed_condition_reaches_the_shares(self):
        goal = self._new_goal(target=5)
        self._share(goal).action_share()
        goal.condition = WON
        self.assertEqual(set(goal.child_ids.mapped("condition")), {WON})

    def test_counters_of_the_shares_roll_up(self):
        self.campaign.member_ids = self.colleague
        goal = self._new_goal(counting="manual", target=10)
        self._share(goal).action_share()
        one, other = goal.child_ids
        one.action_increment()
        other.action_increment()
        goal.action_increment()
        self.assertEqual(self._current(goal), 3)
        self.assertEqual(self._current(goal.child_ids), [1, 1])

    def test_part_of_the_same_campaign(self):
        goal = self._new_goal()
        other = self._new_campaign(title="Other")
        with self.assertRaisesRegex(ValidationError, "same campaign"):
            self._new_goal(other, parent_id=goal.id)
