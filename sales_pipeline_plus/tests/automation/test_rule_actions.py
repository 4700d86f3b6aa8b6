from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common_rule import RuleCase

LAUNCH = "odoo.addons.sales_pipeline_plus.models.automation.crm_pipeline_rule_launch"
PLAN = "odoo.addons.sales_pipeline_plus.models.automation.crm_pipeline_rule_plan"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 10:00:00")
class TestRuleActions(RuleCase):
    """Several actions of a rule, each with its own delay and person."""

    def _new_rule_of(self, event, *lines, **vals):
        """Make a rule that plans these: values of its lines."""
        return self._new_rule(
            event,
            activity_type_id=self.call.id,
            action_ids=[
                Command.create({"activity_type_id": self.call.id, **line})
                for line in lines
            ],
            **vals,
        )

    def test_colon_of_the_language(self):
        """In French a space stands before the colon."""
        self.env["res.lang"]._activate_lang("fr_FR")
        rule = self._new_rule_of("created", {"summary": "Relancer"})
        line = rule.action_ids
        line.activity_type_id.name = "Call"
        line.activity_type_id.with_context(lang="fr_FR").name = "Appel"
        self.assertEqual(line.what_summary, "Call: Relancer")
        french = line.with_context(lang="fr_FR")
        self.assertEqual(french.what_summary, "Appel : Relancer")
        self.assertEqual(french.display_name, f"{rule.name} : Appel : Relancer")

    def test_each_with_its_delay(self):
        self.equipment_team.user_id = self.manager
        rule = self._new_rule_of(
            "created",
            {"summary": "Thank", "delay_days": 0},
            {"summary": "Call", "delay_days": 7},
            {"summary": "Check", "delay_days": 30, "responsible": "leader"},
        )
        deal = self._new_deal(self.equipment)
        activities = self.assertPlanned(deal, "Thank", "Call", "Check")
        self.assertEqual(
            activities.mapped("date_deadline"),
            [date(2026, 3, 2), date(2026, 3, 9), date(2026, 4, 1)],
        )
        self.assertEqual(
            [activity.user_id for activity in activities],
            [self.salesman, self.salesman, self.manager],
        )
        self.assertEqual(deal.rule_log_count, 1)
        log = deal.rule_log_ids
        for name in ("Thank", "Call", "Check"):
            self.assertIn(name, log.summary)
        self.assertEqual(
            rule.action_summary,
            "R. Call: Thank (the same day), R. Call: Call (7 days later), "
            "R. Call: Check (30 days later)",
        )

    def test_as_one_field_for_each(self):
        """Other programs give and read the first action as before."""
        rules = self.env["crm.pipeline.rule"].with_user(self.manager)
        rule = rules.create(
            {
                "name": "Call",
                "pipeline_id": self.equipment.id,
                "event": "created",
                "summary": "Call back",
                "delay_days": 3,
            }
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        self.assertEqual(len(rule.action_ids), 1)
        self.assertEqual(rule.activity_type_id, todo)
        self.assertEqual(rule.fallback_user_id, self.manager)
        rule.write({"delay_days": 5, "summary": "Call again"})
        self.assertRecordValues(
            rule.action_ids, [{"delay_days": 5, "summary": "Call again"}]
        )
        self.assertEqual(
            rules.search([("delay_days", "=", 5), ("id", "=", rule.id)]), rule
        )
        rule.action_ids = [Command.create({"delay_days": 9, "sequence": 20})]
        self.assertEqual(
            rule.read(["delay_days", "action", "responsible"])[0],
            {
                "id": rule.id,
                "delay_days": 5,
                "action": "activity",
                "responsible": "owner",
            },
        )

    def test_in_the_form(self):
        with Form(self.env["crm.pipeline.rule"].with_user(self.manager)) as form:
            form.pipeline_id = self.equipment
            form.name = "Two steps"
            form.event = "created"
            with form.action_ids.edit(0) as line:
                line.summary = "First"
            with form.action_ids.new() as line:
                line.summary = "Second"
                line.delay_days = 5
        self.assertPlanned(self._new_deal(self.equipment), "First", "Second")

    def test_nothing_to_plan(self):
        rule = self._new_rule("created")
        with self.assertRefused(ValidationError, "Rule created", "nothing"):
            rule.action_ids = [Command.clear()]

    def test_the_last_one_stays(self):
        """However it is taken away, but for a rule that gets another one."""
        rule = self._new_rule_of("created", {"summary": "A"}, {"summary": "B"})
        first, last = rule.with_user(self.manager).action_ids
        first.unlink()
        with self.assertRefused(ValidationError, "Rule created", "nothing"):
            last.unlink()
        self.env.invalidate_all()
        other = self._new_rule_of("won", {"summary": "C"})
        with self.assertRefused(ValidationError, "Rule created", "nothing"):
            last.rule_id = other
        self.env.invalidate_all()
        rule.action_ids = [
            Command.delete(last.id),
            Command.create({"activity_type_id": self.call.id, "summary": "D"}),
        ]
        self.assertEqual(rule.action_ids.mapped("summary"), ["D"])
        rule.unlink()

    def test_copy(self):
        self._new_rule_of("created", {"summary": "A"}, {"summary": "B"})
        copy = self.equipment.copy()
        self.assertEqual(copy.rule_ids.action_ids.mapped("summary"), ["A", "B"])

    def test_merged(self):
        """What the same rule planned on both is to be done once, each of it."""
        self._new_rule_of("created", {"summary": "A"}, {"summary": "B"})
        deals = self._new_deal(self.equipment) | self._new_deal(self.equipment)
        self.assertPlanned(deals, "A", "A", "B", "B")
        merged = deals.with_user(self.manager).merge_opportunity()
        self.assertPlanned(merged, "A", "B")

    def test_withdrawn(self):
        self._new_rule_of("created", {"summary": "A"}, {"summary": "B"})
        deal = self._new_deal(self.equipment)
        self.assertPlanned(deal, "A", "B")
        deal.action_set_won()
        self.assertPlanned(deal)

    def test_roles(self):
        rule = self._new_rule_of("created", {"summary": "A"})
        line = rule.action_ids
        self.assertEqual(line.with_user(self.salesman).summary, "A")
        for user in (self.salesman, self.all_documents):
            with self.assertRaises(AccessError):
                line.with_user(user).summary = "Mine"
        line.with_user(self.manager).summary = "Ours"
        foreign = self._new_pipeline(
            "Foreign", {self.won: 100}, company_id=self.other_company.id
        )
        other = self._new_rule("created", foreign)
        lines = self.env["crm.pipeline.rule.action"].with_user(self.manager)
        self.assertFalse(lines.search([("id", "in", other.action_ids.ids)]))
        with self.assertRaises(AccessError):
            lines.create({"rule_id": other.id})

    def test_deletion(self):
        kind = self.env["mail.activity.type"].create({"name": "Used Type"})
        rule = self._new_rule("created", activity_type_id=kind.id)
        with self.assertRefused(UserError, "Used Type"):
            kind.unlink()
        rule.unlink()
        kind.unlink()

    def test_bad_deal(self):
        """It is passed over and said; the others get what is planned."""
        rule = self._new_rule("created")
        lines = type(rule.action_ids)
        prepare = lines._prepare_activities
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment) for _rank in range(3)]
        )

        def fail_once(self, leads, *args):
            if deals[1] in leads:
                raise ValueError("bad")
            return prepare(self, leads, *args)

        with (
            patch.object(lines, "_prepare_activities", fail_once),
            mute_logger(LAUNCH),
        ):
            self._commit()
        self.assertPlanned(deals[0] | deals[2], *["Rule created"] * 2)
        self.assertPlanned(deals[1])
        self.assertIn("could not be planned", rule.error_message)

    def test_database_of_one_action(self):
        """Where a rule planned one action itself, that one is its first."""
        rule = self._new_rule("created")
        self.env.flush_all()
        self.env.cr.execute(
            """DELETE FROM crm_pipeline_rule_action;
               ALTER TABLE crm_pipeline_rule
                 ADD COLUMN action varchar, ADD COLUMN responsible varchar,
                 ADD COLUMN plan_id integer, ADD COLUMN activity_type_id integer,
                 ADD COLUMN user_id integer, ADD COLUMN delay_days integer,
                 ADD COLUMN summary jsonb, ADD COLUMN note jsonb"""
        )
        self.env.cr.execute(
            """UPDATE crm_pipeline_rule
                  SET action = 'activity', activity_type_id = %s, delay_days = 7,
                      responsible = 'leader', summary = '{"en_US": "Call back"}',
                      fallback_user_id = NULL, write_uid = %s
                WHERE id = %s""",
            (self.call.id, self.manager.id, rule.id),
        )
        for _time in range(2):
            rule.action_ids._take_over_actions()
            self.env.invalidate_all()
            self.assertRecordValues(
                rule.action_ids,
                [
                    {
                        "action": "activity",
                        "activity_type_id": self.call.id,
                        "delay_days": 7,
                        "responsible": "leader",
                        "summary": "Call back",
                    }
                ],
            )
            self.assertEqual(rule.fallback_user_id, self.manager)

    # ------------------------------------------------------------
    # Who
    # ------------------------------------------------------------

    def test_who_may_not_work_on_it(self):
        """Neither a colleague who sees only his own, nor somebody without any right."""
        clerk = self._new_user("clerk", "base.group_user")
        self.equipment_team.user_id = self.colleague
        for user in (self.colleague, clerk, self.foreigner):
            self._new_rule("created", responsible="user", user_id=user.id)
        self._new_rule("created", responsible="leader")
        deal = self._new_deal(self.equipment)
        activities = self._get_activities(deal)
        self.assertEqual(len(activities), 4)
        self.assertEqual(activities.user_id, self.salesman)

    def test_collaborator(self):
        """A colleague who works on the deal may be named."""
        self._new_rule("created", responsible="user", user_id=self.colleague.id)
        deal = self._new_deal(
            self.equipment, collaborator_ids=[Command.link(self.colleague.id)]
        )
        self.assertEqual(self._get_activities(deal).user_id, self.colleague)

    def test_nobody_else(self):
        """Without a salesperson and a leader, the rule's person takes over."""
        self._new_rule("created", fallback_user_id=self.manager.id)
        deal = self._new_deal(
            self.equipment, user=self.manager, user_id=False, team_id=False
        )
        self.assertEqual(self._get_activities(deal).user_id, self.manager)

    def test_nobody_at_all(self):
        """It is passed over and said, without its name; the others go on."""
        rule = self._new_rule("created", fallback_user_id=self.foreigner.id)
        deals = self.env["crm.lead"].create(
            [
                self._prepare_deal(self.equipment, user_id=user_id, team_id=False)
                for user_id in (self.salesman.id, False)
            ]
        )
        with self.assertLogs(PLAN, "WARNING"):
            self.assertPlanned(deals, "Rule created")
        self.assertFalse(deals[1].rule_log_count)
        self.assertIn("1", rule.error_message)
        self.assertNotIn("Deal", rule.error_message)
        rule.fallback_user_id = self.manager
        self.assertFalse(rule.error_message)

    def test_plan_of_others(self):
        """Whom an activity plan names and who may not work on it is replaced."""
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Start",
                "res_model": "crm.lead",
                "company_id": self.company.id,
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.call.id,
                            "summary": user.name,
                            "responsible_type": "other",
                            "responsible_id": user.id,
                        }
                    )
                    for user in (self.colleague, self.manager)
                ],
            }
        )
        self._new_rule("created", action="plan", plan_id=plan.id)
        deals = self._new_deal(self.equipment) | self._new_deal(self.equipment)
        activities = self._get_activities(deals)
        self.assertEqual(len(activities), 4)
        self.assertEqual(activities.user_id, self.salesman | self.manager)

    def test_own_mistake_of_one_company(self):
        """A company that the person may not enter."""
        self.salesman.company_ids |= self.other_company
        self._new_rule("created", responsible="owner")
        deal = self._new_deal(self.equipment)
        self.salesman.sudo().write(
            {"company_ids": [(6, 0, self.other_company.ids)]}
            | {"company_id": self.other_company.id}
        )
        self.equipment_team.user_id = self.manager
        with mute_logger(PLAN):
            self.assertEqual(self._get_activities(deal).user_id, self.manager)
