from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import NOW, CareCase

NEGLECTED = ("neglected", False, None)


@tagged("post_install", "-at_install")
class TestCare(CareCase):
    """The last contact with a customer, of any kind, and what is planned."""

    def test_nothing_is_turned_on(self):
        company, person = self._new_customer(category_id=self.plain.ids)
        for partner in (company, person):
            self.assertEqual(self._get_care(partner), (False, False, None))
        self.assertFalse(
            self.env["res.partner.category"].create({"name": "New"}).contact_days
        )

    def test_category_needs_no_salesperson(self):
        user = new_test_user(self.env, "care_tags", "base.group_partner_manager")
        tag = self.env["res.partner.category"].with_user(user).create({"name": "Tag"})
        self.assertEqual(tag.sudo().contact_reminder, "activity")
        with self.assertRaises(AccessError):
            tag.contact_days = 3

    @mute_logger("odoo.sql_db")
    def test_days_within_reach(self):
        """Neither below 0 nor so many that no date is that long ago, which would break
        the list of the customers of all."""
        for days in (-1, 36_501, 2**31 - 1):
            with (
                self.subTest(days=days),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.gold.contact_days = days
                self.env.flush_all()
        self.gold.contact_days = 36_500
        company, _person = self._new_customer()
        self.assertEqual(self._get_care(company)[0], "good")

    def test_fewest_days(self):
        """Of the company, its people and the tags above."""
        weekly = self.gold.create({"name": "Weekly", "contact_days": 7})
        below = self.gold.create({"name": "Below", "parent_id": weekly.id})
        company, person = self._new_customer()
        self.assertEqual(company.with_user(self.salesman).care_days, 30)
        person.category_id = below
        self.env.invalidate_all()
        self.assertEqual(company.with_user(self.salesman).care_days, 7)
        self.assertEqual(person.with_user(self.salesman).care_days, 7)

    def test_messages(self):
        """Of a person or by e-mail: on the company, its people, deals and orders."""
        company, person = self._new_customer()
        deal = self._new_deal(self.equipment, self.offer, partner_id=person.id)
        self.env["mail.message"].search(
            [("model", "=", "crm.lead"), ("res_id", "=", deal.id)]
        ).unlink()
        self.assertEqual(self._get_care(company), NEGLECTED)
        note = self.env.ref("mail.mt_note").id
        self._write(company, 5, "comment", subtype_id=note, is_internal=True)
        self._write(company, 5, "notification")
        robot = self.env.ref("base.partner_root").id
        self._write(company, 5, "comment", author_id=robot)
        self._write(company, -1)
        self.assertEqual(self._get_care(company), NEGLECTED)
        self._write(company, 30)
        self.assertEqual(self._get_care(company), ("neglected", "message", 30))
        self._write(person, 29, "comment")
        self.assertEqual(self._get_care(company), ("good", "message", 29))
        self.assertEqual(self._get_care(person), ("good", "message", 29))
        self._write(deal, 20, "email_outgoing", author_id=robot)
        self.assertEqual(self._get_care(company), ("good", "message", 20))
        order = self.env["sale.order"].create(
            {"partner_id": person.id, "company_id": self.company.id}
        )
        self._write(order, 10)
        self.assertEqual(self._get_care(company, self.manager)[2], 10)

    def test_kinds(self):
        company, person = self._new_customer()
        call, meeting, todo = (
            self.env.ref(f"mail.mail_activity_data_{name}")
            for name in ("call", "meeting", "todo")
        )
        note = self.env.ref("mail.mt_activities").id
        for days, kind, name in (
            (28, todo, "activity"),
            (27, call, "call"),
            (26, meeting, "meeting"),
        ):
            self._write(
                person,
                days,
                "notification",
                subtype_id=note,
                mail_activity_type_id=kind.id,
            )
            self.assertEqual(self._get_care(company), ("good", name, days))
        order = self.env["sale.order"].create(
            {
                "partner_id": company.id,
                "company_id": self.company.id,
                "user_id": self.salesman.id,
            }
        )
        order.write({"state": "sale", "date_order": NOW - timedelta(days=25)})
        self.assertEqual(self._get_care(company), ("good", "order", 25))
        self._meet(NOW - timedelta(days=24), person)
        self.assertEqual(self._get_care(company), ("good", "meeting", 24))
        deal = self._new_deal(self.equipment, self.offer, partner_id=person.id)
        self._meet(NOW - timedelta(days=23), opportunity_id=deal.id)
        self.assertEqual(self._get_care(company), ("good", "meeting", 23))
        activity = person.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.salesman.id
        )
        activity.with_user(self.salesman).action_feedback("Reached")
        self.assertEqual(self._get_care(company), ("good", "call", 0))

    def test_call_without_answer_is_none(self):
        company, person = self._new_customer()
        self.equipment.call_cadence = "1"
        deal = self._new_deal(self.equipment, self.offer, partner_id=person.id)
        call = deal.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=NOW.date(),
            user_id=self.salesman.id,
        )
        call.action_log_unanswered_call()
        self.assertEqual(self._get_care(company), ("planned", False, None))

    def test_new_customer(self):
        for age, state in ((29, "good"), (30, "neglected")):
            company, _person = self._new_customer(age=age)
            self.assertEqual(self._get_care(company), (state, False, None))

    def test_planned(self):
        """An activity of today or a meeting to come, not what is overdue."""
        company, person = self._new_customer()
        activity = company.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=NOW.date() - timedelta(days=1),
            user_id=self.salesman.id,
        )
        self.assertEqual(self._get_care(company), NEGLECTED)
        activity.date_deadline = NOW.date()
        self.assertEqual(self._get_care(company)[0], "planned")
        self.assertEqual(company.with_user(self.salesman).care_planned_date, NOW.date())
        activity.activity_type_id = self.env.ref(
            "sales_pipeline_plus.mail_activity_type_approval"
        )
        self.assertEqual(self._get_care(company), NEGLECTED, "It is within the house.")
        activity.unlink()
        meeting = self._meet(NOW + timedelta(days=3), person)
        self.assertEqual(self._get_care(company)[0], "planned")
        meeting.active = False
        self.assertEqual(self._get_care(company), NEGLECTED)

    def test_roles(self):
        """A date tells nobody of a deal that is hidden from them."""
        company, person = self._new_customer()
        deal = self._new_deal(self.equipment, self.offer, partner_id=person.id)
        self._write(deal, 3)
        deal.activity_schedule("mail.mail_activity_data_call", user_id=self.salesman.id)
        for user in (self.salesman, self.all_documents, self.manager):
            self.assertEqual(self._get_care(company, user)[::2], ("good", 3))
            self.assertTrue(company.with_user(user).care_planned_date)
        self.assertEqual(self._get_care(company, self.colleague), NEGLECTED)
        self.assertFalse(company.with_user(self.colleague).care_planned_date)
        self.assertEqual(self._get_care(company, self.foreigner), NEGLECTED)
        deal.collaborator_ids = self.colleague
        self.assertEqual(self._get_care(company, self.colleague)[2], 3)
        outsider = new_test_user(self.env, "care_outsider", "base.group_user")
        with self.assertRaises(AccessError):
            company.with_user(outsider).care_state  # noqa: B018
        with self.assertRaises(AccessError):
            company.with_user(outsider).search([("care_state", "=", "good")])

    def test_hidden_company(self):
        company, _person = self._new_customer(company_id=self.other_company.id)
        partners = self.env["res.partner"].with_user(self.manager)
        self.assertFalse(
            partners.search([("id", "=", company.id), ("care_state", "!=", False)])
        )

    def test_time_zones(self):
        """Near midnight the days differ, on display and in the search."""
        company, _person = self._new_customer()
        self._write(company, 29)
        for zone in ("Pacific/Kiritimati", "Pacific/Honolulu", "Europe/Paris"):
            care = self._get_care(company.with_context(tz=zone))
            self.assertEqual(care, ("good", "message", 29), zone)
        self._on("2026-06-01 12:30:00")
        for zone, care in (
            ("Europe/Paris", ("good", "message", 29)),
            ("Pacific/Kiritimati", ("neglected", "message", 30)),
            ("Pacific/Honolulu", ("neglected", "message", 30)),
        ):
            found = self._get_care(company.with_context(tz=zone))
            self.assertEqual(found, care, zone)

    def test_list(self):
        """What is sorted and grouped is what is shown."""
        first, _person = self._new_customer("C. A")
        second, _person = self._new_customer("C. B")
        third, _person = self._new_customer("C. C")
        self._write(first, 40)
        self._write(second, 50)
        self._write(third, 2)
        partners = self.env["res.partner"].with_user(self.salesman)
        domain = [("id", "in", (first + second + third).ids)]
        self.assertEqual(
            partners.search(domain, order="care_days_since desc").ids,
            (second + first + third).ids,
        )
        groups = dict(partners._read_group(domain, ["care_state"], ["id:recordset"]))
        self.assertEqual(groups["neglected"], first + second)
        self.assertEqual(groups["good"], third)
        action = self.env.ref("sales_pipeline_plus.res_partner_care_action")
        found = partners.search(
            [("care_state", "!=", False), *domain, ("care_days_since", ">", 45)]
        )
        self.assertEqual(found, second)
        self.assertIn("care_state", action.domain)

    def test_query_count(self):
        companies = self.env["res.partner"]
        for number in range(8):
            companies += self._new_customer(f"C. {number}")[0]

        def count(partners):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            partners.mapped("care_state")
            return self.env.cr.sql_log_count - before

        companies = companies.with_user(self.salesman)
        count(companies)
        self.assertEqual(count(companies[:1]), count(companies))
