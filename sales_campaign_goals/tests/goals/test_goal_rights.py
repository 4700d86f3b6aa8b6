from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import OWN_DOCUMENTS
from .common_goal_rights import GoalRightsCase

CONDITIONS = "odoo.addons.sales_pipeline_plus.models.conditions.crm_condition"


@tagged("post_install", "-at_install")
class TestGoalRights(GoalRightsCase):
    """Who defines what a goal counts, and what it therefore counts."""

    # ------------------------------------------------------------
    # WHOSE RIGHTS
    # ------------------------------------------------------------

    def test_own_documents_counts_what_its_writer_may_read(self):
        goal = self._write_goal(self.salesman)
        self.assertCounts(goal, 1)
        self.assertEqual(goal.condition_user_id, self.salesman)
        self.assertIn(self.salesman.name, goal.condition_rights)

    def test_all_documents_and_manager(self):
        for user in (self.all_documents, self.manager):
            self.assertCounts(self._write_goal(user), 2)
        goal = self._write_goal(
            self.manager, condition="[('expected_revenue', '>', 1000)]"
        )
        self.assertCounts(goal, 1)
        self.assertIn("Everything", goal.condition_rights)

    def test_total_does_not_single_out_a_hidden_deal(self):
        for condition in (
            "[('expected_revenue', '>=', 12345)]",
            f"[('id', '=', {self.hidden.id})]",
            "[('name', 'ilike', '12345')]",
        ):
            goal = self._write_goal(
                self.salesman,
                condition=condition,
                measure="sum",
                sum_field="crm.lead.expected_revenue",
            )
            self.assertCounts(goal, 0)
            self.assertFalse(goal.stored_date_reached)

    def test_what_a_path_leads_to(self):
        """The deals of a customer whom both salespeople have, and their ids."""
        partner = self._new_partner(self.campaign, name="Shared customer")
        (self.mine | self.hidden).partner_id = partner
        for condition in (
            "[('opportunity_ids.expected_revenue', '>=', 12345)]",
            "[('opportunity_ids', 'any', [('expected_revenue', '>=', 12345)])]",
            f"[('opportunity_ids', 'in', [{self.hidden.id}])]",
            f"[('opportunity_ids', '=', {self.hidden.id})]",
            f"[('opportunity_ids', 'any', [('id', '=', {self.hidden.id})])]",
            "[('opportunity_ids', '=', 'Opportunity of 12345')]",
            "[('opportunity_ids', 'ilike', '12345')]",
        ):
            with self.subTest(condition):
                goal = self._write_goal(
                    self.salesman, res_model="res.partner", condition=condition
                )
                self.assertCounts(goal, 0)
                goal.with_user(self.manager).action_renew_condition()
                self.assertCounts(goal, 1)
        for condition in (
            f"[('opportunity_ids', 'not in', [{self.hidden.id}])]",
            "[('opportunity_ids', 'not ilike', '12345')]",
        ):
            with self.subTest(condition):
                goal = self._write_goal(
                    self.salesman, res_model="res.partner", condition=condition
                )
                self.assertCounts(goal, 1)

    def test_missing_deals_are_those_that_the_writer_sees(self):
        self._new_partner(self.campaign, name="Theirs")
        partner = self._new_partner(self.campaign, name="Hers")
        self.hidden.partner_id = partner
        goal = self._write_goal(
            self.salesman,
            res_model="res.partner",
            condition="[('opportunity_ids', '=', False)]",
        )
        self.assertCounts(goal, 2)
        goal.with_user(self.manager).action_renew_condition()
        self.assertCounts(goal, 1)

    def test_form_that_is_not_saved(self):
        """Typing into the form of a manager's goal asks with one's own rights."""
        goal = self._write_goal(self.manager)
        goals = self.env["sales.campaign.goal"].with_user(self.salesman)
        values = {
            "condition": "[('expected_revenue', '>=', 12345)]",
            "condition_user_id": self.manager.id,
        }
        for record in (goal.with_user(self.salesman), goals):
            result = record.onchange(
                {
                    "name": "Goal",
                    "campaign_id": self.campaign.id,
                    "res_model": "crm.lead",
                    "counting": "automatic",
                    "measure": "count",
                    **values,
                },
                ["condition"],
                {"current": {}, "preview": {}, "condition": {}, "state": {}},
            )["value"]
            self.assertEqual(result.get("current", 0), 0)
        self.assertCounts(goal, 2)

    def test_form_of_a_new_goal(self):
        with Form(self.env["sales.campaign.goal"].with_user(self.salesman)) as form:
            form.name = "By form"
            form.campaign_id = self.campaign
            form.res_model = "crm.lead"
            self.assertEqual(form.progress_text, "1 of 1")
        self.assertCounts(form.record, 1)

    def test_nobody_chooses_somebody_else(self):
        goal = self._write_goal(self.salesman, condition_user_id=self.manager.id)
        self.assertEqual(goal.condition_user_id, self.salesman)
        goal.write({"condition_user_id": self.manager.id})
        self.assertEqual(goal.condition_user_id, self.salesman)
        goal.write({"condition_user_id": self.manager.id, "condition": "[]"})
        self.assertEqual(goal.condition_user_id, self.salesman)
        goals = self.env["sales.campaign.goal"].with_user(self.salesman)
        result = goals.load(
            ["name", "campaign_id/.id", "res_model", "condition_user_id/.id"],
            [
                [
                    "Loaded",
                    str(self.campaign.id),
                    "crm.lead",
                    str(self.manager.id),
                ]
            ],
        )
        loaded = goals.browse(result["ids"])
        self.assertEqual(loaded.condition_user_id, self.salesman)

    # ------------------------------------------------------------
    # WHO DEFINED IT LAST
    # ------------------------------------------------------------

    def test_target_keeps_the_writer_condition_changes_it(self):
        goal = self._write_goal(self.manager)
        goal.with_user(self.salesman).write({"target": 5, "condition": "[]"})
        self.assertEqual(goal.condition_user_id, self.manager)
        for vals in (
            {"condition": "[('type', '=', 'opportunity')]"},
            {"within_dates": True},
            {"measure": "companies"},
            {"date_field": "crm.lead.date_closed"},
        ):
            goal.with_user(self.manager).action_renew_condition()
            goal.with_user(self.salesman).write(vals)
            self.assertEqual(goal.condition_user_id, self.salesman, vals)
        goal.with_user(self.manager).target = 7
        self.assertEqual(goal.condition_user_id, self.salesman)

    def test_ready_made_goal(self):
        template = (
            self.env["sales.campaign.goal.template"]
            .with_user(self.manager)
            .create({"name": "Opportunities", "res_model": "crm.lead"})
        )
        goal = self._write_goal(self.salesman, template_id=template.id)
        self.assertEqual(goal.condition_user_id, self.manager)
        self.assertCounts(goal, 2)
        goal = self._write_goal(
            self.salesman,
            template_id=template.id,
            condition="[('expected_revenue', '>', 1000)]",
        )
        self.assertCounts(goal, 0)
        goal.condition = "[]"
        self.assertCounts(goal, 2)
        own = self._write_goal(self.salesman, condition="[('id', '>', 0)]")
        own.template_id = template
        self.assertCounts(own, 1)

    def test_shares_copies_and_repetitions(self):
        goal = self._write_goal(self.manager)
        wizard = (
            self.env["sales.campaign.goal.share"]
            .with_user(self.salesman)
            .create(
                {
                    "goal_id": goal.id,
                    "line_ids": [
                        Command.create({"user_id": self.colleague.id}),
                        Command.create({"user_id": self.salesman.id}),
                    ],
                }
            )
        )
        wizard.action_share()
        # the shares of a salesperson count what this person may read
        self.assertEqual(goal.condition_user_id, self.manager)
        self.assertEqual(goal.child_ids.condition_user_id, self.salesman)
        self.assertEqual(goal.child_ids.mapped("current"), [0, 1])
        self.assertIn(self.salesman.name, goal.child_ids[0].condition_rights)
        goal.child_ids.with_user(self.manager).action_renew_condition()
        self.assertEqual(goal.child_ids.mapped("current"), [1, 1])
        copied = goal.with_user(self.salesman).copy()
        self.assertEqual(copied.condition_user_id, self.manager)
        again = self.campaign.with_user(self.salesman).copy()
        self.assertEqual(again.goal_ids.condition_user_id, self.manager)
        # the shares follow the goal
        goal.with_user(self.salesman).condition = "[('id', '>', 0)]"
        self.assertEqual(goal.child_ids.condition_user_id, self.salesman)
        self.assertEqual(sum(goal.child_ids.mapped("current")), 1)
        goal.with_user(self.manager).action_renew_condition()
        self.assertEqual(goal.child_ids.condition_user_id, self.manager)

    def test_pattern(self):
        patterns = self.env["sales.campaign.pattern"].with_user(self.manager)
        pattern = patterns.create({"name": "Trade shows", "average_basket": 100})
        self.env["sales.campaign.pattern.step"].with_user(self.manager).create(
            {
                "name": "Deals",
                "pattern_id": pattern.id,
                "parent_id": pattern.step_ids.filtered("is_root").id,
                "rate": 50,
                "res_model": "crm.lead",
            }
        )
        campaign = self.campaign.with_user(self.salesman)
        campaign.write({"pattern_id": pattern.id, "expected_revenue": 1000})
        campaign.action_apply_pattern()
        goal = campaign.goal_ids.filtered(lambda goal: goal.name == "Deals")
        self.assertEqual(campaign.goal_ids.condition_user_id, self.manager)
        self.assertCounts(goal, 2)
        goal.condition = "[('id', '>', 0)]"
        self.assertCounts(goal, 1)
        action = campaign.action_apply_pattern()
        wizard = self.env[action["res_model"]].with_user(self.salesman)
        wizard = wizard.browse(action["res_id"])
        wizard.action_replace_all()
        wizard.action_apply()
        self.assertCounts(goal, 2)

    def test_a_writer_who_leaves_or_loses_rights(self):
        goal, other = (
            self._write_goal(user).with_env(self.env)
            for user in (self.salesman, self.manager)
        )
        self.salesman.active = False
        self.everyone = self.everyone[1:]
        self.assertCounts(goal, 1)
        self.manager.group_ids = self.env.ref(OWN_DOCUMENTS)
        self.assertCounts(other, 0)
        self.salesman.group_ids = self.env.ref("base.group_user")
        goal.flush_recordset()
        goal.invalidate_recordset()
        self.assertIn(self.salesman.name, goal.count_error)
        self.assertTrue(goal.count_error.startswith("Cannot be counted"))
        goal.with_user(self.all_documents).action_renew_condition()
        self.assertFalse(goal.count_error)
        self.assertEqual(self._current(goal), 2)

    def test_manager_of_one_company(self):
        """In a campaign of all companies, a manager asks nothing about another one."""
        shared = self._new_campaign(company_id=False)
        self._new_opportunity(
            shared, 777, company_id=self.other_company.id, user_id=False
        )
        both = self._new_user("both", "sales_team.group_sale_manager")
        both.company_ids = self.company | self.other_company
        for condition in ("[]", "[('expected_revenue', '=', 777)]"):
            goal = self._write_goal(
                self.manager, campaign_id=shared.id, condition=condition, target=1
            )
            self.assertFalse(goal.stored_date_reached)
            companies = (self.company | self.other_company).ids
            goal = goal.with_user(both).with_context(allowed_company_ids=companies)
            self.assertEqual(self._current(goal), 0)
            goal.action_renew_condition()
            self.assertEqual(self._current(goal), 1)

    def test_private_meetings(self):
        meeting = self.env["calendar.event"].create(
            {
                "name": "Takeover",
                "privacy": "private",
                "user_id": self.colleague.id,
                "partner_ids": self.colleague.partner_id.ids,
                "start": "2026-03-01 10:00:00",
                "stop": "2026-03-01 11:00:00",
                "sales_campaign_ids": self.campaign.ids,
            }
        )
        self.assertEqual(meeting.sales_campaign_ids, self.campaign)
        for user in (self.salesman, self.manager):
            goal = self._write_goal(
                user,
                res_model="calendar.event",
                condition="[('name', 'ilike', 'Takeover')]",
            )
            self.assertEqual(self._current(goal), 0)
            goal.condition = "[]"
            self.assertEqual(self._current(goal), 1)

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def test_words_keep_hidden_names(self):
        goal = self._write_goal(
            self.manager, condition=f"[('id', '=', {self.hidden.id})]"
        )
        condition = f"[('lead_ids', 'in', [{self.hidden.id}])]"
        order = self._write_goal(
            self.manager,
            res_model="sale.order",
            condition=f"[('opportunity_id', 'in', [{self.hidden.id}])]",
        )
        self.assertIn(str(self.hidden.id), goal.condition_words, condition)
        self.assertIn("12345", order.condition_words)
        words = order.with_user(self.salesman).condition_words
        self.assertNotIn("12345", words)
        self.assertIn("may not see", words)

    # ------------------------------------------------------------
    # WRONG CONDITIONS
    # ------------------------------------------------------------

    @mute_logger(CONDITIONS)
    def test_wrong_conditions_get_a_sentence(self):
        template = self.env["sales.campaign.goal.template"].with_user(self.manager)
        for condition in (
            "[('expected_revenue', '=', 'abc')]",
            "[('expected_revenue', '>', [1])]",
            "[('expected_revenue', '>', {'a': 1})]",
            "[('name', '=', 'a\\x00b')]",
            "[('name', '=', 'a\x00b')]",
            "[('date_deadline', '>', '99999-01-01')]",
            "[('date_deadline', '>', '2026-02-31')]",
            "[('create_date', '>', '10000-01-01 00:00:00')]",
            "[('no_such_field', '=', 1)]",
            "[('partner_id.no_such_field', '=', 1)]",
            "[('name.x', '=', 1)]",
            "[('message_is_follower', '=', True)]",
            "[('message_needaction', '=', True)]",
            "[('my_activity_date_deadline', '=', '2026-01-01')]",
            "[('activity_ids.summary', 'ilike', 'x')]",
            "[('message_ids.body', 'ilike', 'x')]",
            "[('message_partner_ids', '!=', False)]",
            "[('user_id.login', 'ilike', 'x')]",
            "[('user_id.partner_id.email', 'ilike', 'x')]",
            "[('partner_id.bank_ids.acc_number', 'ilike', 'x')]",
            "[('partner_id.signup_type', '=', 'reset')]",
            "[('partner_id.user_ids.login', '=', 'reset')]",
            "[('create_uid.password', '!=', False)]",
            "[('user_id', '=', uid)]",
            "[('partner_id', 'any!', [('id', '>', 1)])]",
            "[('partner_id', 'any', [('user_ids.login', '!=', False)])]",
            "5",
            "[5]",
            "[('a', 5, 5)]",
            "['|']",
            "[" * 5000,
            "[('name', '=', '" + "x" * 20000 + "')]",
            "[" + "'!', " * 2000 + "('name', '=', 1)]",
            "[('name', '=', 1",
            5,
            [("name", "=", "x")],
        ):
            for user, model in (
                (self.salesman, self.env["sales.campaign.goal"]),
                (self.manager, self.env["sales.campaign.goal"]),
                (self.manager, template),
            ):
                with self.subTest(condition=str(condition)[:60], user=user.login):
                    vals = {
                        "name": "Wrong",
                        "res_model": "crm.lead",
                        "condition": condition,
                    }
                    if model._name == "sales.campaign.goal":
                        vals["campaign_id"] = self.campaign.id
                    with (
                        self.assertRaises(ValidationError) as caught,
                        self.env.cr.savepoint(),
                    ):
                        model.with_user(user).create(vals)
                    message = str(caught.exception)
                    self.assertIn("Wrong", message)
                    self.assertNotIn("Traceback", message)
                    self.assertNotIn("SELECT", message)

    def test_wrong_choices_get_a_sentence(self):
        for vals in (
            {"res_model": "res.users"},
            {"res_model": ["crm.lead"]},
            {"measure": "sum", "sum_field": "crm.lead.no_such_field"},
            {"date_field": "res.users.login_date"},
            {"counting": "x"},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self._write_goal(self.salesman, **vals)

    def test_pattern_step_refuses_a_wrong_condition(self):
        patterns = self.env["sales.campaign.pattern"].with_user(self.manager)
        pattern = patterns.create({"name": "Trade shows", "average_basket": 100})
        steps = self.env["sales.campaign.pattern.step"].with_user(self.manager)
        for condition in (
            "[('message_ids.body', 'ilike', 'x')]",
            "[('expected_revenue', '>', [1])]",
        ):
            with (
                self.subTest(condition),
                self.assertRaises(ValidationError),
                mute_logger(CONDITIONS),
            ):
                steps.create(
                    {
                        "name": "Deals",
                        "pattern_id": pattern.id,
                        "parent_id": pattern.step_ids.filtered("is_root").id,
                        "rate": 50,
                        "res_model": "crm.lead",
                        "condition": condition,
                    }
                )

    @mute_logger(CONDITIONS, "odoo.sql_db")
    @mute_logger("odoo.addons.sales_campaign_goals.models.goals")
    def test_one_that_no_longer_runs_breaks_no_list(self):
        goals = self.env["sales.campaign.goal"]
        good = self._write_goal(self.manager)
        for condition in (
            "[('expected_revenue', '=', 'abc')]",
            "[('expected_revenue', '>', [1])]",
            "[('gone_field', '=', 1)]",
            "[('message_ids.body', 'ilike', 'x')]",
            "[('name', '=', 'a\\x00b')]",
            "nothing of all this",
            "",
            "[('date_deadline', '=', '99999-01-01')]",
        ):
            goal = self._write_goal(self.salesman, target=7)
            self.env["sales.campaign.goal.snapshot"].create(
                [
                    {"goal_id": goal.id, "date": day, "current": current}
                    for day, current in (("2026-03-01", 5), ("2026-03-02", 1))
                ]
            )
            self._update_by_sql(goal, condition=condition)
            goals |= goal
        export = self.env.ref("base.group_allow_export")
        for user in self.everyone:
            user.group_ids += export
            both = (good | goals).with_user(user)
            self.env.invalidate_all()
            rows = both.read(
                ["current", "count_error", "state", "condition_words", "preview"]
            )
            self.assertEqual(rows[0]["current"], 2)
            self.assertFalse(rows[0]["count_error"])
            for goal, row in zip(goals, rows[1:], strict=True):
                with self.subTest(goal.condition):
                    self.assertEqual(row["current"], 1)
                    if goal.condition:
                        self.assertIn("Cannot be counted", row["count_error"])
                        self.assertIn(self.salesman.name, row["count_error"])
            groups = both.formatted_read_group(
                [("id", "in", both.ids)], ["state"], ["current:sum"]
            )
            self.assertEqual(sum(group["current:sum"] for group in groups), 10)
            both.export_data(["name", "current", "count_error"])
            self.assertTrue(both.search([("state", "!=", False)]))
            goals[0].with_user(user).action_view_records()
        (good | goals)._with_all_companies()._take_snapshots()
        self.campaign.copy()
        with self.assertRaises(UserError):
            goals[0].with_user(self.manager).action_renew_condition()
