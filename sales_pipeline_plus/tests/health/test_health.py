from datetime import timedelta

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.health.lamps import FIELD_OF, LAMPS
from .common import NOW, HealthCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestHealth(HealthCase):
    """Each lamp, with its reason."""

    def setUp(self):
        super().setUp()
        self.deal = self._new_deal(
            self.equipment, self.qualified, date_deadline="2026-03-31"
        )
        self._begin(self.deal, 3)
        self.today = fields.Date.today()

    def _reason(self, lamp, deal=None):
        deal = deal or self.deal
        self.env.flush_all()
        self.env.invalidate_all()
        found = {each["code"]: each for each in deal.health_lamps}
        self.assertEqual(list(found), list(LAMPS))
        self.assertEqual(found[lamp]["state"], deal[FIELD_OF[lamp]])
        return found[lamp]["reason"]

    def test_next_step(self):
        self.assertLamps(self.deal, next_step="weak")
        self.assertEqual(self._reason("next_step"), "Nothing is planned.")
        later = self._plan(self.deal, self.today + timedelta(days=15))
        self.assertLamps(self.deal, next_step="weak")
        self.assertIn("03/25/2026 only", self._reason("next_step"))
        self.equipment.health_step_days = 15
        self.assertLamps(self.deal, next_step="good")
        self.equipment.health_step_days = 14
        self._plan(self.deal, self.today + timedelta(days=14))
        self.assertLamps(self.deal, next_step="good")
        self._plan(self.deal, self.today - timedelta(days=1))
        self.assertLamps(self.deal, next_step="weak")
        self.assertIn("overdue", self._reason("next_step"))
        later.unlink()

    def test_contacts_and_decision_maker(self):
        self.assertLamps(self.deal, contacts="weak", decision_maker="weak")
        self.assertIn("no contact", self._reason("contacts"))
        [used] = self._add_contacts(self.deal, self.user_role)
        self.assertLamps(self.deal, contacts="weak", decision_maker="weak")
        self.assertIn("one contact only", self._reason("contacts"))
        self._add_contacts(self._new_deal(self.equipment), self.decider)
        used.role_ids |= self.decider
        self.assertLamps(self.deal, contacts="weak", decision_maker="good")
        self.deal.partner_id = self.people[3]
        self.assertLamps(self.deal, contacts="good", decision_maker="good")
        self.env["crm.contact.role"].search([]).decides = False
        self.assertLamps(self.deal, decision_maker="unknown")
        self.assertIn("marked as deciding", self._reason("decision_maker"))

    def test_last_contact(self):
        self.assertLamps(self.deal, last_contact="unknown")
        self.assertIn("yet", self._reason("last_contact"))
        self._begin(self.deal, 31)
        self.assertLamps(self.deal, last_contact="weak")
        self.assertIn("ever", self._reason("last_contact"))
        note = {"subtype_id": self.env.ref("mail.mt_note").id}
        self._log(self.deal, NOW, "comment", **note)
        self._log(self.deal, NOW, "notification")
        self._log(self.deal, NOW, "comment", is_internal=True)
        self._log(self.deal, NOW + timedelta(hours=1))
        self.assertLamps(self.deal, last_contact="weak")
        self._log(self.deal, NOW - timedelta(days=31))
        self.assertLamps(self.deal, last_contact="weak")
        self.assertIn("31 days ago", self._reason("last_contact"))
        self._log(self.deal, NOW - timedelta(days=30), "comment")
        self.assertLamps(self.deal, last_contact="good")
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": self.deal.id,
                "start": NOW + timedelta(hours=1),
                "stop": NOW + timedelta(hours=2),
            }
        )
        self.assertIn("30 days ago", self._reason("last_contact"))
        meeting.start = NOW - timedelta(hours=3)
        self.assertIn("today", self._reason("last_contact"))
        meeting.active = False
        self._plan(self.deal, self.today).action_feedback("Spoke to them")
        self.assertIn("today", self._reason("last_contact"))

    def test_pace(self):
        self.assertLamps(self.deal, pace="unknown")
        self.assertIn("too few", self._reason("pace"))
        won = self._won_deals(4, 1.5)
        self.assertLamps(self.deal, pace="unknown")
        won |= self._won_deals(1, 8)
        self.assertLamps(self.deal, pace="good")
        self._begin(self.deal, 34)
        self.assertLamps(self.deal, pace="weak")
        self.assertEqual(
            self._reason("pace"),
            "In this stage for 34 days; opportunities that were won here stayed 1.5 "
            "days (median of 5 stays).",
        )
        self.equipment.health_pace = 40
        self.assertLamps(self.deal, pace="good")
        # A deal that was deleted still tells how long it took.
        won.sudo().unlink()
        self.assertLamps(self.deal, pace="good")

    def test_date(self):
        self.assertLamps(self.deal, date="good")
        self.deal.date_deadline = "2026-04-01"
        self.assertLamps(self.deal, date="good")
        self.assertIn("once", self._reason("date"))
        self.deal.date_deadline = "2026-04-10"
        self.assertLamps(self.deal, date="weak")
        self.assertEqual(self._reason("date"), "It was put off 2 times, by 10 days.")
        late = self._new_deal(self.equipment, date_deadline="2026-03-09")
        self.assertLamps(late, date="weak")
        without = self._new_deal(self.equipment)
        self.assertLamps(without, date="unknown")
        self.deal.sudo().write({"is_slip_unknown": True, "postponement_count": 0})
        self.assertLamps(self.deal, date="unknown")

    def test_score(self):
        self.assertLamps(self.deal, score="unknown")
        answers = self.env["crm.lead.answer"]
        answer = answers.create(
            {
                "lead_id": self.deal.id,
                "question_id": self.questions[0].id,
                "yes_no": "yes",
            }
        )
        self.assertLamps(self.deal, score="weak")
        self.assertEqual(self._reason("score"), "33.33 %; at least 50 % is needed.")
        answer.copy({"question_id": self.questions[1].id})
        self.assertLamps(self.deal, score="good")
        self.questions.active = False
        self.assertLamps(self.deal, score="unknown")
        self.assertIn("no questions", self._reason("score"))

    def test_closed_and_unsaved_have_none(self):
        lead = self._new_deal(type="lead")
        won = self._new_deal(self.equipment, self.won)
        lost = self._new_deal(self.equipment)
        lost.action_set_lost()
        archived = self._new_deal(self.equipment)
        archived.active = False
        unsaved = self.env["crm.lead"].new({"type": "opportunity"})
        self.env.invalidate_all()
        for deal in (lead, won, lost, archived, unsaved):
            self.assertFalse(deal.health_lamps)
            self.assertFalse(deal.health_weak_count)
            self.assertFalse(any(deal[name] for name in FIELD_OF.values()))
        found = self.deal.with_context(active_test=False).search(
            [("health_weak_count", ">=", 1)]
        )
        self.assertEqual(found.filtered(lambda d: d in lead + won + lost), lead[:0])
        self.assertIn(self.deal, found)

    def test_roles(self):
        """The usual stay is that of the deals that the reader may read."""
        self._begin(self.deal, 34)
        self._won_deals(5, 1, user_id=self.colleague.id)
        for user, state in (
            (self.salesman, "unknown"),
            (self.all_documents, "weak"),
            (self.manager, "weak"),
        ):
            self.assertLamps(self.deal.with_user(user), pace=state)

    def test_time_zones(self):
        """The day is that of the user who looks."""
        deal = self._new_deal(self.equipment, date_deadline="2026-03-10")
        self.assertLamps(deal.with_context(tz="Pacific/Niue"), date="good")
        self.assertLamps(deal.with_context(tz="Pacific/Kiritimati"), date="weak")
        self._begin(deal, 90)
        self._log(deal, NOW - timedelta(days=31, hours=11))
        self.assertLamps(deal.with_context(tz="Pacific/Niue"), last_contact="weak")
        self._log(deal, NOW - timedelta(days=30, hours=11))
        # The 8th of February at 0:30 UTC: in Niue it is the 7th, and now the 10th.
        self.assertLamps(deal.with_context(tz="UTC"), last_contact="good")
        self.assertLamps(deal.with_context(tz="Pacific/Niue"), last_contact="weak")

    def test_query_count(self):
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment, self.offer) for _number in range(30)]
        )
        names = [*FIELD_OF.values(), "health_weak_count"]
        counts = []
        for batch in (deals[:2], deals[:2], deals):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            batch.with_user(self.salesman).read(names)
            counts.append(self.env.cr.sql_log_count - before)
        # The first one fills Odoo's caches.
        self.assertEqual(*counts[1:])

    @mute_logger("odoo.sql_db")
    def test_limits(self):
        """Greater than 0, and no days that lead out of the calendar."""
        for name, value in (
            ("health_step_days", 0),
            ("health_pace", 0),
            ("health_minimum_score", 0),
            ("health_step_days", 36501),
            ("health_contact_days", 3000000),
            ("health_pace", 1e300),
            ("health_postponements", 36501),
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.equipment[name] = value
                self.env.flush_all()
        self.equipment.write({"health_step_days": 36500, "health_contact_days": 36500})
        self.assertTrue(self._reason("last_contact"))
