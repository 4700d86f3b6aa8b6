import doctest
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ...models.unanswered_call import cadence
from .common import CallsCase


@tagged("post_install", "-at_install")
class TestUnansweredCall(CallsCase):
    """A call that nobody answered is recorded, and made again."""

    def test_doctests(self):
        self.assertFalse(doctest.testmod(cadence).failed)

    def test_cadence_is_checked(self):
        for text in ("1, 0", "often", "1,,2", "366", "-1", "1.5", "1," * 9 + "1"):
            with self.assertRefused(ValidationError, "Equipment", "1, 3, 7", text):
                self.equipment.with_user(self.manager).call_cadence = text
        self.equipment.call_cadence = " 2;5 "
        deal, _call = self._new_called()
        self.assertEqual(deal._get_call_cadence(), (2, 5))

    def test_tries(self):
        """1 day after Monday; 3 days after Tuesday; Saturday and Sunday are none."""
        deal, call = self._new_called()
        days = []
        for moment in ("2026-06-01", "2026-06-02", "2026-06-05"):
            self._on(f"{moment} 09:30:00")
            self.assertIs(call.action_log_unanswered_call(), False)
            self.assertEqual(deal.next_action_state, "planned")
            days.append(call.date_deadline)
        self.assertEqual(days, [date(2026, 6, 2), date(2026, 6, 5), date(2026, 6, 12)])
        calls = self._get_calls(deal)
        self.assertEqual(calls.mapped("number"), [1, 2, 3])
        self.assertEqual(calls[0].date, datetime(2026, 6, 1, 9, 30))
        self.assertEqual(calls[0].date_next, date(2026, 6, 2))
        self.assertEqual(calls.called_by_id, self.salesman)
        self.assertEqual(calls.pipeline_id, self.equipment)
        self.assertEqual(call.unanswered_call_count, 3)
        self.assertEqual(call.postponement_count, 0)
        notes = deal.message_ids.filtered(lambda note: "No answer" in note.body)
        self.assertEqual(len(notes), 3)
        self.assertTrue(all(note.is_internal for note in notes))
        # The one that is planned next is the last one.
        self._on("2026-06-12 09:30:00")
        action = call.action_log_unanswered_call()
        self.assertEqual(action["res_model"], "crm.lead.last.call")
        self.assertEqual(call.date_deadline, date(2026, 6, 12))
        self.assertEqual(deal.next_action_state, "today")
        self.assertFalse(self._get_calls(deal)[-1].date_next)

    def test_no_working_day(self):
        deal, call = self._new_called()
        self._on("2026-06-05 09:30:00")
        call.action_log_unanswered_call()
        self.assertEqual(call.date_deadline, date(2026, 6, 8))

    def test_day_of_the_one_in_charge(self):
        """It is Monday in Paris, still Sunday in Honolulu, Tuesday in Kiritimati."""
        for zone, moment, day in (
            ("Pacific/Honolulu", "2026-06-02 08:00:00", date(2026, 6, 2)),
            ("Pacific/Kiritimati", "2026-06-01 12:00:00", date(2026, 6, 3)),
        ):
            self.salesman.tz = zone
            _deal, call = self._new_called()
            self._on(moment)
            call.with_user(self.manager).action_log_unanswered_call()
            self.assertEqual(call.date_deadline, day, zone)

    def test_only_planned_calls_of_open_deals(self):
        deal, call = self._new_called()
        todo = deal.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.salesman.id
        )
        _spare, spare_call = self._new_called(
            self.spares, user_id=self.salesman.id, team_id=False
        )
        asleep, asleep_call = self._new_called()
        self._hold(asleep, user=self.salesman)
        lead = self.env["crm.lead"].with_user(self.salesman).create({"name": "Lead"})
        lead.type = "lead"
        of_partner = self.buyer.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.salesman.id
        ).with_user(self.salesman)
        done_deal, done = self._new_called()
        done.action_done()
        for activity in (
            todo,
            spare_call,
            asleep_call,
            self._plan_call(lead, user=self.salesman),
            of_partner,
            done,
        ):
            self.assertFalse(activity.can_log_unanswered_call)
            with self.assertRefused(UserError, "call of an open opportunity"):
                activity.action_log_unanswered_call()
        self.assertTrue(call.can_log_unanswered_call)
        self.assertFalse(self._get_calls(deal + asleep + lead + done_deal))
        with self.assertRefused(UserError, "No call is planned"):
            done_deal.action_log_unanswered_call()
        with self.assertRaises(UserError):
            self.env["mail.activity"].browse("x").action_log_unanswered_call()

    def test_roles(self):
        """Whose deal it is, who works on it, and who sees all; nobody else."""
        deal, call = self._new_called()
        for user in (self.colleague, self.foreigner):
            with self.assertRaises(AccessError):
                call.with_user(user).action_log_unanswered_call()
            with self.assertRaises(AccessError):
                deal.with_user(user).action_log_unanswered_call()
        deal.with_user(self.manager).action_log_unanswered_call()
        calls = self._get_calls(deal)
        self.assertEqual(calls.called_by_id, self.manager)
        self.assertEqual(calls.user_id, self.salesman)
        facts = self.env["crm.lead.unanswered.call"]
        for user, count in (
            (self.salesman, 1),
            (self.all_documents, 1),
            (self.manager, 1),
            (self.colleague, 0),
            (self.foreigner, 0),
        ):
            found = facts.with_user(user).search([("id", "in", calls.ids)])
            self.assertEqual(len(found), count, user.login)
        deal.with_user(self.manager).collaborator_ids = self.colleague
        self.assertEqual(
            facts.with_user(self.colleague).search([("id", "in", calls.ids)]), calls
        )
        self.assertIs(
            call.with_user(self.colleague).action_log_unanswered_call(), False
        )
        for user in (self.salesman, self.manager):
            with self.assertRaises(AccessError):
                calls.with_user(user).write({"number": 9})
            with self.assertRaises(AccessError):
                calls.with_user(user).unlink()

    def test_own_call_first(self):
        deal, call = self._new_called()
        deal.with_user(self.manager).collaborator_ids = self.colleague
        other = self._plan_call(deal, date(2026, 5, 29), self.colleague)
        deal.action_log_unanswered_call()
        self.assertEqual(
            (call.unanswered_call_count, other.unanswered_call_count), (1, 0)
        )
        deal.with_user(self.colleague).action_log_unanswered_call()
        self.assertEqual(other.unanswered_call_count, 1)

    def test_is_no_contact(self):
        """The lamp of the last contact stays as it is, and tells of the calls."""
        deal, call = self._new_called()
        self._on("2026-07-15 08:00:00")
        self.assertEqual(deal.health_last_contact, "weak")
        call.action_log_unanswered_call()
        self.assertEqual(deal.health_last_contact, "weak")

        def tell():
            return {lamp["code"]: lamp["reason"] for lamp in deal.health_lamps}

        self.assertIn("One call went unanswered", tell()["last_contact"])
        call.action_log_unanswered_call()
        self.assertIn("2 calls went unanswered", tell()["last_contact"])
        call.action_feedback("Reached")
        self.env.invalidate_all()
        self.assertEqual(deal.health_last_contact, "good")
        self.assertNotIn("unanswered", tell()["last_contact"])

    def test_policy_is_kept(self):
        """A deal whose pipeline blocks moves without an action moves after a try."""
        self.equipment.next_action_policy = "block"
        deal, call = self._new_called()
        call.action_log_unanswered_call()
        deal.stage_id = self.negotiation
        self.assertEqual(deal.stage_id, self.negotiation)
        self.assertFalse(call.get_next_action_request())

    def test_after_merging_and_deleting(self):
        deal, call = self._new_called(name="First")
        other, other_call = self._new_called(name="Second", expected_revenue=1)
        call.action_log_unanswered_call()
        other_call.action_log_unanswered_call()
        calls = self._get_calls(deal + other)
        merged = (deal + other).with_user(self.manager).merge_opportunity()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(calls.lead_id, merged)
        self.assertEqual(set(calls.mapped("deal_name")), {"First", "Second"})
        moved = merged.activity_ids
        self.assertEqual(moved.mapped("unanswered_call_count"), [1, 1])
        merged.with_user(self.manager).unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(calls.exists())
        self.assertFalse(calls.lead_id)
        self.assertEqual(calls.mapped("customer_name"), [self.buyer.complete_name] * 2)

    def test_store(self):
        """As many queries for many activities as for two."""
        deals = self.env["crm.lead"]
        for _number in range(12):
            deal, call = self._new_called()
            deals += deal
            call.action_log_unanswered_call()
        activities = self.env["mail.activity"].with_user(self.salesman)
        activities = activities.browse(deals.activity_ids.ids)

        def count(records):
            records = records.browse(records.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.mapped("can_log_unanswered_call")
            records.mapped("unanswered_call_count")
            return self.env.cr.sql_log_count - before

        count(activities)
        self.assertEqual(count(activities[:2]), count(activities))
        self.assertTrue(all(activities.mapped("can_log_unanswered_call")))
