import random
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, tagged

from ..common import PipelineCase

NOW = "2026-03-10 11:30:00"
ZONES = ["UTC", "Europe/Paris", "Pacific/Auckland", "America/Los_Angeles", False]
STATES = ["missing", "overdue", "today", "planned"]


@tagged("post_install", "-at_install")
class TestNextAction(PipelineCase):
    """The next action of a deal: shown, searched, grouped and sorted alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False
        cls.deal = cls._new_deal(cls.equipment, cls.qualified)

    def _plan(self, deal, day, user=None, **vals):
        return deal.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=day,
            user_id=(user or deal.user_id).id,
            **vals,
        )

    def _meet(self, deal, start, hours=1, user=None, **vals):
        return self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": start,
                "stop": start + timedelta(hours=hours),
                "opportunity_id": deal.id,
                "user_id": (user or deal.user_id).id,
                **vals,
            }
        )

    def assertAction(self, state, day=False, summary=False, deal=None, user=None):
        deal = (deal or self.deal).with_user(user or self.salesman)
        self.assertEqual(
            (
                deal.next_action_state,
                str(deal.next_action_date or ""),
                deal.next_action_summary,
            ),
            (state, day or "", summary),
        )

    def test_states(self):
        with freeze_time(NOW):
            self.assertAction("missing")
            later = self._plan(self.deal, datetime(2026, 3, 12).date(), summary="Send")
            self.assertAction("planned", "2026-03-12", "Send")
            self._plan(self.deal, datetime(2026, 3, 10).date())
            self.assertAction("today", "2026-03-10", "Call")
            later.date_deadline = datetime(2026, 3, 9).date()
            self.assertAction("overdue", "2026-03-09", "Send")
            later.action_feedback("Done")
            self.assertAction("today", "2026-03-10", "Call")
            self.deal.activity_ids.unlink()
            self.assertAction("missing")

    def test_meetings(self):
        with freeze_time(NOW):
            past = self._meet(self.deal, datetime(2026, 3, 10, 9))
            self.assertAction("missing")
            past.stop = datetime(2026, 3, 10, 12)
            self.assertAction("today", "2026-03-10", "Meeting")
            past.active = False
            self.assertAction("missing")
            event = self._meet(self.deal, datetime(2026, 3, 11, 9), name="Visit")
            self.assertAction("planned", "2026-03-11", "Visit")
            self._plan(self.deal, datetime(2026, 3, 9).date())
            self.assertAction("overdue", "2026-03-09", "Call")
            self.deal.activity_ids.unlink()
            event.opportunity_id = False
            self.assertAction("missing")

    def test_meeting_of_all_day(self):
        self.salesman.tz = "Pacific/Auckland"
        with freeze_time(NOW):
            # It is the 11th in Auckland: the meeting of the 10th is over.
            event = self._meet(
                self.deal,
                datetime(2026, 3, 10, 8),
                allday=True,
                start_date="2026-03-10",
                stop_date="2026-03-10",
            )
            self.assertAction("missing")
            event.write({"start_date": "2026-03-10", "stop_date": "2026-03-11"})
            self.assertAction("today", "2026-03-11", "Meeting")

    def test_only_open_deals(self):
        lead = self._new_deal(self.equipment, self.qualified, type="lead")
        won = self._new_deal(self.equipment, self.won)
        lost = self._new_deal(self.equipment, self.qualified)
        lost.action_set_lost()
        deals = lead | won | lost
        self.assertEqual(deals.mapped("next_action_state"), [False] * 3)
        Lead = self.env["crm.lead"].with_context(active_test=False)
        self.assertEqual(
            Lead.search([("id", "in", deals.ids), ("next_action_state", "=", False)]),
            Lead.search([("id", "in", deals.ids)]),
        )
        self.assertFalse(
            Lead.search([("id", "in", deals.ids), ("next_action_state", "!=", False)])
        )

    def test_not_saved_yet(self):
        """No banner before the deal exists; it appears once the deal is saved."""
        Lead = self.env["crm.lead"].with_user(self.salesman)
        form = Form(Lead.with_context(default_type="opportunity"))
        form.name = "New deal"
        self.assertFalse(form.next_action_state)
        form.save()
        self.assertEqual(form.next_action_state, "missing")

    def test_midnight_of_the_responsible(self):
        """The activity's own state in the chatter says the same."""
        self.salesman.tz = "Pacific/Auckland"
        self.colleague.tz = "America/Los_Angeles"
        other = self._new_deal(self.spares, self.qualified)
        with freeze_time(NOW):
            mine = self._plan(self.deal, datetime(2026, 3, 10).date())
            theirs = self._plan(other, datetime(2026, 3, 10).date())
            # The 11th in Auckland, the 10th in Los Angeles, whoever looks.
            for user in (self.manager, self.salesman, self.colleague):
                visible = (self.deal | other).with_user(user)._filtered_access("read")
                for deal in visible:
                    state = "overdue" if deal.id == self.deal.id else "today"
                    self.assertAction(state, "2026-03-10", "Call", deal, user)
            self.assertEqual((mine | theirs).mapped("state"), ["overdue", "today"])

    def test_private_meeting(self):
        with freeze_time(NOW):
            self._meet(
                self.deal,
                datetime(2026, 3, 11, 9),
                name="Secret",
                privacy="private",
                partner_ids=[Command.set(self.salesman.partner_id.ids)],
            )
            self.env.invalidate_all()
            self.assertAction("planned", "2026-03-11", "Secret")
            self.env.invalidate_all()
            self.assertAction("planned", "2026-03-11", "Busy", user=self.manager)

    def test_operators(self):
        with freeze_time(NOW):
            planned, late = (
                self._new_deal(self.equipment, self.qualified) for _index in range(2)
            )
            won = self._new_deal(self.equipment, self.won)
            self._plan(planned, datetime(2026, 3, 12).date())
            self._plan(late, datetime(2026, 3, 9).date())
            missing = self.deal
            for domain, expected in (
                ([("next_action_state", "=", "missing")], missing),
                ([("next_action_state", "!=", "missing")], planned | late | won),
                ([("next_action_state", "in", ["overdue", False])], late | won),
                (
                    [("next_action_state", "not in", ["overdue", False])],
                    missing | planned,
                ),
                ([("next_action_state", "=", False)], won),
                ([("next_action_state", "!=", False)], missing | planned | late),
                ([("next_action_state", "ilike", "over")], late),
                ([("next_action_state", "not ilike", "over")], missing | planned | won),
                (["!", ("next_action_state", "=", "overdue")], missing | planned | won),
                ([("next_action_date", "=", "2026-03-09")], late),
                ([("next_action_date", "!=", "2026-03-09")], missing | planned | won),
                ([("next_action_date", "=", False)], missing | won),
                ([("next_action_date", "!=", False)], planned | late),
                ([("next_action_date", "<", "2026-03-10")], late),
                ([("next_action_date", ">=", "today")], planned),
                ([("next_action_date", "<=", "today +1y")], planned | late),
            ):
                with self.subTest(domain=domain):
                    # As the client does, by the day of the user.
                    found = self.env["crm.lead"].search(domain)
                    self.assertEqual(found, found & expected)
                    self.assertEqual(len(found), len(expected))
                    deals = self.deal | planned | late | won
                    self.assertEqual(set(deals.filtered_domain(domain)), set(found))

    def test_order_and_groups(self):
        with freeze_time(NOW):
            days = {"planned": 12, "today": 10, "overdue": 9}
            deals = {"missing": self.deal}
            for state, day in days.items():
                deals[state] = self._new_deal(self.equipment, self.qualified)
                self._plan(deals[state], datetime(2026, 3, day).date())
            Lead = self.env["crm.lead"].with_user(self.salesman)
            self.assertEqual(
                Lead.search([], order="next_action_state, id").mapped(
                    "next_action_state"
                ),
                STATES,
            )
            self.assertEqual(
                Lead.search([], order="next_action_date desc, id").mapped(
                    "next_action_state"
                ),
                ["missing", "planned", "today", "overdue"],
            )
            info = Lead.fields_get(["next_action_state", "next_action_date"])
            for description in info.values():
                self.assertTrue(description["sortable"])
                self.assertTrue(description["groupable"])
                self.assertTrue(description["searchable"])
            deals["today"].activity_ids.unlink()
            groups = Lead.web_read_group([], ["next_action_state"], ["__count"])
            self.assertEqual(
                [
                    (group["next_action_state"], group["__count"])
                    for group in groups["groups"]
                ],
                [("missing", 2), ("overdue", 1), ("planned", 1)],
            )
            months = Lead.formatted_read_group(
                [], ["next_action_date:month"], ["__count"]
            )
            self.assertEqual([group["__count"] for group in months], [2, 2])

    def test_property_shown_as_searched_and_grouped(self):
        """Random actions, users and time zones, around two midnights."""
        rng = random.Random(20260310)
        users = self.salesman | self.colleague | self.all_documents | self.manager
        for moment in ("2026-03-10 23:30:00", "2026-03-29 00:59:59"):
            with freeze_time(moment):
                now = datetime.fromisoformat(moment)
                for user in users:
                    user.tz = rng.choice(ZONES)
                deals = self._create_random_deals(rng, now, users)
                for user in users:
                    self._check_agreement(user, deals, now)
                deals.unlink()

    def _create_random_deals(self, rng, now, users):
        deals = self.env["crm.lead"]
        for _number in range(40):
            pipeline = rng.choice([self.equipment, self.spares])
            stage = rng.choice([self.qualified, self.offer, self.won])
            kind = rng.choice(["opportunity"] * 4 + ["lead"])
            deal = self._new_deal(pipeline, stage, type=kind).sudo()
            for _action in range(rng.choice([0, 0, 1, 1, 2, 3])):
                responsible = rng.choice(users)
                if rng.random() < 0.6:
                    day = (now + timedelta(days=rng.randint(-2, 2))).date()
                    activity = self._plan(deal, day, responsible)
                    activity.active = rng.random() < 0.8
                else:
                    self._meet(
                        deal,
                        now + timedelta(hours=rng.randint(-50, 50)),
                        rng.choice([1, 5, 30]),
                        responsible,
                        allday=rng.random() < 0.4,
                        active=rng.random() < 0.8,
                    )
            if stage != self.won and rng.random() < 0.1:
                deal.action_set_lost()
            deals |= deal
        return deals

    def _check_agreement(self, user, deals, now):
        self.env.invalidate_all()
        Lead = self.env["crm.lead"].with_user(user).with_context(active_test=False)
        visible = Lead.search([("id", "in", deals.ids)])
        domain = [("id", "in", deals.ids)]
        for state in [*STATES, False]:
            shown = visible.filtered(lambda deal, s=state: deal.next_action_state == s)
            found = Lead.search([*domain, ("next_action_state", "=", state)])
            self.assertEqual(set(found), set(shown), state)
        for state, found in Lead._read_group(
            domain, ["next_action_state"], ["id:recordset"]
        ):
            shown = visible.filtered(lambda deal, s=state: deal.next_action_state == s)
            self.assertEqual(set(found), set(shown), state)
        for offset in range(-3, 4):
            day = (now + relativedelta(days=offset)).date()
            shown = visible.filtered(lambda deal, d=day: deal.next_action_date == d)
            found = Lead.search([*domain, ("next_action_date", "=", day)])
            self.assertEqual(set(found), set(shown), day)
        for day, found in Lead._read_group(
            domain, ["next_action_date:day"], ["id:recordset"]
        ):
            shown = visible.filtered(
                lambda deal, d=day: deal.next_action_date == (d and d)
            )
            self.assertEqual(set(found), set(shown), day)
        activities = visible.sudo().filtered(
            lambda deal: (
                deal.next_action_state
                and not deal.calendar_event_ids
                # Those who may open the deal.
                and deal.activity_ids.user_id
                <= deal.user_id | self.all_documents | self.manager
            )
        )
        for deal in activities:
            # Odoo's own state of the activities says the same.
            self.assertEqual(
                deal.with_user(user).next_action_state,
                deal.with_user(user).activity_state or "missing",
            )

    def test_roles(self):
        """Nobody's count holds what he may not see."""
        mine = self.deal
        others = self._new_deal(self.spares, self.qualified)
        abroad = self.env["crm.lead"].create(
            {
                "name": "Abroad",
                "type": "opportunity",
                "company_id": self.other_company.id,
                "team_id": self.foreign_team.id,
                "user_id": self.foreigner.id,
            }
        )
        for user, expected in (
            (self.salesman, mine),
            (self.colleague, others),
            (self.all_documents, mine | others),
            (self.manager, mine | others),
            (self.foreigner, abroad),
        ):
            Lead = self.env["crm.lead"].with_user(user)
            found = Lead.search([("next_action_state", "=", "missing")])
            self.assertEqual(set(found), set(expected.with_user(user)))
            groups = Lead.web_read_group([], ["next_action_state"], ["__count"])
            self.assertEqual(groups["groups"][0]["__count"], len(expected))

    def test_activity_of_somebody_else(self):
        """It counts, although its responsible cannot see the deal."""
        with freeze_time(NOW):
            activity = self._plan(self.deal, datetime(2026, 3, 12).date())
            activity.sudo().user_id = self.all_documents
            self.assertAction("planned", "2026-03-12", "Call")

    def test_type(self):
        """The agenda is coloured by it; what is searched is what is shown."""
        Lead = self.env["crm.lead"]
        call = self.env.ref("mail.mail_activity_data_call")
        meeting = self.env.ref("mail.mail_activity_data_meeting")
        with freeze_time(NOW):
            idle, met, called, won = (
                self._new_deal(self.equipment, self.qualified) for _number in range(4)
            )
            self._meet(met, datetime(2026, 3, 11, 9))
            self._plan(met, datetime(2026, 3, 12).date())
            self._plan(called, datetime(2026, 3, 1).date())
            self._plan(won, datetime(2026, 3, 1).date())
            won.action_set_won()
            deals = (idle | met | called | won).with_user(self.salesman)
            self.assertEqual(
                deals.mapped(lambda deal: deal.next_action_type_id.id),
                [False, meeting.id, call.id, False],
            )
            for operator in ("in", "not in"):
                for value in ([call.id], [meeting.id, call.id], [False, call.id], []):
                    domain = [("next_action_type_id", operator, value)]
                    found = Lead.with_user(self.salesman).search(
                        [("id", "in", deals.ids), *domain]
                    )
                    shown = deals.filtered(
                        lambda deal, value=value, operator=operator: (
                            (deal.next_action_type_id.id in value) == (operator == "in")
                        )
                    )
                    self.assertEqual(set(found), set(shown), domain)

    def test_query_count(self):
        with freeze_time(NOW):
            deals = self.env["crm.lead"].create(
                [
                    self._prepare_deal(self.equipment, self.qualified)
                    for _index in range(30)
                ]
            )
            for index, deal in enumerate(deals):
                self._plan(deal, datetime(2026, 3, 1 + index % 20).date())
                self._meet(deal, datetime(2026, 3, 1 + index % 25, 9))
            fields = ["next_action_state", "next_action_date", "next_action_summary"]
            counts = []
            for batch in (deals[:3], deals):
                self.env.flush_all()
                self.env.invalidate_all()
                batch = batch.with_user(self.salesman)
                before = self.env.cr.sql_log_count
                batch.read(fields)
                counts.append(self.env.cr.sql_log_count - before)
            self.assertLessEqual(counts[1], counts[0] + 2, counts)
