from collections import Counter
from datetime import date, datetime, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.automation.visit_agenda import Agenda
from ..common import PipelineCase

# A Monday.
NOW = "2026-03-02 08:00:00"
TODAY = date(2026, 3, 2)


@tagged("post_install", "-at_install")
class TestVisits(PipelineCase):
    """Recurring visits: due, on working days, spread, without doubles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.env["res.partner.category"].create({"name": "V. GOLD"})
        cls.meeting = cls.env.ref("mail.mail_activity_data_meeting")
        cls.call = cls.env.ref("mail.mail_activity_data_call")
        (cls.salesman | cls.manager).tz = "Europe/Paris"
        cls.customer = cls._new_customer("Morel")
        cls.plan = cls._new_plan(cls.call)
        clock = freeze_time(NOW)
        clock.start()
        cls.addClassCleanup(clock.stop)

    @classmethod
    def _new_customer(cls, name, **vals):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "category_id": cls.gold.ids,
                "user_id": cls.salesman.id,
                **vals,
            }
        )

    @classmethod
    def _new_plan(cls, activity_type, **vals):
        return cls.env["crm.visit.plan"].create(
            {
                "name": "Every 4 months",
                "category_id": cls.gold.id,
                "period_count": 4,
                "period_unit": "months",
                "activity_type_id": activity_type.id,
                "user_id": cls.manager.id,
                "company_id": cls.company.id,
                **vals,
            }
        )

    def _run_cron(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1
        ):
            self.env["crm.visit.plan"]._cron_plan_visits()
        self.env.flush_all()
        self.env.invalidate_all()

    def _get_visits(self, plan=None):
        return self.env["crm.visit"].search(
            [("plan_id", "=", (plan or self.plan).id)], order="id"
        )

    def test_first_visit(self):
        self._run_cron()
        visit = self._get_visits()
        self.assertEqual(visit.partner_id, self.customer)
        self.assertEqual(visit.date, date(2026, 3, 3))
        activity = self.customer.activity_ids
        self.assertEqual(visit.activity_id, activity)
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(activity.date_deadline, date(2026, 3, 3))
        self.assertEqual(activity.summary, "Every 4 months")
        self.assertEqual(activity.activity_type_id, self.call)
        self.assertEqual(visit.state, "planned")
        self.assertEqual(self.customer.with_user(self.salesman).visit_count, 1)

    def test_no_doubles(self):
        self._run_cron()
        self._run_cron()
        self.assertEqual(len(self._get_visits()), 1)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._get_visits().copy()
            self.env.flush_all()

    def test_far_away(self):
        """What no date can be reached with would stop the visits of all."""
        for vals in ({"lead_days": 2**31 - 1}, {"period_count": 10_000}):
            with (
                self.subTest(vals=vals),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.plan.write(vals)
                self.env.flush_all()

    def test_next_visit(self):
        self._run_cron()
        with freeze_time("2026-03-05 10:00:00"):
            self._get_visits().activity_id.action_done()
            self.assertEqual(self._get_visits().state, "done")
            self._run_cron()
            self.assertEqual(len(self._get_visits()), 1)
            self.assertFalse(self._get_visits().is_open)
            self.assertEqual(self._get_visits().date_done, date(2026, 3, 5))
        with freeze_time("2026-06-20 10:00:00"):
            self._run_cron()
            self.assertEqual(len(self._get_visits()), 1)
        with freeze_time("2026-06-22 10:00:00"):
            self._run_cron()
            # The 5th of July is a Sunday.
            self.assertEqual(self._get_visits()[1].date, date(2026, 7, 6))

    def test_count_of_the_button(self):
        """The plan counts the visits that its button shows: the planned ones."""
        self._run_cron()
        plan = self.plan.with_user(self.manager)
        self.assertEqual(plan.open_visit_count, 1)
        context = plan.action_open_visits()["context"]
        self.assertTrue(context["search_default_planned"])
        self._get_visits().activity_id.action_feedback("Seen")
        plan.invalidate_recordset()
        self.assertEqual(plan.open_visit_count, 0)

    def test_put_off(self):
        self._run_cron()
        self._get_visits().activity_id.date_deadline = date(2026, 3, 20)
        self._run_cron()
        self.assertEqual(self._get_visits().date, date(2026, 3, 20))

    def test_cancelled(self):
        """The visit that was not wanted comes a period later."""
        self._run_cron()
        self._get_visits().activity_id.unlink()
        self.assertEqual(self._get_visits().state, "cancelled")
        self._run_cron()
        self.assertEqual(len(self._get_visits()), 1)
        with freeze_time("2026-06-25 10:00:00"):
            self._run_cron()
            self.assertEqual(self._get_visits()[1].date, date(2026, 7, 3))

    def test_last_visit_elsewhere(self):
        """Activities and meetings count, on the people and the opportunities too."""
        contact = self.env["res.partner"].create(
            {"name": "Sylvie", "parent_id": self.customer.id}
        )
        contact.activity_schedule(
            activity_type_id=self.call.id, user_id=self.salesman.id
        ).action_done()
        self._run_cron()
        self.assertFalse(self._get_visits())
        met = self._new_customer("Met")
        deal = self._new_deal(self.equipment, partner_id=met.id)
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": deal.id,
                "start": "2026-02-16 09:00:00",
                "stop": "2026-02-16 10:00:00",
            }
        )
        meetings = self._new_plan(self.meeting)
        self._run_cron()
        self.assertEqual(self._get_visits(meetings).partner_id, self.customer)
        self.assertEqual(self._get_visits().partner_id, met)

    def test_planned_by_hand(self):
        self.customer.activity_schedule(
            activity_type_id=self.call.id,
            user_id=self.salesman.id,
            date_deadline=date(2026, 3, 10),
        )
        self._run_cron()
        self.assertFalse(self._get_visits())

    def test_only_open_deal(self):
        """On the deal, it counts as its next action."""
        deal = self._new_deal(self.equipment, partner_id=self.customer.id)
        self._new_deal(self.equipment, self.won, partner_id=self.customer.id)
        self._run_cron()
        self.assertEqual(self._get_visits().lead_id, deal)
        self.assertEqual(deal.activity_ids, self._get_visits().activity_id)
        self.assertFalse(self.customer.activity_ids)
        self.assertEqual(deal.next_action_state, "planned")

    def test_open_deal_that_the_visitor_may_not_read(self):
        """Neither the visit nor its activity names the deal of somebody else."""
        self.equipment_team.member_ids -= self.salesman
        deal = self._new_deal(
            self.equipment, partner_id=self.customer.id, user_id=self.colleague.id
        )
        self.assertFalse(deal.with_user(self.salesman).has_access("read"))
        self._run_cron()
        visit = self._get_visits()
        self.assertEqual(visit.user_id, self.salesman)
        self.assertFalse(visit.lead_id)
        self.assertEqual(self.customer.activity_ids, visit.activity_id)

    def test_customer_that_the_visitor_may_not_read(self):
        """The person of the plan visits it, or nobody."""
        self.plan.company_id = False
        abroad = self._new_customer("Abroad", company_id=self.other_company.id)
        self._run_cron()
        self.assertEqual(self._get_visits().partner_id, self.customer)
        self.assertFalse(abroad.activity_ids)
        self.manager.company_ids += self.other_company
        self._run_cron()
        self.assertEqual(abroad.activity_ids.user_id, self.manager)

    def test_several_open_deals(self):
        for _rank in range(2):
            self._new_deal(self.equipment, partner_id=self.customer.id)
        self._run_cron()
        self.assertFalse(self._get_visits().lead_id)
        self.assertEqual(self.customer.activity_ids, self._get_visits().activity_id)

    def test_spread(self):
        customers = [self._new_customer(f"C{rank}") for rank in range(10)]
        self.plan.daily_limit = 3
        self._run_cron()
        days = Counter(self._get_visits().mapped("date"))
        self.assertEqual(sum(days.values()), len(customers) + 1)
        self.assertEqual(
            days,
            {
                date(2026, 3, 3): 3,
                date(2026, 3, 4): 3,
                date(2026, 3, 5): 3,
                date(2026, 3, 6): 2,
            },
        )
        # What is planned counts in the next run.
        for rank in range(2):
            self._new_customer(f"D{rank}")
        self._run_cron()
        days = Counter(self._get_visits().mapped("date"))
        self.assertEqual(days[date(2026, 3, 6)], 3)
        self.assertEqual(days[date(2026, 3, 9)], 1)

    def test_calendar(self):
        """A meeting is booked when its time is free, an absence is respected."""
        plan = self._new_plan(self.meeting, name="Meet", duration=2)
        self.plan.active = False
        events = self.env["calendar.event"].with_user(self.salesman)
        events.create(
            {
                "name": "Fair",
                "allday": True,
                "start": "2026-03-03",
                "stop": "2026-03-04",
            }
        )
        # From 8 to 10 and from 11 to 12 in Paris.
        for start, stop in (("07", "09"), ("10", "11")):
            events.create(
                {
                    "name": "Busy",
                    "start": f"2026-03-05 {start}:00:00",
                    "stop": f"2026-03-05 {stop}:00:00",
                }
            )
        self._run_cron()
        visit = self._get_visits(plan)
        meeting = visit.activity_id.calendar_event_id
        self.assertEqual(visit.date, date(2026, 3, 5))
        self.assertEqual(meeting.start, datetime(2026, 3, 5, 12))
        self.assertEqual(meeting.stop, datetime(2026, 3, 5, 14))
        self.assertEqual(meeting.user_id, self.salesman)
        self.assertEqual(meeting.partner_ids, self.salesman.partner_id)
        self.assertEqual(meeting.activity_ids, visit.activity_id)
        self.assertEqual(len(self.customer.activity_ids), 1)

    def test_responsible(self):
        self.customer.user_id = False
        self._run_cron()
        self.assertEqual(self._get_visits().user_id, self.manager)

    def test_people_of_one_company(self):
        self.env["res.partner"].create(
            {
                "name": "Sylvie",
                "parent_id": self.customer.id,
                "category_id": self.gold.ids,
            }
        )
        self._run_cron()
        self.assertEqual(self._get_visits().partner_id, self.customer)

    def test_child_category(self):
        child = self.env["res.partner.category"].create(
            {"name": "V. GOLD plus", "parent_id": self.gold.id}
        )
        other = self._new_customer("Child", category_id=child.ids)
        self._run_cron()
        self.assertEqual(self._get_visits().partner_id, self.customer | other)

    def test_companies(self):
        foreign = self._new_customer(
            "Foreign", company_id=self.other_company.id, user_id=self.foreigner.id
        )
        plan = self._new_plan(
            self.meeting, company_id=self.other_company.id, user_id=self.foreigner.id
        )
        self._run_cron()
        self.assertEqual(self._get_visits().partner_id, self.customer)
        visits = self._get_visits(plan)
        self.assertEqual(visits.partner_id, foreign | self.customer)
        # The salesperson does not work for that company.
        self.assertEqual(visits.user_id, self.foreigner)
        own = self.env["crm.visit"].with_user(self.manager).search([])
        self.assertFalse(own & visits)
        self.assertIn(self._get_visits(), own)

    def test_roles(self):
        self._run_cron()
        visits = self._get_visits()
        search = self.env["crm.visit"].with_user
        self.assertTrue(search(self.salesman).search([]) & visits)
        self.assertFalse(search(self.colleague).search([]) & visits)
        self.assertTrue(search(self.all_documents).search([]) & visits)
        with self.assertRaises(AccessError):
            self.plan.with_user(self.salesman).name = "Mine"
        self.plan.with_user(self.manager).name = "Ours"

    def test_interrupted(self):
        customers = self.customer
        for rank in range(4):
            customers |= self._new_customer(f"C{rank}")
        left = iter([1, 1, 0] + [1] * 20)
        with (
            patch(
                "odoo.addons.sales_pipeline_plus.models.automation.crm_visit_plan_cron.BATCH_SIZE",
                2,
            ),
            patch.object(
                type(self.env["ir.cron"]),
                "_commit_progress",
                lambda *args, **kwargs: next(left),
            ),
        ):
            self.env["crm.visit.plan"].search([]).filtered(
                lambda plan: plan != self.plan
            ).active = False
            self.env["crm.visit.plan"]._cron_plan_visits()
            self.assertEqual(len(self._get_visits()), 4)
            self.assertEqual(self.plan.cron_cursor, customers[3].id)
            self.env["crm.visit.plan"]._cron_plan_visits()
        self.assertEqual(self._get_visits().partner_id, customers)
        self.assertFalse(self.plan.cron_cursor)

    def test_mass(self):
        """More customers, not more queries."""
        self.plan.daily_limit = 20
        counts = []
        for number in (3, 5, 40):
            for rank in range(number):
                self._new_customer(f"M{number}-{rank}")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run_cron()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(self._get_visits()), 49)
        self.assertLessEqual(counts[2], counts[1] + 3)

    def test_agenda(self):
        monday = datetime(2026, 3, 2)
        working = [
            (
                monday + timedelta(days=day, hours=9),
                monday + timedelta(days=day, hours=11),
            )
            for day in range(2)
        ]
        busy = [(working[0][0], working[0][0] + timedelta(minutes=90))]
        agenda = Agenda(working, busy)
        self.assertEqual(agenda.book(TODAY, 3, 1)[0], working[1][0])
        self.assertEqual(
            agenda.book(TODAY, 3, 0.5)[0], working[0][0] + timedelta(minutes=90)
        )
        self.assertIsNone(agenda.book(TODAY, 1, 0.5))
        self.assertIsNone(agenda.book(TODAY + relativedelta(days=2), 9, 0.5))
