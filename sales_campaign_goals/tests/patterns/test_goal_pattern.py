import doctest
import random
from contextlib import contextmanager
from fractions import Fraction
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...tools import goal_pattern
from ..common_goal import WON, GoalCase


class PatternCase(GoalCase):
    """The pattern of the specification: won opportunities, and steps below."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pattern = (
            cls.env["sales.campaign.pattern"]
            .with_user(cls.manager)
            .create(
                {
                    "name": "Small workshops",
                    "average_basket": 5000,
                    "example_revenue": 20000,
                }
            )
        )
        cls.root = cls.pattern.step_ids
        cls.found = cls._new_step(cls.root, 20, name="Found")
        cls.quoted = cls._new_step(cls.root, 50, name="Quoted")
        cls.met = cls._new_step(cls.found, 33, name="Met")
        cls.called = cls._new_step(cls.found, 10, name="Called", counting="manual")
        cls.campaign.write({"pattern_id": cls.pattern.id, "expected_revenue": 20000})

    @classmethod
    def _new_step(cls, parent, rate, **vals):
        return parent.create(
            {
                "name": "Step",
                "pattern_id": parent.pattern_id.id,
                "parent_id": parent.id,
                "rate": rate,
                "res_model": "crm.lead",
                "condition": "[('type', '=', 'opportunity')]",
                **vals,
            }
        )

    @contextmanager
    def _refused(self, error, words=""):
        with self.assertRaisesRegex(error, words), self.env.cr.savepoint():
            yield

    def _needed(self, *steps):
        return [step.needed for step in steps]

    def _goal(self, step, campaign=None):
        campaign = campaign or self.campaign
        return campaign.goal_ids.filtered(lambda goal: goal.pattern_step_id == step)

    def _apply(self, campaign=None):
        """Apply the pattern; return the wizard, if there is one."""
        action = (campaign or self.campaign).action_apply_pattern()
        if action is True:
            return None
        return (
            self.env[action["res_model"]]
            .with_user(self.salesman)
            .browse(action["res_id"])
        )


@tagged("post_install", "-at_install")
class TestGoalPatternArithmetic(GoalCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(goal_pattern).failed)

    def test_exact_for_all_goals_and_rates(self):
        for count in range(1, 2001):
            for rate in range(1, 101):
                self.assertEqual(
                    goal_pattern.get_needed_under(count, float(rate)),
                    (100 * count + rate - 1) // rate,
                    (count, rate),
                )

    def test_exact_for_rates_with_decimals(self):
        chance = random.Random(8)
        for _turn in range(5000):
            count, hundredths = chance.randint(1, 10**6), chance.randint(1, 10000)
            self.assertEqual(
                goal_pattern.get_needed_under(count, hundredths / 100),
                -(-count * 10000 // hundredths),
            )

    def test_exact_for_revenue_in_cents(self):
        chance = random.Random(7)
        for _turn in range(5000):
            revenue, basket = chance.randint(1, 10**9), chance.randint(1, 10**6)
            self.assertEqual(
                goal_pattern.get_needed_won(revenue / 100, basket / 100),
                -(-revenue // basket),
            )
        self.assertEqual(goal_pattern.to_exact(0.07), Fraction(7, 100))

    def test_refused(self):
        for rate in (0, -1, 100.01, 1000):
            with self.assertRaises(ValueError):
                goal_pattern.get_needed_under(4, rate)
        for basket in (0, -5000):
            with self.assertRaises(ValueError):
                goal_pattern.get_needed_won(20000, basket)


@tagged("post_install", "-at_install")
class TestGoalPattern(PatternCase):
    def test_numbers_of_the_specification(self):
        self.assertEqual(
            self._needed(self.root, self.found, self.quoted, self.met, self.called),
            [4, 20, 8, 61, 200],
        )
        self.pattern.example_revenue = 55000
        self.found.rate = 11
        self.assertEqual(self._needed(self.root, self.found), [11, 100])
        self.pattern.example_revenue = 75000
        self.found.rate = 3
        self.assertEqual(self._needed(self.root, self.found), [15, 500])

    def test_root_counts_won_opportunities(self):
        self.assertEqual(self.root.res_model, "crm.lead")
        self.assertEqual(
            self.root._get_condition_domain(),
            self._new_goal(condition=WON)._get_condition_domain(),
        )
        for vals in ({"condition": "[]"}, {"counting": "manual"}):
            with self._refused(ValidationError, "Win opportunities"):
                self.root.write(vals)
        with self._refused(UserError, "stays"):
            self.root.unlink()
        with self._refused(IntegrityError), mute_logger("odoo.sql_db"):
            self._new_step(self.root, 20, parent_id=False)

    def test_refused_with_the_name(self):
        for rate in (0, -20, 100.01, 1000):
            with self._refused(ValidationError, "Found.*Small workshops"):
                self.found.rate = rate
        for basket in (0, -1):
            with self._refused(ValidationError, "Small workshops"):
                self.pattern.average_basket = basket
        with self._refused(ValidationError, "Found"):
            self.found.write(
                {"measure": "sum", "sum_field": "crm.lead.expected_revenue"}
            )
        with self._refused(UserError, "itself|[Rr]ecursi|loop"):
            self.found.parent_id = self.met
        other = self.pattern.copy()
        with self._refused(ValidationError, "same goal pattern"):
            self.found.parent_id = other.step_ids[0]

    def test_preview_follows_the_form(self):
        for vals, needed in (
            ({"example_revenue": 40000}, [8, 40, 16, 122, 400]),
            ({"average_basket": 10000}, [2, 10, 4, 31, 100]),
            ({"average_basket": 0}, [0, 0, 0, 0, 0]),
        ):
            self.env.invalidate_all()
            edited = self.pattern.new(vals, origin=self.pattern)
            by_step = {step._origin: step.needed for step in edited.step_ids}
            steps = (self.root, self.found, self.quoted, self.met, self.called)
            self.assertEqual([by_step[step] for step in steps], needed)

    def test_tree_is_sorted_and_indented(self):
        self.assertEqual(
            self.pattern.step_ids.sorted("tree_path").mapped("name"),
            ["Win opportunities", "Found", "Met", "Called", "Quoted"],
        )
        self.assertEqual(self.met.indented_name, "\u2003└ Met")
        self.found.parent_id = self.quoted
        self.env.flush_all()
        self.assertEqual(
            self.pattern.step_ids.search([("pattern_id", "=", self.pattern.id)]).mapped(
                "name"
            ),
            ["Win opportunities", "Quoted", "Found", "Met", "Called"],
        )

    def test_insert_above_and_below(self):
        for action, parent, child in (
            (self.found.action_insert_above(), self.root, self.found),
            (self.met.action_insert_below(), self.met, None),
        ):
            steps = self.root.browse().with_context(**action["context"])
            with Form(steps) as form:
                form.name = "Put in"
                form.rate = 50
                form.res_model = "crm.lead"
            step = form.record
            self.assertEqual(step.pattern_id, self.pattern)
            self.assertEqual(step.parent_id, parent)
            if child:
                self.assertEqual(child.parent_id, step)
        self.assertEqual(self._needed(self.root, self.found, step), [4, 40, 244])
        with self._refused(UserError, "top"):
            self.root.action_insert_above()

    def test_delete_takes_the_subtree(self):
        self.campaign.action_apply_pattern()
        self.found.action_delete()
        self.assertEqual(self.pattern.step_ids, self.root | self.quoted)
        self.assertFalse((self.met | self.called).exists())
        self.assertEqual(len(self.campaign.goal_ids), 5, "goals stay")
        self.pattern.copy().unlink()
        with self._refused(UserError, "Small workshops.*Trade show"):
            self.pattern.unlink()

    def test_copy_has_the_tree(self):
        copy = self.pattern.copy()
        self.assertEqual(
            copy.step_ids.sorted("tree_path").mapped("needed"), [4, 20, 61, 200, 8]
        )
        self.assertFalse(copy.step_ids & self.pattern.step_ids)

    def test_roles(self):
        pattern = self.pattern.with_user(self.salesman)
        self.assertEqual(pattern.step_ids.mapped("needed")[0], 4)
        for records, vals in (
            (pattern, {"average_basket": 1}),
            (pattern.step_ids[1], {"rate": 1}),
        ):
            with self._refused(AccessError):
                records.write(vals)
        with self._refused(AccessError):
            pattern.step_ids[1].action_delete()
        foreign = self.pattern.with_user(self.foreigner)
        self.assertNotIn(self.pattern, foreign.search([]))
        with self._refused(AccessError):
            foreign.read(["name"])


@tagged("post_install", "-at_install")
class TestGoalPatternApply(PatternCase):
    def test_goals_are_made(self):
        self.assertFalse(self.campaign.is_pattern_applied)
        self._apply()
        self.assertEqual(
            self.campaign.goal_ids.sorted("sequence").mapped("target"),
            [4, 20, 61, 200, 8],
        )
        goal = self._goal(self.root)
        self.assertEqual(goal.name, "Win opportunities")
        self._new_opportunity(self.campaign, 5, "won")
        self._new_opportunity(self.campaign, 5)
        self.assertEqual(self._current(goal), 1)
        self.assertTrue(self.campaign.is_pattern_applied)
        self.assertFalse(self.campaign.is_pattern_outdated)

    def test_again_updates_and_never_doubles(self):
        self._apply()
        goals = self.campaign.goal_ids
        self._goal(self.called).action_increment()
        self.campaign.expected_revenue = 40000
        self.assertTrue(self.campaign.is_pattern_outdated)
        wizard = self._apply()
        self.assertEqual(
            wizard.line_ids.mapped(lambda line: (line.old_target, line.new_target)),
            [(4, 8), (20, 40), (61, 122), (200, 400), (8, 16)],
        )
        self.assertEqual(set(wizard.line_ids.mapped("choice")), {"replace"})
        wizard.action_apply()
        self.assertEqual(self.campaign.goal_ids, goals)
        self.assertEqual(
            goals.sorted("sequence").mapped("target"), [8, 40, 122, 400, 16]
        )
        self.assertFalse(self.campaign.is_pattern_outdated)
        called = self._goal(self.called)
        self.assertEqual(called.manual_count, 1)
        self.assertEqual(len(called.entry_ids), 1)
        self._apply().action_apply()
        self.assertEqual(self.campaign.goal_ids, goals)
        with self._refused(IntegrityError), mute_logger("odoo.sql_db"):
            goals[0].copy({"campaign_id": self.campaign.id})
        self.assertFalse(goals[0].copy().pattern_step_id)

    def test_changes_by_hand_are_kept_or_replaced(self):
        self._apply()
        found, met = self._goal(self.found), self._goal(self.met)
        found.target = 25
        met.name = "Shake hands"
        self.assertTrue(found.is_changed_by_hand and met.is_changed_by_hand)
        self.campaign.expected_revenue = 40000
        wizard = self._apply()
        lines = {line.goal_id: line for line in wizard.line_ids}
        self.assertEqual(lines[found].choice, "keep")
        self.assertEqual(lines[met].choice, "keep")
        self.assertIn("25 instead of 20", lines[found].changes)
        self.assertIn("Goal", lines[met].changes)
        self.assertFalse(lines[self._goal(self.root)].changes)
        lines[met].choice = "replace"
        wizard.action_apply()
        self.assertEqual(found.target, 25)
        self.assertTrue(found.is_changed_by_hand)
        self.assertEqual((met.name, met.target), ("Met", 122))
        self.assertFalse(self.campaign.is_pattern_outdated, "kept on purpose")

    def test_new_step_makes_a_goal_and_a_kept_one_none(self):
        self._apply()
        step = self._new_step(self.quoted, 25, name="Visited")
        wizard = self._apply()
        line = wizard.line_ids.filtered(lambda line: line.step_id == step)
        self.assertFalse(line.goal_id)
        self.assertIn("new", line.name)
        wizard.action_keep_all()
        line.choice = "keep"
        wizard.action_apply()
        self.assertFalse(self._goal(step))
        self._apply().action_apply()
        self.assertEqual(self._goal(step).target, 32)

    def test_campaign_done_again_keeps_its_pattern(self):
        self._apply()
        again = self.campaign.copy()
        self.assertEqual(again.pattern_id, self.pattern)
        self.assertEqual(self._goal(self.found, again).target, 20)
        self.assertFalse(again.is_pattern_outdated)
        again.expected_revenue = 40000
        self._apply(again).action_apply()
        self.assertEqual(self._goal(self.found, again).target, 40)
        self.assertEqual(self._goal(self.found).target, 20)
        self.assertEqual(len(again.goal_ids), 5)

    def test_another_pattern_takes_the_won_opportunities_over(self):
        self._apply()
        goals, won = self.campaign.goal_ids, self._goal(self.root)
        other = self.pattern.copy({"average_basket": 2500})
        self.campaign.pattern_id = other
        wizard = self._apply()
        self.assertEqual(wizard.line_ids.goal_id, won)
        wizard.action_apply()
        root = other.step_ids.filtered("is_root")
        self.assertEqual(self._goal(root), won)
        self.assertEqual(won.target, 8)
        self.assertEqual(len(self.campaign.goal_ids - goals), 4)
        self.assertEqual(self._goal(self.found).target, 20, "stays as it was")

    def test_what_is_missing_is_named(self):
        self.campaign.expected_revenue = 0
        with self._refused(UserError, "Trade show.*expected revenue"):
            self._apply()
        self.campaign.pattern_id = False
        with self._refused(UserError, "Trade show.*pattern"):
            self._apply()

    def test_recalculation_is_offered_in_the_form(self):
        self._apply()
        with Form(self.campaign) as form:
            self.assertFalse(form.is_pattern_outdated)
            form.expected_revenue = 60000
            self.assertTrue(form.is_pattern_outdated)
            form.expected_revenue = 20000
            self.assertFalse(form.is_pattern_outdated)

    def test_segment_proposes_its_pattern(self):
        segment = self.env["sales.campaign.segment"].create({"name": "Workshops"})
        self.pattern.segment_id = segment
        with Form(self.env["sales.campaign"].with_user(self.salesman)) as form:
            form.title = "Show"
            form.segment_id = segment
            self.assertEqual(form.pattern_id, self.pattern)

    def test_another_currency(self):
        self._set_rates()
        self.pattern.with_user(self.env.user).write(
            {"company_id": False, "currency_id": self.dollar.id}
        )
        self._apply()
        self.assertEqual(self._goal(self.root).target, 16, "5000 dollars: 1250 euros")

    def test_ready_made_goals_are_taken_over(self):
        ready = self._new_goal(
            name="Win them", condition=WON, target=7, date_field="crm.lead.date_closed"
        )
        called = self._new_goal(name="called ", counting="manual", manual_count=3)
        own = self._new_goal(name="Mine", condition=WON, user_id=self.salesman.id)
        wizard = self._apply()
        by_step = {line.step_id: line for line in wizard.line_ids}
        self.assertEqual(by_step[self.root].goal_id, ready)
        self.assertEqual(by_step[self.root].old_target, 7)
        self.assertEqual(by_step[self.called].goal_id, called)
        self.assertIn("taken over", by_step[self.called].changes)
        self.assertNotIn(own, wizard.line_ids.goal_id)
        wizard.action_apply()
        self.assertEqual(self._goal(self.root), ready)
        self.assertEqual((ready.target, ready.name), (4, "Win opportunities"))
        self.assertEqual(self._goal(self.called), called)
        self.assertEqual(called.manual_count, 3)
        self.assertEqual(len(self.campaign.goal_ids), 6)

    def test_preview_beside_other_goals(self):
        """Beside goals of another kind nothing is made unasked: a dialog shows it."""
        own = self._new_goal(name="Mine", condition=WON, user_id=self.salesman.id)
        wizard = self._apply()
        self.assertEqual(self.campaign.goal_ids, own, "nothing is made yet")
        self.assertEqual(wizard.other_goals, "Mine")
        self.assertFalse(wizard.line_ids.goal_id)
        wizard.action_apply()
        self.assertEqual(len(self.campaign.goal_ids), 6)
        self.assertIn(own, self.campaign.goal_ids)

    def test_each_step_by_its_own_day(self):
        """What is met is met at the show, what is won comes later."""
        self.assertEqual(self.root.days_after, 60, "of a new pattern")
        self.campaign.write({"date_start": "2026-11-02", "date_end": "2026-11-06"})
        self.found.days_after = 10
        self._apply()
        deadlines = [
            self._goal(step).deadline for step in (self.met, self.found, self.root)
        ]
        self.assertEqual(
            [str(day) for day in deadlines], ["2026-11-06", "2026-11-16", "2027-01-05"]
        )
        self.found.days_after = 20
        self.found.rate = 25
        self._apply().action_apply()
        self.assertEqual(str(self._goal(self.found).deadline), "2026-11-26")

    def test_ready_made_goals_kept_or_doubled_at_will(self):
        ready = self._new_goal(name="Win them", condition=WON, target=7)
        called = self._new_goal(name="Called", counting="manual", target=9)
        wizard = self._apply()
        by_step = {line.step_id: line for line in wizard.line_ids}
        by_step[self.root].choice = "keep"
        by_step[self.called].choice = "add"
        wizard.action_apply()
        self.assertEqual((self._goal(self.root), ready.target), (ready, 7))
        self.assertFalse(called.pattern_step_id)
        self.assertEqual(called.target, 9)
        self.assertEqual(len(self.campaign.goal_ids), 6)
        again = self._apply()
        again.line_ids.choice = "add"
        with self._refused(UserError, "already"):
            again.action_apply()

    def test_who_may_apply(self):
        colleague = self.campaign.with_user(self.colleague)
        with self._refused(AccessError):
            colleague.action_apply_pattern()
        self._apply()
        wizard = self._apply()
        with self._refused(AccessError):
            wizard.with_user(self.colleague).action_apply()


@tagged("post_install", "-at_install")
class TestGoalPatternHistory(PatternCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-06-15 09:00:00"))

    def _new_deals(self, number, won, revenue=1000, date="2026-05-04 10:00:00", **vals):
        """Opportunities created and, some of them, won on this day."""
        deals = self.env["crm.lead"]
        for rank in range(number):
            state = "won" if rank < won else "open"
            deals |= self._new_opportunity(self.campaign, revenue, state, **vals)
        self._update_by_sql(deals, create_date=date)
        self._update_by_sql(deals.filtered("date_closed"), date_closed=date)
        return deals

    def _propose(self):
        action = self.pattern.action_propose()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        return wizard.browse(action["res_id"])

    def _line(self, wizard, step):
        return wizard.line_ids.filtered(lambda line: line.step_id == step)

    def test_basket_and_rate_with_their_numbers(self):
        self._new_deals(60, 15, 1000)
        self._new_deals(25, 10, 2000)
        self._new_deals(30, 30, 90000, "2025-06-10 10:00:00")
        self._new_deals(9, 9, 7, company_id=self.other_company.id, user_id=False)
        wizard = self._propose()
        basket = self._line(wizard, self.found.browse())
        self.assertEqual(basket.proposed, 1400)
        self.assertIn("opportunities: 25", basket.numbers)
        found = self._line(wizard, self.found)
        self.assertEqual((found.present, found.proposed), (20, 29.41))
        self.assertIn("25 × “Win opportunities” for 85 × “Found”", found.numbers)
        found.action_adopt()
        self.assertEqual(self.found.rate, 29.41)
        self.assertEqual(self.pattern.average_basket, 5000)
        wizard.action_adopt_all()
        self.assertEqual(self.pattern.average_basket, 1400)

    def test_not_enough_data(self):
        self._new_deals(19, 19)
        wizard = self._propose()
        for line in wizard.line_ids:
            self.assertFalse(line.proposed)
        self.assertIn("Not enough data: 19", self._line(wizard, self.found).numbers)
        self.assertIn("by hand", self._line(wizard, self.called).numbers)
        with self._refused(UserError, "Found"):
            self._line(wizard, self.found).action_adopt()
        wizard.action_adopt_all()
        self.assertEqual(self.found.rate, 20)

    def test_segment_comes_before_the_company(self):
        segment = self.env["sales.campaign.segment"].create({"name": "Workshops"})
        self.pattern.segment_id = segment
        self._new_deals(30, 20, 500)
        wizard = self._propose()
        self.assertIn("whole company", self._line(wizard, self.found).numbers)
        inside, self.campaign = self.campaign, self._new_campaign()
        self._new_deals(30, 25, 9000)
        inside.segment_id = segment
        wizard = self._propose()
        basket = self._line(wizard, self.found.browse())
        self.assertEqual(basket.proposed, 500)
        self.assertIn("Workshops", basket.numbers)
        self.assertEqual(self._line(wizard, self.found).proposed, 66.67)

    def test_stage_is_counted_from_the_passages(self):
        deals = self._new_deals(30, 0)
        self.env.flush_all()
        deals.write({"stage_id": self.lead_stage.id})
        self.env.cr.precommit.run()
        deals[:15].action_set_won()
        self.env.cr.precommit.run()
        self._update_by_sql(deals[:15], date_closed="2026-06-01 10:00:00")
        passages = self.env["crm.lead.passage"].search([("lead_id", "in", deals.ids)])
        self._update_by_sql(passages, date_in="2026-06-01 10:00:00")
        self.found.write({"condition": f"[('stage_id', '=', {self.lead_stage.id})]"})
        found = self._line(self._propose(), self.found)
        self.assertEqual(found.proposed, 50, found.numbers)
        self.assertIn("for 30 ×", found.numbers)

    def test_quotations_that_became_orders(self):
        self.quoted.write(
            {
                "res_model": "sale.order",
                "condition": "[('state', 'in', ['sent', 'sale'])]",
                "date_field": "sale.order.date_order",
            }
        )
        partner = self._new_partner()
        orders = self.env["sale.order"].create(
            [
                {"partner_id": partner.id, "company_id": self.company.id}
                for _rank in range(24)
            ]
        )
        self._update_by_sql(orders, date_order="2026-05-04 10:00:00", state="sent")
        self._update_by_sql(orders[:6], state="sale")
        quoted = self._line(self._propose(), self.quoted)
        self.assertEqual(quoted.proposed, 25)
        self.assertIn("6 × orders for 24 × “Quoted”", quoted.numbers)

    def test_effort(self):
        history = self.env["sales.campaign.pattern.history"]
        hours = history.with_user(self.manager)._get_hours(self.pattern)
        self.assertEqual(set(hours), {"calendar.event", "sale.order", "won"})
        known = {"calendar.event": 2.5, "sale.order": None, "won": 12}
        with patch.object(type(history), "_get_hours", lambda *_args: known):
            self.assertEqual(self.root.effort_hours, 48)
            self.assertEqual(self.found.effort_hours, 0)
            self.assertIn("12.0 h per signature", self.pattern.effort_text)
            self._apply()
            rows = self.campaign._get_funnel_rows()
            self.assertEqual(rows[0]["hours"], "48")

    def test_only_managers_propose(self):
        with self._refused(AccessError):
            self.pattern.with_user(self.salesman).action_propose()
        with self._refused(AccessError):
            self._propose().with_user(self.colleague).action_adopt_all()

    def test_funnel(self):
        self.assertFalse(self.campaign.pattern_funnel)
        self._apply()
        self._new_deals(8, 2)
        self._goal(self.called).action_increment()
        self.env.flush_all()
        self.campaign.invalidate_recordset()
        self.campaign.goal_ids.invalidate_recordset()
        rows = self.campaign._get_funnel_rows()
        self.assertEqual(
            [(row["name"], row["target"], row["current"]) for row in rows],
            [
                ("Win opportunities", "4", "2"),
                ("Found", "20", "8"),
                ("Met", "61", "8"),
                ("Called", "200", "1"),
                ("Quoted", "8", "8"),
            ],
        )
        self.assertEqual(
            [(row["planned_rate"], row["obtained_rate"]) for row in rows],
            [(None, None), ("20", "25"), ("33", "100"), ("10", "800"), ("50", "25")],
        )
        self.assertIn("Win opportunities", self.campaign.pattern_funnel)
        self.assertEqual(
            [row["is_above_all"] for row in rows], [False, False, False, True, False]
        )
        self.assertEqual(self.campaign.pattern_funnel.count("came another way"), 1)
