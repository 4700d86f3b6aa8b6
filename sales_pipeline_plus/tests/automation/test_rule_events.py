from datetime import date, timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from ..common_rule import START, ClockCase


@tagged("post_install", "-at_install")
class TestFromStageToStage(ClockCase):
    """From one stage to another, on every way to move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._new_rule(
            "stage_entered",
            name="Back",
            from_stage_id=cls.negotiation.id,
            stage_id=cls.offer.id,
        )

    def _new_moved(self, *stages):
        """Make a deal and move it, in a transaction for each stage."""
        deal = self._new_deal(self.equipment, stages[0])
        self._commit()
        for stage in stages[1:]:
            deal.stage_id = stage
            self._commit()
        return deal

    def test_way(self):
        self.assertPlanned(self._new_moved(self.offer))
        self.assertPlanned(self._new_moved(self.qualified, self.offer))
        self.assertPlanned(self._new_moved(self.negotiation, self.qualified))
        back = self._new_moved(self.qualified, self.negotiation, self.offer)
        self.assertPlanned(back, "Back")
        detour = self._new_moved(self.negotiation, self.qualified, self.offer)
        self.assertPlanned(detour)

    def test_write_paths(self):
        drag, form, load, rpc = (self._new_moved(self.negotiation) for _r in range(4))
        drag.with_user(self.salesman).web_save(
            {"stage_id": self.offer.id}, {"stage_id": {}}
        )
        self.assertPlanned(drag, "Back")
        with Form(form) as view:
            view.stage_id = self.offer
        self.assertPlanned(form, "Back")
        found = load.with_user(self.salesman).load(
            [".id", "stage_id/.id"], [[str(load.id), str(self.offer.id)]]
        )
        self.assertFalse(found["messages"])
        self.assertPlanned(load, "Back")
        rpc.with_user(self.salesman).write({"stage_id": self.offer.id})
        self.assertPlanned(rpc, "Back")

    def test_passed_through_in_one_transaction(self):
        deal = self._new_moved(self.qualified)
        deal.stage_id = self.negotiation
        deal.stage_id = self.offer
        self.assertPlanned(deal, "Back")

    def test_from_another_pipeline(self):
        """A stage of the same name elsewhere is another one."""
        deal = self._new_deal(self.spares, self.negotiation, team_id=False)
        self._commit()
        deal.with_user(self.manager)._move_to_pipeline(self.equipment, self.offer)
        self.assertPlanned(deal)

    def test_action_to_come(self):
        self.equipment.next_action_policy = "block"
        deal = self._new_moved(self.negotiation)
        self.assertEqual(deal._filter_action_to_come(self.offer.id), deal)
        deal.stage_id = self.offer
        self.assertPlanned(deal, "Back")
        other = self._new_moved(self.qualified)
        self.assertFalse(other._filter_action_to_come(self.offer.id))
        with self.assertRefused(ValidationError, "P. Offer", "Plan"):
            other.stage_id = self.offer

    def test_refused(self):
        with self.assertRefused(ValidationError, "Back", "P. Offer"):
            self.rule.from_stage_id = self.offer
        with self.assertRefused(ValidationError, "Back", "P. Stray", "Equipment"):
            self.rule.from_stage_id = self.stray
        with self.assertRefused(ValidationError, "needs the stage"):
            self._new_rule("stage_entered")
        line = self._line(self.equipment, self.negotiation)
        with self.assertRefused(UserError, "P. Negotiation", "Back"):
            line.with_user(self.manager).unlink()

    def test_says_when(self):
        self.assertEqual(self.rule.event_summary, "From “P. Negotiation” to “P. Offer”")
        self.rule.from_stage_id = False
        self.assertEqual(self.rule.event_summary, "Enters “P. Offer”")


@tagged("post_install", "-at_install")
class TestActivityEvents(ClockCase):
    """An activity of a type is planned, or done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.env["mail.activity.type"].create({"name": "R. Visit"})
        cls.planned = cls._new_rule(
            "activity_planned", name="Prepare", event_activity_type_id=cls.visit.id
        )
        cls.done = cls._new_rule(
            "activity_done",
            name="Report",
            event_activity_type_id=cls.visit.id,
            delay_days=2,
        )

    def _plan(self, deal, kind=None, **vals):
        return deal.activity_schedule(
            activity_type_id=(kind or self.visit).id,
            summary="Own",
            user_id=self.salesman.id,
            **vals,
        )

    def test_planned_and_done(self):
        deal = self._new_deal(self.equipment)
        own = self._plan(deal)
        self.assertPlanned(deal, "Own", "Prepare")
        own.with_user(self.salesman).action_feedback("Well")
        activities = self.assertPlanned(deal, "Own", "Prepare", "Report")
        self.assertEqual(activities[-1].date_deadline, date(2026, 3, 4))
        # Once for each activity.
        own.action_feedback("Again")
        own.write({"active": True})
        own.action_done()
        self.assertPlanned(deal, "Own", "Prepare", "Report")

    def test_type(self):
        deal = self._new_deal(self.equipment)
        own = self._plan(deal, self.call)
        self._commit()
        own.action_done()
        self.assertPlanned(deal, "Own")
        (self.planned | self.done).event_activity_type_id = False
        other = self._new_deal(self.equipment)
        self._plan(other, self.call).action_done()
        self.assertPlanned(other, "Own", "Report")

    def test_write_paths(self):
        dialog, rpc, load, changed, moved = (
            self._new_deal(self.equipment) for _rank in range(5)
        )
        with Form(
            self.env["mail.activity"]
            .with_user(self.salesman)
            .with_context(default_res_model="crm.lead", default_res_id=dialog.id)
        ) as form:
            form.activity_type_id = self.visit
            form.summary = "Own"
        self.assertPlanned(dialog, "Own", "Prepare")
        vals = {
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "activity_type_id": self.visit.id,
            "summary": "Own",
        }
        activities = self.env["mail.activity"].with_user(self.salesman)
        activities.create({**vals, "res_id": rpc.id})
        self.assertPlanned(rpc, "Own", "Prepare")
        found = activities.load(
            ["res_model_id/.id", "res_id", "activity_type_id/.id", "summary"],
            [[str(vals["res_model_id"]), str(load.id), str(self.visit.id), "Own"]],
        )
        self.assertFalse(found["messages"])
        self.assertPlanned(load, "Own", "Prepare")
        self._plan(changed, self.call).activity_type_id = self.visit
        self.assertPlanned(changed, "Own", "Prepare")
        partner = self.env["res.partner"].create({"name": "Morel"})
        elsewhere = self._plan(partner)
        self._commit()
        elsewhere.write({"res_model_id": vals["res_model_id"], "res_id": moved.id})
        self.assertPlanned(moved, "Own", "Prepare")

    def test_not_by_itself(self):
        """What a rule plans does not launch another one."""
        self._new_rule("created", activity_type_id=self.visit.id, name="First")
        self.planned.activity_type_id = self.visit
        deal = self._new_deal(self.equipment)
        self.assertPlanned(deal, "First")
        self._plan(deal)
        self.assertPlanned(deal, "First", "Own", "Prepare")

    def test_what_a_rule_planned_and_a_person_did(self):
        self._new_rule("created", activity_type_id=self.visit.id, name="First")
        deal = self._new_deal(self.equipment)
        self._get_activities(deal).action_done()
        self.assertPlanned(deal, "First", "Report")

    def test_imported_as_done(self):
        deal = self._new_deal(self.equipment)
        self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": deal.id,
                "activity_type_id": self.visit.id,
                "summary": "Past",
                "active": False,
            }
        )
        self.assertPlanned(deal, "Past")

    def test_cancelled(self):
        """What was to be prepared for it goes with it; what follows it stays."""
        deal = self._new_deal(self.equipment)
        cancelled, kept = self._plan(deal), self._plan(deal)
        self.assertPlanned(deal, "Own", "Own", "Prepare", "Prepare")
        cancelled.with_user(self.salesman).unlink()
        self.assertPlanned(deal, "Own", "Prepare")
        kept.action_done()
        self.assertPlanned(deal, "Own", "Prepare", "Report")
        self.assertIn(
            "No longer needed, withdrawn: Prepare",
            "".join(deal.message_ids.mapped("body")),
        )

    def test_deleted_with_its_deal(self):
        deal = self._new_deal(self.equipment)
        self._plan(deal)
        self._commit()
        deal.with_user(self.manager).unlink()
        self._commit()
        self.assertFalse(self._get_activities(deal))

    def test_elsewhere(self):
        """Not on leads, on what is closed or sleeps, in other pipelines."""
        deals = (
            self._new_deal(type="lead")
            | self._new_deal(self.spares)
            | self._new_deal(self.equipment, self.won)
        )
        for deal in deals.sudo():
            self._plan(deal)
        self.assertPlanned(deals, *["Own"] * 3)

    def test_many_at_once(self):
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment) for _rank in range(5)]
        )
        self._commit()
        activities = self.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": deal.id,
                    "activity_type_id": self.visit.id,
                    "summary": "Own",
                }
                for deal in deals
            ]
        )
        self.assertPlanned(deals, *["Own", "Prepare"] * 5)
        activities.action_done()
        self.assertPlanned(deals, *["Own", "Prepare", "Report"] * 5)

    def test_says_when(self):
        self.assertEqual(self.planned.event_summary, "R. Visit planned")
        self.assertEqual(self.done.event_summary, "R. Visit done")
        self.done.write({"event_activity_type_id": False, "stage_id": self.offer.id})
        self.assertEqual(self.done.event_summary, "Activity done in “P. Offer”")


@tagged("post_install", "-at_install")
class TestHoldEvents(ClockCase):
    """An opportunity is put on hold, and wakes up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["crm.hold.reason"].create({"name": "R. Budget"})
        cls._new_rule("on_hold", name="Tell the team")
        cls._new_rule("woken", name="Say hello")

    def _hold(self, deal, day="2026-06-01"):
        dialog = (
            self.env["crm.lead.put.on.hold"]
            .with_user(self.salesman)
            .with_context(active_model="crm.lead", active_ids=deal.ids)
            .create({"date_wake_up": day, "reason_id": self.reason.id})
        )
        dialog.action_put_on_hold()

    def _get_planned(self, deal):
        """Return what rules have planned and what is not done, by its name."""
        activities = self._get_activities(deal).filtered(
            lambda activity: activity.pipeline_rule_id and activity.active
        )
        return sorted(activities.mapped("summary"))

    def test_by_hand(self):
        deal = self._new_deal(self.equipment)
        self._hold(deal)
        self.assertEqual(self._get_planned(deal), ["Tell the team"])
        self._hold(deal, "2026-07-01")
        self.assertEqual(self._get_planned(deal), ["Tell the team"])
        self._at(START + timedelta(days=1))
        deal.with_user(self.salesman).action_wake_up()
        self.assertEqual(self._get_planned(deal), ["Say hello"])
        self._at(START + timedelta(days=2))
        self._hold(deal)
        self.assertEqual(self._get_planned(deal), ["Tell the team"])

    def test_on_its_date(self):
        deal = self._new_deal(self.equipment)
        self._hold(deal)
        self._at("2026-06-02 10:00:00")
        self.env["crm.lead"].search(
            [("id", "=", deal.id), *self.env["crm.lead"]._get_wake_up_domain()]
        )._wake_up_on_date()
        self.assertFalse(deal.date_hold)
        self.assertEqual(self._get_planned(deal), ["Say hello"])

    def test_by_a_move(self):
        deal = self._new_deal(self.equipment)
        self._hold(deal)
        self._at(START + timedelta(days=1))
        deal.with_user(self.salesman).stage_id = self.offer
        self.assertEqual(self._get_planned(deal), ["Say hello"])

    def test_closed(self):
        """Whoever wins or loses it does not wake it up."""
        for close in ("action_set_won", "action_set_lost"):
            deal = self._new_deal(self.equipment)
            self._hold(deal)
            self._commit()
            getattr(deal, close)()
            self.assertEqual(self._get_planned(deal), [])

    def test_put_on_hold_and_woken_at_once(self):
        deal = self._new_deal(self.equipment)
        self._hold(deal)
        deal.action_wake_up()
        self.assertEqual(self._get_planned(deal), ["Say hello"])

    def test_in_a_stage_and_by_a_condition(self):
        self.equipment.rule_ids.filtered(lambda rule: rule.event == "on_hold").write(
            {"stage_id": self.offer.id, "condition": "[('priority', '=', '1')]"}
        )
        deals = self.env["crm.lead"].create(
            [
                self._prepare_deal(self.equipment, stage, priority=priority)
                for stage in (self.qualified, self.offer)
                for priority in ("0", "1")
            ]
        )
        self._hold(deals)
        self.assertEqual(
            [self._get_planned(deal) for deal in deals],
            [[], [], [], ["Tell the team"]],
        )

    def test_second_company(self):
        foreign = self._new_pipeline(
            "Foreign",
            {self.qualified: 10, self.won: 100},
            company_id=self.other_company.id,
        )
        self._new_rule("on_hold", foreign, name="Abroad")
        deal = self._new_deal(
            foreign,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
        )
        deal._put_on_hold(date(2026, 6, 1), self.reason.with_user(self.foreigner))
        self.assertEqual(self._get_planned(deal), ["Abroad"])
        self.assertEqual(
            self._get_activities(deal).filtered("pipeline_rule_id").user_id,
            self.foreigner,
        )
