from datetime import date, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common_rule import START, ClockCase

TODAY = date(2026, 3, 2)
TEXT = "Hello"


@tagged("post_install", "-at_install")
class TestActivityOverdue(ClockCase):
    """An activity of a type is overdue by a number of days, where its person is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._new_rule(
            "activity_overdue",
            name="Ask",
            event_activity_type_id=cls.call.id,
            event_days=3,
        )

    def _plan(self, deal, days, kind=None, user=None):
        """Plan an activity that is due a number of days from today."""
        return deal.activity_schedule(
            activity_type_id=(kind or self.call).id,
            summary="Own",
            user_id=(user or self.salesman).id,
            date_deadline=TODAY + timedelta(days=days),
        )

    def test_days(self):
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment) for _rank in range(3)]
        )
        for deal, days in zip(deals, (-4, -3, -2), strict=True):
            self._plan(deal, days)
        self._run_rules()
        for deal, planned in zip(deals, (["Ask"], ["Ask"], []), strict=True):
            self.assertPlanned(deal, "Own", *planned)
        self._run_rules()
        self.assertPlanned(deals[0], "Own", "Ask")
        self._at(START + timedelta(days=1))
        self._run_rules()
        self.assertPlanned(deals[2], "Own", "Ask")

    def test_far_time_zones(self):
        """At 20 o'clock in London it is the 3rd in Auckland, and still the 2nd in Los
        Angeles, where the day before came later."""
        self.salesman.tz = "Pacific/Auckland"
        self.manager.tz = "America/Los_Angeles"
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment) for _rank in range(2)]
        )
        self._plan(deals[0], -2)
        self._plan(deals[1], -2, user=self.manager)
        self._at("2026-03-02 20:00:00")
        self._run_rules()
        self.assertPlanned(deals[0], "Own", "Ask")
        self.assertPlanned(deals[1], "Own")
        self._at("2026-03-03 07:00:00")
        self._run_rules()
        self.assertPlanned(deals[1], "Own")
        self._at("2026-03-03 09:00:00")
        self._run_rules()
        self.assertPlanned(deals[1], "Own", "Ask")

    def test_type(self):
        other = self.env["mail.activity.type"].create({"name": "R. Other"})
        deal = self._new_deal(self.equipment)
        self._plan(deal, -9, kind=other)
        self._run_rules()
        self.assertPlanned(deal, "Own")
        self.rule.event_activity_type_id = False
        self._run_rules()
        self.assertPlanned(deal, "Own", "Ask")
        # What was planned for that is not overdue in turn.
        self._at(START + timedelta(days=30))
        self._run_rules()
        self.assertPlanned(deal, "Own", "Ask")

    def test_reason_gone(self):
        """Done, put off or cancelled: nobody asks any more."""
        done, put_off, cancelled, kept = (
            self._new_deal(self.equipment) for _rank in range(4)
        )
        activities = [self._plan(deal, -5) for deal in (done, put_off, cancelled, kept)]
        self._run_rules()
        activities[0].action_done()
        activities[1].date_deadline = TODAY + timedelta(days=1)
        activities[2].unlink()
        self._run_rules()
        self.assertPlanned(done, "Own")
        self.assertPlanned(put_off, "Own")
        self.assertPlanned(cancelled)
        self.assertPlanned(kept, "Own", "Ask")
        self.assertIn(
            "No longer needed, withdrawn: Ask", "".join(done.message_ids.mapped("body"))
        )
        # Put off and overdue again.
        self._at(START + timedelta(days=4))
        self._run_rules()
        self.assertPlanned(put_off, "Own", "Ask")

    def test_rule_changed(self):
        """What it has planned stays to be done: it would not be planned again."""
        deal = self._new_deal(self.equipment)
        own = self._plan(deal, -5)
        self._run_rules()
        self.rule.event_days = 10
        self._run_rules()
        self.assertPlanned(deal, "Own", "Ask")
        self.rule.event = "first_contact"
        self._run_rules()
        self.assertPlanned(deal, "Own", "Ask")
        self.rule.write({"event": "activity_overdue", "event_days": 10})
        own.action_done()
        self._run_rules()
        self.assertPlanned(deal, "Own")

    def test_asleep(self):
        """What sleeps is left alone, and keeps what was planned before."""
        deal, other = self._new_deal(self.equipment), self._new_deal(self.equipment)
        self._plan(deal, -5)
        self._run_rules()
        self._plan(other, -5)
        reason = self.env["crm.hold.reason"].create({"name": "R. Budget"})
        (deal | other)._put_on_hold(date(2026, 6, 1), reason)
        self._run_rules()
        names = self._get_activities(deal | other).filtered("pipeline_rule_id")
        self.assertEqual(names.mapped("summary"), ["Ask"])

    def test_leader(self):
        """For the team leader, after a week, again a week later."""
        self.equipment_team.user_id = self.manager
        self.rule.write({"event_days": 7, "responsible": "leader"})
        deal = self._new_deal(self.equipment)
        self._plan(deal, -7)
        self._run_rules()
        asked = self._get_activities(deal).filtered("pipeline_rule_id")
        self.assertEqual(asked.user_id, self.manager)

    def test_not_again(self):
        """A second one that is overdue meanwhile is passed over."""
        self.rule.repeat_days = 7
        deal = self._new_deal(self.equipment)
        self._plan(deal, -4)
        self._plan(deal, -3)
        self._run_rules()
        self.assertPlanned(deal, "Own", "Own", "Ask")
        self._at(START + timedelta(days=8))
        self._run_rules()
        self.assertPlanned(deal, "Own", "Own", "Ask")


@tagged("post_install", "-at_install")
class TestQuotationExpired(ClockCase):
    """The quotation of an opportunity has expired."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._new_rule("quotation_expired", name="Renew")
        cls.partner = cls.env["res.partner"].create({"name": "Morel"})
        cls.product = cls.env["product.product"].create({"name": "Lathe"})

    def _new_order(self, deal, day, **vals):
        return (
            self.env["sale.order"]
            .with_company(self.company)
            .create(
                {
                    "partner_id": self.partner.id,
                    "opportunity_id": deal.id,
                    "company_id": self.company.id,
                    "user_id": self.salesman.id,
                    "validity_date": day,
                    "order_line": [Command.create({"product_id": self.product.id})],
                    **vals,
                }
            )
        )

    def test_expired(self):
        deal = self._new_deal(self.equipment)
        order = self._new_order(deal, "2026-03-02")
        order.action_quotation_sent()
        self._run_rules()
        self.assertPlanned(deal)
        self._at(START + timedelta(days=1))
        self._run_rules()
        self.assertPlanned(deal, "Renew")
        self._run_rules()
        self.assertPlanned(deal, "Renew")
        # It is valid again, and expires again.
        order.validity_date = "2026-03-10"
        self._run_rules()
        self.assertPlanned(deal)
        self._at("2026-03-11 10:00:00")
        self._run_rules()
        self.assertPlanned(deal, "Renew")

    def test_reason_gone(self):
        confirmed, cancelled, replaced = (
            self._new_deal(self.equipment) for _rank in range(3)
        )
        orders = [
            self._new_order(deal, "2026-03-01")
            for deal in (confirmed, cancelled, replaced)
        ]
        self._run_rules()
        self.assertPlanned(confirmed | cancelled | replaced, *["Renew"] * 3)
        orders[0].action_confirm()
        orders[1]._action_cancel()
        self._new_order(replaced, "2026-04-01")
        self._run_rules()
        self.assertPlanned(confirmed | cancelled | replaced)

    def test_of_several(self):
        """The last one to expire, and none while another one is valid."""
        deal, other = self._new_deal(self.equipment), self._new_deal(self.equipment)
        for day in ("2026-02-01", "2026-02-10", "2026-02-10"):
            self._new_order(deal, day)
        self._new_order(other, "2026-02-01")
        self._new_order(other, False)
        self._run_rules()
        self.assertPlanned(deal, "Renew")
        self.assertPlanned(other)

    def test_where_the_salesperson_is(self):
        self.salesman.tz = "Pacific/Auckland"
        deal, other = (
            self._new_deal(self.equipment, user_id=user.id, user=self.manager)
            for user in (self.salesman, self.manager)
        )
        for each in (deal, other):
            self._new_order(each, "2026-03-02")
        self._at("2026-03-02 20:00:00")
        self._run_rules()
        self.assertPlanned(deal, "Renew")
        self.assertPlanned(other)


@tagged("post_install", "-at_install")
class TestFirstContact(ClockCase):
    """Nobody has been in contact days after the opportunity was created."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._new_rule("first_contact", name="Get in touch", event_days=2)

    def _new_since(self, moment=START, **vals):
        """Make a deal that was created at a moment."""
        deal = self._new_deal(self.equipment, **vals)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", (moment, deal.id)
        )
        self.env.invalidate_all()
        return deal

    def test_days(self):
        deal = self._new_since()
        for days, planned in ((0, []), (1, []), (2, ["Get in touch"])):
            self._at(START + timedelta(days=days))
            self._run_rules()
            self.assertPlanned(deal, *planned)
        self._at(START + timedelta(days=40))
        self._run_rules()
        self.assertPlanned(deal, "Get in touch")

    def test_far_time_zones(self):
        """It was created on the 2nd at noon in London: on the 3rd in Auckland."""
        self.salesman.tz = "Pacific/Auckland"
        late = self._new_since("2026-03-02 12:00:00")
        self._at("2026-03-04 10:00:00")
        self._run_rules()
        self.assertPlanned(late)
        self._at("2026-03-04 11:30:00")
        self._run_rules()
        self.assertPlanned(late, "Get in touch")
        self.salesman.tz = "America/Los_Angeles"
        # In Los Angeles the 4th begins at 8 o'clock in London.
        deal = self._new_since("2026-03-02 12:00:00")
        self._at("2026-03-04 07:00:00")
        self._run_rules()
        self.assertPlanned(deal)
        self._at("2026-03-04 08:30:00")
        self._run_rules()
        self.assertPlanned(deal, "Get in touch")

    def test_what_counts(self):
        called, written, mailed, met = (self._new_since() for _rank in range(4))
        noted, answered, planned = (self._new_since() for _rank in range(3))
        self._new_meeting(met)
        called.activity_schedule(activity_type_id=self.call.id).action_done()
        written.with_user(self.salesman).message_post(
            body=TEXT,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        mailed.message_post(
            body=TEXT,
            message_type="email",
            author_id=self.salesman.partner_id.id,
            subtype_xmlid="mail.mt_comment",
        )
        noted.with_user(self.salesman).message_post(body=TEXT)
        customer = self.env["res.partner"].create({"name": "Ann"})
        answered.message_post(
            body=TEXT,
            message_type="email",
            author_id=customer.id,
            subtype_xmlid="mail.mt_comment",
        )
        planned.activity_schedule(
            activity_type_id=self.call.id, summary="Own", user_id=self.salesman.id
        )
        self._at(START + timedelta(days=5))
        self._run_rules()
        for deal in (written, mailed, met):
            self.assertPlanned(deal)
        self.assertFalse(self._get_activities(called).filtered("pipeline_rule_id"))
        self.assertPlanned(noted, "Get in touch")
        self.assertPlanned(answered, "Get in touch")
        self.assertPlanned(planned, "Own", "Get in touch")

    def _new_meeting(self, deal):
        self.env["calendar.event"].create(
            {
                "name": "Visit",
                "opportunity_id": deal.id,
                "start": START,
                "stop": fields.Datetime.add(START, hours=1),
            }
        )

    def test_from_the_mail_gateway(self):
        """What a customer writes is no contact of ours."""
        deal = self.env["crm.lead"].browse(
            self.env["mail.thread"].message_process(
                "crm.lead",
                "From: Ann <ann@example.com>\nTo: sales@example.com\n"
                "Message-Id: <events.1@example.com>\n"
                "Subject: An offer, please\n\nYes",
                custom_values=self._prepare_deal(self.equipment),
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s", (START, deal.id)
        )
        self._at(START + timedelta(days=2))
        self._run_rules()
        self.assertPlanned(deal, "Get in touch")

    def test_converted(self):
        """A lead that becomes an opportunity counts from then on."""
        lead = self._new_deal(type="lead")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-01-01' WHERE id = %s", (lead.id,)
        )
        self.env.invalidate_all()
        lead.convert_opportunity(False)
        self._run_rules()
        self.assertPlanned(lead)
        self._at(START + timedelta(days=2))
        self._run_rules()
        self.assertPlanned(lead, "Get in touch")

    def test_reason_gone(self):
        deal, other = self._new_since(), self._new_since()
        self._at(START + timedelta(days=3))
        self._run_rules()
        self.assertPlanned(deal | other, *["Get in touch"] * 2)
        deal.with_user(self.salesman).message_post(
            body=TEXT, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self._run_rules()
        self.assertPlanned(deal)
        self.assertPlanned(other, "Get in touch")

    def test_in_batches(self):
        """As many queries for many as for few, besides those for each batch."""
        counts = []
        for number in (20, 200):
            deals = self.env["crm.lead"].create(
                [self._prepare_deal(self.equipment) for _rank in range(number)]
            )
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = '2026-01-05' WHERE id = ANY(%s)",
                (deals.ids,),
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run_rules()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(self._get_activities(deals)), number)
        self.assertLessEqual(counts[1], counts[0] + 4)

    def test_says_when(self):
        self.assertEqual(self.rule.event_summary, "No contact 2 days after creation")
