from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import NOW, HealthCase


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestHealthOutcomes(HealthCase):
    """What became of past deals whose lamps were good or weak."""

    def setUp(self):
        super().setUp()
        self.deal = self._new_deal(self.equipment, self.qualified)

    def _close(self, number, is_won, days=40, **vals):
        """Create deals that began some days ago and were closed five days ago."""
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment, self.offer, **vals)] * number
        )
        if is_won:
            deals.action_set_won()
        else:
            deals.action_set_lost()
        self._set(
            deals,
            create_date=NOW - timedelta(days=days),
            date_start=NOW - timedelta(days=days),
            date_closed=NOW - timedelta(days=5),
        )
        return deals

    def _add_old_contacts(self, deals, *roles, days=30):
        contacts = self.env["crm.lead.contact"]
        for deal in deals:
            contacts |= self._add_contacts(deal, *roles)
        date = NOW - timedelta(days=days)
        self._set(contacts, create_date=date, write_date=date)
        return contacts

    def _get(self, lamp, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        deal = self.deal.with_user(user or self.manager)
        return deal.get_health_outcomes()[lamp]

    def _assert_counts(self, lamp, good, weak, user=None):
        answer = self._get(lamp, user)
        found = [
            (answer[state]["count"], answer[state]["won"]) for state in ("good", "weak")
        ]
        self.assertEqual(found, [good, weak])
        for state, (count, _won) in (("good", good), ("weak", weak)):
            action = self.deal.with_user(user or self.manager).open_health_outcomes(
                lamp, state
            )
            leads = self.env["crm.lead"].with_context(active_test=False)
            found = leads.with_user(user or self.manager).search(action["domain"])
            self.assertEqual(len(found), count)

    def test_decision_maker(self):
        known = self._close(10, True) | self._close(5, False)
        self._add_old_contacts(known, self.decider)
        unknown = self._close(3, True) | self._close(9, False)
        # What came after the closing, or was changed then, tells nothing.
        self._add_old_contacts(unknown, self.decider, days=2)
        changed = self._close(1, True)
        self._add_old_contacts(changed, self.decider)
        changed.contact_ids.comment = "Changed since"
        self._assert_counts("decision_maker", (15, 10), (12, 3))
        answer = self._get("decision_maker")
        self.assertFalse(answer["remark"])
        self.assertAlmostEqual(answer["good"]["share"], 100 * 10 / 15)
        self.assertEqual(answer["weak"]["share"], 25)

    def test_too_few(self):
        self._add_old_contacts(self._close(9, True), self.decider)
        self._close(20, False)
        answer = self._get("decision_maker")
        self.assertIn("there are 9 and 20", answer["remark"])
        self.assertIsNone(answer["good"]["share"])
        self.assertIn("is not recorded", self._get("next_step")["remark"])

    def test_contacts(self):
        two = self._close(2, True)
        self._add_old_contacts(two, None, None)
        one = self._close(1, False)
        self._add_old_contacts(one, None)
        self._assert_counts("contacts", (2, 2), (1, 0))

    def test_closed_elsewhere(self):
        """Of what was closed before it was here, nobody knows the contacts."""
        deals = self._close(2, True, days=1, date_deadline="2026-03-09")
        self._assert_counts("contacts", (0, 0), (0, 0))
        self._assert_counts("last_contact", (0, 0), (0, 0))
        self._assert_counts("date", (2, 2), (0, 0))
        self.assertTrue(deals)

    def test_last_contact(self):
        recent, old, never, fresh = (
            self._close(1, True),
            self._close(1, False, days=100),
            self._close(1, False, days=100),
            self._close(1, True, days=20),
        )
        self._log(recent, NOW - timedelta(days=35))
        self._log(old, NOW - timedelta(days=36))
        # After the closing.
        self._log(never, NOW - timedelta(days=1))
        self.assertTrue(fresh)
        self._assert_counts("last_contact", (1, 1), (2, 0))

    def test_pace(self):
        self._won_deals(5, 3)
        quick, slow, unknown = (
            self._close(1, True),
            self._close(1, False),
            self._close(1, False),
        )
        passages = self.env["crm.lead.passage"].sudo()
        closing = passages.search(
            [
                ("lead_id", "in", (quick + slow + unknown).ids),
                ("outcome", "in", ("won", "lost")),
            ]
        )
        closing.stage_id = self.qualified
        closing.filtered(lambda p: p.lead_id == quick).days = 5
        closing.filtered(lambda p: p.lead_id == slow).days = 7
        closing.filtered(lambda p: p.lead_id == unknown).write(
            {"days": 7, "is_path_known": False}
        )
        self._assert_counts("pace", (1, 1), (1, 0))

    def test_date(self):
        steady = self._close(1, True, date_deadline="2026-03-06")
        late = self._close(1, False, date_deadline="2026-03-04")
        slipped = self._close(1, False, date_deadline="2026-03-06")
        slipped.sudo().postponement_count = 2
        self._close(1, True)
        self.assertTrue(steady + late)
        self._assert_counts("date", (1, 1), (2, 0))

    def test_score(self):
        good, weak, late = (self._close(1, each) for each in (True, False, True))
        answers = self.env["crm.lead.answer"].create(
            [
                {"lead_id": deal.id, "question_id": question.id, "yes_no": "yes"}
                for deal, questions in (
                    (good, self.questions),
                    (weak, self.questions[0]),
                    (late, self.questions),
                )
                for question in questions
            ]
        )
        date = NOW - timedelta(days=30)
        self._set(
            answers.filtered(lambda a: a.lead_id != late),
            create_date=date,
            write_date=date,
        )
        self._set(answers.filtered(lambda a: a.lead_id == late), write_date=NOW)
        self._assert_counts("score", (1, 1), (1, 0))

    def test_roles(self):
        """Only of what the reader may read, and of the same pipeline."""
        self._add_old_contacts(self._close(1, True), None, None)
        self._add_old_contacts(
            self._close(2, True, user_id=self.colleague.id), None, None
        )
        elsewhere = self._close(1, True)
        self._add_old_contacts(elsewhere, None, None)
        self._set(elsewhere, pipeline_id=self.spares.id)
        self._assert_counts("contacts", (1, 1), (0, 0), self.salesman)
        self._assert_counts("contacts", (3, 3), (0, 0), self.all_documents)
        foreign = self.deal.with_user(self.foreigner)
        hidden = self.deal.with_user(self.colleague)
        for deal in (foreign, hidden):
            with self.assertRaises(AccessError):
                deal.get_health_outcomes()
            with self.assertRaises(AccessError):
                deal.open_health_outcomes("pace", "good")

    def test_arguments(self):
        deal = self.deal.with_user(self.salesman)
        for code, state in (
            ("next_step", "good"),
            ("pace", "unknown"),
            (None, "good"),
            (["pace"], "good"),
            ("pace", {}),
        ):
            with self.assertRaises(UserError):
                deal.open_health_outcomes(code, state)

    def test_one_statement(self):
        counts = []
        for number in (5, 50):
            self._close(number, True)
            self.deal.with_user(self.salesman).get_health_outcomes()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.deal.with_user(self.salesman).get_health_outcomes()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
