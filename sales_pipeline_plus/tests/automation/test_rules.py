from datetime import date, timedelta
from unittest.mock import patch

import psycopg2
from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common_rule import RuleCase

COMMENT = "Our offer"
LAUNCH = "odoo.addons.sales_pipeline_plus.models.automation.crm_pipeline_rule_launch"


@tagged("post_install", "-at_install")
class TestRuleEvents(RuleCase):
    """Each event, on each path, once."""

    def _new_order(self, deal, user=None):
        partner = self.env["res.partner"].create({"name": "Morel"})
        product = self.env["product.product"].create({"name": "Lathe"})
        orders = self.env["sale.order"].with_company(self.company)
        return orders.create(
            {
                "partner_id": partner.id,
                "opportunity_id": deal.id,
                "company_id": self.company.id,
                "user_id": self.salesman.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
        )

    def test_created(self):
        self._new_rule("created", delay_days=7, summary="Call back")
        with freeze_time("2026-03-02 10:00:00"):
            deal = self._new_deal(self.equipment)
            activity = self.assertPlanned(deal, "Call back")
        self.assertEqual(activity.date_deadline, date(2026, 3, 9))
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(activity.activity_type_id, self.call)
        self.assertTrue(activity.automated)
        self.assertEqual(deal.rule_log_count, 1)
        note = deal.message_ids.filtered(lambda message: "Call back" in message.body)
        self.assertEqual(len(note), 1)
        self.assertIn("Rule created", note.body)

    def test_created_elsewhere(self):
        self._new_rule("created")
        self.assertPlanned(self._new_deal(self.spares))
        lead = self._new_deal(type="lead")
        self.assertPlanned(lead)
        self.assertPlanned(self._new_deal(self.equipment, self.won))

    def test_created_once(self):
        self._new_rule("created")
        deal = self._new_deal(self.equipment)
        self.assertPlanned(deal, "Rule created")
        deal.write({"stage_id": self.offer.id})
        deal.copy_data()
        self.env["crm.pipeline.rule"]._add_occurrences([("created", deal.id, None)])
        self.assertPlanned(deal, "Rule created")

    def test_converted(self):
        self._new_rule("created")
        lead = self._new_deal(type="lead")
        lead.convert_opportunity(False)
        self.assertEqual(lead.pipeline_id, self.equipment)
        self.assertPlanned(lead, "Rule created")

    def test_import(self):
        self._new_rule("created")
        result = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .load(
                ["name", "type", "pipeline_id/.id", "team_id/.id"],
                [
                    [f"I{n}", "opportunity", self.equipment.id, self.equipment_team.id]
                    for n in range(3)
                ],
            )
        )
        self.assertFalse(result["messages"])
        deals = self.env["crm.lead"].browse(result["ids"])
        self.assertPlanned(deals, *["Rule created"] * 3)

    def test_client_sees_it(self):
        """What a drag launches is in the answer to the drag."""
        self._new_rule("stage_entered", stage_id=self.offer.id)
        deal = self._new_deal(self.equipment)
        self._commit()
        result = deal.web_save(
            {"stage_id": self.offer.id}, {"activity_ids": {}, "stage_id": {}}
        )
        self.assertEqual(len(result[0]["activity_ids"]), 1)
        self.assertPlanned(deal, "Rule stage_entered")

    def test_stage_entered(self):
        self._new_rule("stage_entered", stage_id=self.offer.id)
        deal = self._new_deal(self.equipment)
        self.assertPlanned(deal)
        deal.write({"stage_id": self.offer.id})
        self.assertPlanned(deal, "Rule stage_entered")
        deal.write({"stage_id": self.negotiation.id})
        self.assertPlanned(deal, "Rule stage_entered")
        deal.write({"stage_id": self.offer.id})
        self.assertPlanned(deal, "Rule stage_entered", "Rule stage_entered")

    def test_stage_passed_through(self):
        self._new_rule("stage_entered", stage_id=self.offer.id)
        deal = self._new_deal(self.equipment)
        self._commit()
        deal.write({"stage_id": self.offer.id})
        deal.write({"stage_id": self.negotiation.id})
        self.assertPlanned(deal)

    def test_stage_entered_at_creation(self):
        self._new_rule("stage_entered", stage_id=self.offer.id)
        deal = self._new_deal(self.equipment, self.offer)
        self.assertPlanned(deal, "Rule stage_entered")

    def test_won_stage_entered(self):
        self._new_rule("stage_entered", stage_id=self.won.id)
        deal = self._new_deal(self.equipment)
        deal.action_set_won()
        self.assertPlanned(deal, "Rule stage_entered")

    def test_moved_from_another_pipeline(self):
        self._new_rule("stage_entered", stage_id=self.offer.id)
        deal = self._new_deal(self.spares, team_id=False)
        self._commit()
        deal.with_user(self.manager)._move_to_pipeline(self.equipment, self.offer)
        self.assertPlanned(deal, "Rule stage_entered")

    def test_won(self):
        self._new_rule("won", delay_days=2)
        button, drag, probability, created = (
            self._new_deal(self.equipment) for _rank in range(4)
        )
        self._commit()
        button.action_set_won_rainbowman()
        drag.write({"stage_id": self.won.id})
        probability.with_user(self.salesman).write(
            {"stage_id": self.won.id, "probability": 100}
        )
        for deal in (button, drag, probability):
            self.assertPlanned(deal, "Rule won")
        self.assertPlanned(created)
        # Won again in the same way, nothing more.
        button.write({"probability": 100})
        self.assertPlanned(button, "Rule won")
        self.assertPlanned(self._new_deal(self.equipment, self.won))

    def test_lost(self):
        self._new_rule("lost", delay_days=182)
        reason = self.env["crm.lost.reason"].create({"name": "Price"})
        with freeze_time("2026-01-05 10:00:00"):
            deals = self._new_deal(self.equipment) | self._new_deal(self.equipment)
            self._commit()
            deals.action_set_lost(lost_reason_id=reason.id)
            activities = self.assertPlanned(deals, "Rule lost", "Rule lost")
        self.assertEqual(set(activities.mapped("date_deadline")), {date(2026, 7, 6)})
        with freeze_time("2026-02-05 10:00:00"):
            deals[0].action_unarchive()
            deals[0].write({"probability": 30})
            self._commit()
            self.assertPlanned(deals, "Rule lost")
            deals[0].action_set_lost()
            self.assertPlanned(deals, "Rule lost", "Rule lost")

    def test_quotation(self):
        self._new_rule("quotation_sent")
        self._new_rule("quotation_confirmed")
        deal = self._new_deal(self.equipment)
        order = self._new_order(deal)
        self.assertPlanned(deal)
        order.action_quotation_sent()
        self.assertPlanned(deal, "Rule quotation_sent")
        order.action_confirm()
        self.assertPlanned(deal, "Rule quotation_sent", "Rule quotation_confirmed")
        order.action_cancel()
        order.action_draft()
        order.action_quotation_sent()
        self.assertPlanned(deal, "Rule quotation_sent", "Rule quotation_confirmed")
        other = self._new_order(deal)
        other.action_confirm()
        self.assertPlanned(
            deal, "Rule quotation_sent", *["Rule quotation_confirmed"] * 2
        )

    def test_quotation_mail(self):
        self._new_rule("quotation_sent")
        deal = self._new_deal(self.equipment)
        order = self._new_order(deal)
        order.with_context(mark_so_as_sent=True).message_post(body=COMMENT)
        self.assertEqual(order.state, "sent")
        self.assertPlanned(deal, "Rule quotation_sent")

    def test_two_quotations_at_once(self):
        self._new_rule("quotation_sent")
        self._new_rule("quotation_sent", name="If none", only_without_action=True)
        deal = self._new_deal(self.equipment)
        orders = self._new_order(deal) | self._new_order(deal)
        orders.action_quotation_sent()
        self.assertPlanned(deal, *["Rule quotation_sent"] * 2)

    def test_deleted(self):
        self._new_rule("created")
        deal = self._new_deal(self.equipment)
        deal.sudo().unlink()
        self._commit()

    def test_mass(self):
        """More deals, not more queries."""
        self._new_rule("created")
        self._new_rule("stage_entered", stage_id=self.qualified.id)
        counts = []
        for number in (2, 5, 50):
            vals_list = [self._prepare_deal(self.equipment) for _rank in range(number)]
            deals = self.env["crm.lead"].with_user(self.salesman).create(vals_list)
            self.env["crm.lead.passage"]._write_moves()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._commit()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self._get_activities(deals)), 2 * number)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_no_rules_no_queries(self):
        self.spares.rule_ids.unlink()
        deal = self._new_deal(self.spares)
        self._commit()

        def move(stage):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deal.write({"stage_id": stage.id})
            self._commit()
            return self.env.cr.sql_log_count - before

        move(self.negotiation)
        move(self.offer)
        without = move(self.negotiation)
        self._new_rule("stage_entered", stage_id=self.offer.id)
        self._new_rule("won")
        self.env["crm.pipeline"]._get_layout()
        move(self.offer)
        self.assertEqual(move(self.negotiation), without)


@tagged("post_install", "-at_install")
class TestRuleChoices(RuleCase):
    """Condition, person, plan, failures, roles, companies."""

    def test_condition(self):
        self._new_rule("created", condition="[('expected_revenue', '>', 1000)]")
        small = self._new_deal(self.equipment, expected_revenue=10)
        large = self._new_deal(self.equipment, expected_revenue=10000)
        self.assertPlanned(small)
        self.assertPlanned(large, "Rule created")

    def test_bad_condition(self):
        for condition in ("[('nothing', '=', 1)]", "[(", "[('name', '=', uid)]", "5"):
            with self.assertRefused(ValidationError, "Rule created", "condition"):
                self._new_rule("created", condition=condition)

    def test_failure(self):
        """The deal is saved, the rule says what went wrong, the others go on."""
        rule = self._new_rule("created", sequence=1)
        self._new_rule("created", name="Good", sequence=2)
        self.env.cr.execute(
            "UPDATE crm_pipeline_rule SET condition = %s WHERE id = %s",
            ("[('x_removed', '=', 1)]", rule.id),
        )
        rule.invalidate_recordset()
        with mute_logger(
            "odoo.addons.sales_pipeline_plus.models.automation.crm_pipeline_rule_launch"
        ):
            deal = self._new_deal(self.equipment)
            self.assertPlanned(deal, "Good")
        self.assertIn("x_removed", rule.error_message)
        rule.condition = "[]"
        self.assertFalse(rule.error_message)

    def test_failure_keeps_no_card_where_it_is(self):
        """What a rule would plan is asked before a stage is entered: one that cannot be
        asked plans nothing, and stops nobody."""
        broken = self._new_rule("stage_entered", stage_id=self.offer.id)
        good = self._new_rule("stage_entered", stage_id=self.offer.id, name="Good")
        self.equipment.next_action_policy = "block"
        deal = self._new_deal(self.equipment).with_user(self.salesman)
        self.env.cr.execute(
            "UPDATE crm_pipeline_rule SET condition = %s WHERE id = %s",
            ("[('x_removed', '=', 1)]", broken.id),
        )
        self.env.invalidate_all()
        with mute_logger(LAUNCH):
            self.assertEqual(
                deal._get_next_action_request(self.offer.id)["planned_by"], ["Good"]
            )
            deal.stage_id = self.offer
            self.assertPlanned(deal, "Good")
        self.assertIn("x_removed", broken.error_message)
        good.active = False
        other = self._new_deal(self.equipment).with_user(self.salesman)
        with mute_logger(LAUNCH):
            request = other._get_next_action_request(self.offer.id)
        self.assertNotIn("planned_by", request)

    def test_archived_beside_another(self):
        """It launches nothing, also beside another one of the same event."""
        self._new_rule("stage_entered", stage_id=self.offer.id, name="Good")
        self._new_rule(
            "stage_entered", stage_id=self.offer.id, name="Old", active=False
        )
        deal = self._new_deal(self.equipment).with_user(self.salesman)
        deal.stage_id = self.offer
        self.assertPlanned(deal, "Good")

    def test_failure_is_told_in_a_sentence(self):
        """Neither SQL nor what somebody else's record is called."""
        rule = self._new_rule("created")
        query = 'SELECT "name" FROM crm_lead'
        for error in (
            ValueError(query),
            psycopg2.errors.UndefinedColumn(query),
            UserError("Hidden deal"),
            AccessError("Hidden deal"),
        ):
            with (
                self.subTest(type(error)),
                patch.object(
                    type(rule.action_ids), "_prepare_activities", side_effect=error
                ),
                self.assertLogs(LAUNCH, "WARNING") as log,
            ):
                deal = self._new_deal(self.equipment)
                self._commit()
            self.assertTrue(deal.exists())
            self.assertIn("could not be planned", rule.error_message)
            self.assertNotIn("SELECT", rule.error_message)
            self.assertNotIn("Hidden", rule.error_message)
            self.assertIn(str(error), "".join(log.output))

    def test_responsible(self):
        self.equipment_team.user_id = self.manager
        self._new_rule("created", responsible="owner")
        self._new_rule("created", responsible="leader")
        self._new_rule("created", responsible="user", user_id=self.all_documents.id)
        deal = self._new_deal(self.equipment)
        self.assertEqual(
            self._get_activities(deal).user_id,
            self.salesman | self.manager | self.all_documents,
        )
        (self.all_documents | self.manager).active = False
        deal = self._new_deal(self.equipment)
        self.assertEqual(self._get_activities(deal).user_id, self.salesman)

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        rule = self._new_rule("created", summary="Call back")
        rule.with_context(lang="fr_FR").summary = "Rappeler"
        self.salesman.lang = "fr_FR"
        deal = self._new_deal(self.equipment, user=self.manager)
        self.assertPlanned(deal, "Rappeler")

    def test_today_of_the_responsible(self):
        self._new_rule("created")
        self.salesman.tz = "Pacific/Auckland"
        with freeze_time("2026-03-02 20:00:00"):
            deal = self._new_deal(self.equipment, user=self.manager)
            activity = self._get_activities(deal)
        self.assertEqual(activity.date_deadline, date(2026, 3, 3))

    def test_only_without_action(self):
        self._new_rule(
            "stage_entered", stage_id=self.offer.id, only_without_action=True
        )
        deal, other = self._new_deal(self.equipment), self._new_deal(self.equipment)
        deal.activity_schedule(
            "mail.mail_activity_data_call", summary="Own", user_id=self.salesman.id
        )
        (deal | other).write({"stage_id": self.offer.id})
        self.assertPlanned(deal, "Own")
        self.assertPlanned(other, "Rule stage_entered")

    def test_plan(self):
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "Start",
                "res_model": "crm.lead",
                "company_id": self.company.id,
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.call.id,
                            "summary": "First",
                            "delay_count": 1,
                            "delay_unit": "weeks",
                            "delay_from": "after_plan_date",
                        }
                    ),
                    Command.create(
                        {
                            "activity_type_id": self.call.id,
                            "summary": "Second",
                            "responsible_type": "other",
                            "responsible_id": self.manager.id,
                        }
                    ),
                ],
            }
        )
        self._new_rule("created", action="plan", plan_id=plan.id, delay_days=3)
        with freeze_time("2026-03-02 10:00:00"):
            deal = self._new_deal(self.equipment)
            first, second = self.assertPlanned(deal, "First", "Second")
        self.assertEqual(first.date_deadline, date(2026, 3, 12))
        self.assertEqual(first.user_id, self.salesman)
        self.assertEqual(second.date_deadline, date(2026, 3, 5))
        self.assertEqual(second.user_id, self.manager)
        self.assertEqual(deal.rule_log_count, 1)

    def test_incomplete(self):
        with self.assertRefused(ValidationError, "stage"):
            self._new_rule("stage_entered")
        with self.assertRefused(ValidationError, "P. Stray", "Equipment"):
            self._new_rule("stage_entered", stage_id=self.stray.id)
        with self.assertRefused(ValidationError, "activity plan"):
            self._new_rule("created", action="plan")
        with self.assertRefused(ValidationError, "person"):
            self._new_rule("created", responsible="user")

    def test_roles(self):
        rule = self._new_rule("created")
        rules = self.env["crm.pipeline.rule"]
        self.assertIn(rule, rules.with_user(self.salesman).search([]))
        with self.assertRaises(AccessError):
            rule.with_user(self.salesman).name = "Mine"
        with self.assertRaises(AccessError):
            rule.with_user(self.all_documents).unlink()
        rule.with_user(self.manager).name = "Ours"
        deal = self._new_deal(self.equipment)
        self._commit()
        logs = self.env["crm.pipeline.rule.log"]
        own = [("lead_id", "=", deal.id)]
        self.assertEqual(logs.with_user(self.salesman).search(own).lead_id, deal)
        self.assertFalse(logs.with_user(self.colleague).search(own))
        self.assertTrue(logs.with_user(self.all_documents).search(own))
        self.assertFalse(logs.with_user(self.foreigner).search(own))
        with self.assertRaises(AccessError):
            logs.with_user(self.manager).search(own).unlink()

    def test_companies(self):
        foreign = self._new_pipeline(
            "Foreign",
            {self.qualified: 10, self.won: 100},
            company_id=self.other_company.id,
        )
        rule = self._new_rule("created", foreign)
        self.assertNotIn(
            rule, self.env["crm.pipeline.rule"].with_user(self.manager).search([])
        )
        deal = self._new_deal(
            foreign,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
        )
        self.assertPlanned(deal, "Rule created")
        self.assertPlanned(self._new_deal(self.equipment))

    def test_archived(self):
        rule = self._new_rule("created", active=False)
        # The tab of the pipeline shows it all the same.
        shown = self.equipment.web_read({"rule_ids": {}})
        self.assertEqual(shown[0]["rule_ids"], rule.ids)
        self.assertEqual(len(self.equipment.copy().rule_ids), 1)
        self.assertPlanned(self._new_deal(self.equipment))
        rule.active = True
        self.assertPlanned(self._new_deal(self.equipment), "Rule created")

    def test_copy(self):
        self._new_rule("created", condition="[('priority', '=', '1')]")
        self._new_rule("stage_entered", stage_id=self.offer.id)
        copy = self.equipment.copy()
        self.assertEqual(copy.rule_ids.mapped("event"), ["created", "stage_entered"])
        self.assertEqual(copy.rule_ids[1].stage_id, self.offer)

    def test_usual_rules(self):
        self._new_rule("created")
        with Form(self.equipment.with_user(self.manager)):
            pass
        self.equipment.with_user(self.manager).action_add_usual_rules()
        self.assertEqual(
            sorted(self.equipment.rule_ids.mapped("event")),
            sorted(
                [
                    "created",
                    "quotation_sent",
                    "meeting_held",
                    "decision_passed",
                    "inactive",
                    "won",
                    "lost",
                ]
            ),
        )
        self.equipment.action_add_usual_rules()
        self.assertEqual(len(self.equipment.rule_ids), 7)


@tagged("post_install", "-at_install")
class TestTimedRules(RuleCase):
    """Meetings held, closing dates passed, nothing happened."""

    def _new_meeting(self, deal, start):
        return self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": deal.id,
                "start": start,
                "stop": fields.Datetime.add(start, hours=1),
            }
        )

    def test_meeting_held(self):
        now = fields.Datetime.now()
        self._new_rule("meeting_held").since = fields.Datetime.subtract(now, days=1)
        deal, other = self._new_deal(self.equipment), self._new_deal(self.equipment)
        self._new_meeting(deal, now - timedelta(hours=3))
        self._new_meeting(deal, now + timedelta(hours=3))
        self._new_meeting(other, now - timedelta(days=3))
        self._run_cron()
        self.assertPlanned(deal, "Rule meeting_held")
        self.assertPlanned(other)
        self._run_cron()
        self.assertPlanned(deal, "Rule meeting_held")
        self._new_meeting(deal, now - timedelta(hours=2))
        self._new_meeting(deal, now - timedelta(hours=5))
        self._run_cron()
        self.assertPlanned(deal, *["Rule meeting_held"] * 3)

    def test_meeting_that_does_not_suit(self):
        """It does not suit later either."""
        now = fields.Datetime.now()
        rule = self._new_rule("meeting_held", condition="[('priority', '=', '3')]")
        rule.since = fields.Datetime.subtract(now, days=1)
        deal = self._new_deal(self.equipment)
        self._new_meeting(deal, now - timedelta(hours=3))
        self._run_cron()
        deal.priority = "3"
        self._run_cron()
        self.assertPlanned(deal)
        self.assertFalse(deal.rule_log_count)

    def test_decision_passed(self):
        self._new_rule("decision_passed")
        self.salesman.tz = "Pacific/Auckland"
        self.colleague.tz = "America/Los_Angeles"
        today = date(2026, 3, 2)
        with freeze_time("2026-03-02 20:00:00"):
            # It is the 3rd in Auckland.
            late = self._new_deal(self.equipment, date_deadline=today)
            open_deal = self._new_deal(
                self.equipment, date_deadline=today + timedelta(days=1)
            )
            elsewhere = self._new_deal(
                self.equipment, date_deadline=today, user_id=self.colleague.id
            )
            self._run_cron()
            self.assertPlanned(late, "Rule decision_passed")
            self.assertPlanned(open_deal | elsewhere)
            self._run_cron()
            self.assertPlanned(late, "Rule decision_passed")
            late.date_deadline = today - timedelta(days=1)
            self._run_cron()
            self.assertPlanned(late, "Rule decision_passed", "Rule decision_passed")
            late.action_set_won()
            self._run_cron()
            self.assertPlanned(late)

    def test_inactive(self):
        self._new_rule("inactive", inactive_days=30)
        quiet, noted, called, moved = (
            self._new_deal(self.equipment) for _rank in range(4)
        )
        self._age(quiet | noted | called | moved, 40)
        noted.message_post(body=COMMENT, message_type="comment")
        called.activity_schedule("mail.mail_activity_data_call").action_done()
        moved.write({"stage_id": self.offer.id})
        self._run_cron()
        self.assertPlanned(quiet, "Rule inactive")
        self.assertPlanned(noted | moved)
        self._run_cron()
        self.assertPlanned(quiet, "Rule inactive")
        # Something happens, and then nothing for 30 days again.
        self._get_activities(quiet).action_done()
        self._run_cron()
        self._age(quiet, 35)
        self._run_cron()
        self.assertPlanned(quiet, "Rule inactive", "Rule inactive")

    def test_in_a_stage(self):
        self._new_rule("decision_passed", stage_id=self.offer.id)
        past = fields.Date.subtract(fields.Date.today(), days=3)
        deal = self._new_deal(self.equipment, date_deadline=past)
        self._run_cron()
        self.assertPlanned(deal)
        deal.stage_id = self.offer
        self._run_cron()
        self.assertPlanned(deal, "Rule decision_passed")

    def test_interrupted(self):
        """The run goes on where it was interrupted."""
        rule = self._new_rule("decision_passed", condition="[('color', '=', 0)]")
        past = fields.Date.subtract(fields.Date.today(), days=3)
        deals = self.env["crm.lead"].create(
            [
                self._prepare_deal(self.equipment, date_deadline=past, color=rank % 2)
                for rank in range(10)
            ]
        )
        self._commit()
        rules = self.env["crm.pipeline.rule"]
        seen = []
        launch_batch = type(rules)._launch_batch

        def note_batch(self, occurrences):
            seen.extend(lead_id for lead_id, _key in occurrences)
            return launch_batch(self, occurrences)

        module = (
            "odoo.addons.sales_pipeline_plus.models.automation.crm_pipeline_rule_cron"
        )
        left = iter([1, 1, 0] + [1] * 20)
        with (
            patch(f"{module}.BATCH_SIZE", 3),
            patch.object(type(rules), "_launch_batch", note_batch),
            patch.object(
                type(self.env["ir.cron"]),
                "_commit_progress",
                lambda *args, **kwargs: next(left),
            ),
        ):
            rules._cron_launch()
            self.assertEqual(seen, deals[:6].ids)
            self.assertEqual(rule.cron_cursor, deals[5].id)
            rules._cron_launch()
        self.assertEqual(seen, deals.ids)
        self.assertFalse(rule.cron_cursor)
        self.assertTrue(rule.cron_date)
        self.assertPlanned(deals, *["Rule decision_passed"] * 5)

    def test_crash(self):
        """What was committed before a crash stays and is not launched again."""
        self._new_rule("decision_passed")
        past = fields.Date.subtract(fields.Date.today(), days=3)
        deals = self.env["crm.lead"].create(
            [
                self._prepare_deal(self.equipment, date_deadline=past)
                for _rank in range(4)
            ]
        )
        self._commit()
        rules = self.env["crm.pipeline.rule"]
        module = (
            "odoo.addons.sales_pipeline_plus.models.automation.crm_pipeline_rule_cron"
        )
        calls = iter([1, 1, RuntimeError("killed")])

        def progress(*args, **kwargs):
            answer = next(calls, 1)
            if isinstance(answer, Exception):
                raise answer
            return answer

        with (
            patch(f"{module}.BATCH_SIZE", 1),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", progress),
        ):
            with self.assertRaises(RuntimeError):
                rules._cron_launch()
            rules._cron_launch()
        self.assertPlanned(deals, *["Rule decision_passed"] * 4)

    def test_failing_rule_stops(self):
        rule = self._new_rule("decision_passed")
        self._new_rule("decision_passed", name="Good")
        past = fields.Date.subtract(fields.Date.today(), days=3)
        deal = self._new_deal(self.equipment, date_deadline=past)
        self.env.cr.execute(
            "UPDATE crm_pipeline_rule SET condition = %s WHERE id = %s",
            ("[('x_removed', '=', 1)]", rule.id),
        )
        rule.invalidate_recordset()
        with mute_logger(
            "odoo.addons.sales_pipeline_plus.models.automation.crm_pipeline_rule_launch"
        ):
            self._run_cron()
        self.assertPlanned(deal, "Good")
        self.assertIn("x_removed", rule.error_message)
