from datetime import date

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, CareCase


@tagged("post_install", "-at_install")
class TestCareJob(CareCase):
    """Who is in charge is reminded, once per period."""

    def _get_activities(self, company):
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", company.ids)]
        )

    def test_once_per_period(self):
        company, _person = self._new_customer()
        self._write(company, 31)
        good, _person = self._new_customer()
        self._write(good, 3)
        self._remind()
        activity = self._get_activities(company)
        self.assertEqual(activity.user_id, self.salesman)
        self.assertEqual(activity.summary, "No contact for 31 days")
        self.assertEqual(activity.date_deadline, NOW.date())
        self.assertEqual(company.care_reminder_date, NOW.date())
        self.assertFalse(self._get_activities(good))
        self._remind()
        self.assertEqual(self._get_activities(company), activity)
        # Nobody did it: a period later it is still open, no second one is planned.
        self._on("2026-07-02 08:00:00")
        self.assertEqual(self._get_care(company)[0], "neglected")
        self._remind()
        self.assertEqual(self._get_activities(company), activity)
        # It was taken away, so that a new one comes, a period after the last.
        activity.unlink()
        self._on("2026-07-03 08:00:00")
        self._remind()
        self.assertEqual(len(self._get_activities(company)), 1)

    def test_within_the_period(self):
        company, _person = self._new_customer()
        self._remind()
        self._get_activities(company).unlink()
        self._on("2026-06-30 08:00:00")
        self._remind()
        self.assertFalse(self._get_activities(company))
        self._on("2026-07-01 08:00:00")
        self._remind()
        self.assertEqual(len(self._get_activities(company)), 1)

    def test_done_is_care(self):
        company, _person = self._new_customer()
        self._remind()
        self._get_activities(company).with_user(self.salesman).action_feedback("Hi")
        self.assertEqual(self._get_care(company), ("good", "call", 0))

    def test_who_is_in_charge(self):
        own, _person = self._new_customer()
        of_deal, person = self._new_customer(user_id=False)
        self._new_deal(self.equipment, self.offer, partner_id=person.id)
        deal = self._new_deal(self.spares, self.offer, partner_id=person.id)
        self.env["mail.message"].search(
            [("model", "=", "crm.lead"), ("res_id", "=", deal.id)]
        ).unlink()
        nobodys, _person = self._new_customer(user_id=False)
        self._remind()
        self.assertEqual(self._get_activities(own).user_id, self.salesman)
        self.assertEqual(self._get_activities(of_deal).user_id, self.colleague)
        self.assertFalse(self._get_activities(nobodys))
        self.assertFalse(nobodys.care_reminder_date)
        self.gold.contact_user_id = self.manager
        self._remind()
        self.assertEqual(self._get_activities(nobodys).user_id, self.manager)

    def test_who_can_do_nothing(self):
        """Who does not work in sales is not asked, the next one is."""
        clerk = self._new_user("clerk", "base.group_user")
        owned, _person = self._new_customer(user_id=clerk.id)
        of_deal, person = self._new_customer(user_id=clerk.id)
        self._new_deal(self.spares, self.offer, partner_id=person.id)
        self.env["mail.message"].search([("model", "=", "crm.lead")]).unlink()
        self.gold.contact_user_id = self.manager
        self._remind()
        self.assertEqual(self._get_activities(owned).user_id, self.manager)
        self.assertEqual(self._get_activities(of_deal).user_id, self.colleague)

    def test_as_the_one_in_charge(self):
        """What a colleague did on a hidden deal is no care that they know of."""
        company, person = self._new_customer()
        deal = self._new_deal(self.spares, self.offer, partner_id=person.id)
        self._write(deal, 1)
        self.assertEqual(self._get_care(company, self.manager)[0], "good")
        self._remind()
        self.assertTrue(self._get_activities(company))
        foreign, _person = self._new_customer(company_id=self.other_company.id)
        self._remind()
        self.assertFalse(self._get_activities(foreign))

    def test_only_the_list(self):
        company, _person = self._new_customer()
        self.gold.contact_reminder = "none"
        self._remind()
        self.assertFalse(self._get_activities(company))
        self.assertFalse(company.care_reminder_date)

    def test_mail(self):
        self.gold.contact_reminder = "mail"
        company, _person = self._new_customer("C. <Mail>")
        other, _person = self._new_customer("C. Other")
        self._write(other, 33)
        self._remind()
        message = self.env["mail.message"].search(
            [("partner_ids", "=", self.salesman.partner_id.id)], order="id desc"
        )[:1]
        self.assertEqual(message.subject, "Neglected customers: 2")
        self.assertIn("C. &lt;Mail&gt;", message.body)
        self.assertIn("No contact for 33 days", message.body)
        self.assertFalse(self._get_activities(company + other))
        count = self.env["mail.message"].search_count([])
        self._remind()
        self.assertEqual(self.env["mail.message"].search_count([]), count)

    def test_limit_of_a_day(self):
        """The longest neglected ones first, the others the next day."""
        companies = self.env["res.partner"]
        for number in range(23):
            company, _person = self._new_customer(f"C. {number}")
            self._write(company, 40 + number)
            companies += company
        self._remind()
        reminded = companies.filtered("care_reminder_date")
        self.assertEqual(reminded, companies[3:])
        self._on("2026-06-02 08:00:00")
        self._remind()
        self.assertTrue(all(companies.mapped("care_reminder_date")))

    def test_once_a_day(self):
        """Whatever the runs: the others wait until the next day."""
        for number in range(23):
            self._new_customer(f"C. {number}")
        self._remind()
        count = self.env["mail.activity"].search_count([])
        self._on("2026-06-01 20:00:00")
        self._remind()
        self.assertEqual(self.env["mail.activity"].search_count([]), count)
        self._on("2026-06-01 22:30:00")
        self._remind()
        self.assertEqual(self.env["mail.activity"].search_count([]), count + 3)

    def test_once_a_day_in_far_zones(self):
        """A period ends where the one in charge is, and so does a day."""
        self.gold.write({"contact_reminder": "mail", "contact_days": 1})
        for zone in ("Pacific/Honolulu", "Pacific/Kiritimati"):
            self._on("2026-06-01 08:00:00")
            self.salesman.tz = zone
            company, _person = self._new_customer(f"C. {zone}")
            reminded = []
            for moment in (
                "2026-06-01 08:00:00",
                "2026-06-01 09:30:00",
                "2026-06-01 10:30:00",
                "2026-06-01 23:00:00",
                "2026-06-02 09:30:00",
            ):
                self._on(moment)
                count = self.env["mail.message"].search_count([])
                self._remind()
                reminded.append(self.env["mail.message"].search_count([]) - count)
            # Midnight is at 10 o'clock in both.
            self.assertEqual(reminded, [1, 0, 1, 0, 0], zone)
            company.active = False

    def test_day_of_the_one_in_charge(self):
        self.salesman.tz = "Pacific/Kiritimati"
        company, _person = self._new_customer()
        self._on("2026-06-01 12:00:00")
        self._remind()
        self.assertEqual(company.care_reminder_date, date(2026, 6, 2))
        self.assertEqual(self._get_activities(company).date_deadline, date(2026, 6, 2))

    @mute_logger("odoo.addons.sales_pipeline_plus.models.care.res_partner_care_job")
    def test_one_that_fails(self):
        """What fails for one person does not keep the others from being reminded."""
        company, _person = self._new_customer()
        other, _person = self._new_customer(user_id=self.colleague.id)
        users = type(self.env["res.users"])
        remind = users._remind_of_customers

        def fail(user, customers):
            if user == self.salesman:
                raise ValueError
            return remind(user, customers)

        self.patch(users, "_remind_of_customers", fail)
        self._remind()
        self.assertFalse(company.care_reminder_date)
        self.assertEqual(other.care_reminder_date, NOW.date())
        self.assertEqual(self._get_activities(other).date_deadline, NOW.date())
