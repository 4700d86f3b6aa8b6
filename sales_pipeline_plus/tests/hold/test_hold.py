from datetime import date, datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import HoldCase


@tagged("post_install", "-at_install")
class TestHold(HoldCase):
    """Putting on hold, on every way, and who may."""

    def test_put_on_hold(self):
        deal = self._new_deal(self.equipment, self.offer, date_deadline="2026-07-01")
        self._hold(deal, user=self.salesman)
        self.assertEqual(deal.deal_status, "hold")
        self.assertEqual(deal.date_hold, datetime(2026, 6, 1, 8))
        self.assertEqual(deal.date_wake_up, date(2026, 9, 1))
        self.assertEqual(deal.hold_reason_id, self.reason)
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual(deal.probability, 30)
        self.assertRecordValues(
            self._get_holds(deal),
            [
                {
                    "date_start": datetime(2026, 6, 1, 8),
                    "date_end": False,
                    "outcome": "open",
                    "reason_id": self.reason.id,
                    "stage_id": self.offer.id,
                    "amount": 1234.56,
                    "user_id": self.salesman.id,
                    "held_by_id": self.salesman.id,
                }
            ],
        )
        activity = deal.activity_ids
        self.assertEqual(activity.date_deadline, date(2026, 9, 1))
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn("H. Budget", activity.summary)
        self.assertIn("H. Budget", deal.message_ids[:1].body)

    def test_the_dialog(self):
        deals = self._new_deal(self.equipment, self.offer) + self._new_deal(
            self.equipment, self.qualified
        )
        dialog = Form(
            deals.with_user(self.salesman)
            .env["crm.lead.put.on.hold"]
            .with_context(active_model="crm.lead", active_ids=deals.ids)
        )
        dialog.date_wake_up = "2026-10-01"
        dialog.reason_id = self.reason
        dialog.save().action_put_on_hold()
        self.assertEqual(deals.mapped("deal_status"), ["hold", "hold"])

    def test_junk_in_the_dialog(self):
        """By RPC anything comes: it is refused with the field and what is expected."""
        deal = self._new_deal(self.equipment, self.offer)
        dialogs = (
            self.env["crm.lead.put.on.hold"]
            .with_user(self.salesman)
            .with_context(active_model="crm.lead", active_ids=deal.ids)
        )
        good = {"date_wake_up": "2026-09-01", "reason_id": self.reason.id}
        kept = dialogs.create(good)
        days = ("abc", "2026-13-01", "0000-00-00", True, 7, 1.5, ["x"])
        lists = ("abc", 7, True, ["x"], [["x"]], [[6, 0, ["x"]]], [[4, "x"]])
        for name, words, values in (
            ("date_wake_up", ("no date", "Wake-Up Date"), days),
            ("reason_id", ("Reason", "must be"), ("abc", 1.5, True, ["x"], 2**40)),
            ("lead_ids", ("Opportunities", "must be"), lists),
        ):
            for value in values:
                with self.subTest(name, value=value):
                    with self.assertRefused(UserError, *words):
                        dialogs.create({**good, name: value})
                    with self.assertRefused(UserError, *words):
                        kept.write({name: value})
                    with self.assertRefused(UserError, *words):
                        dialogs.onchange({**good, name: value}, [name], {name: {}})
        self.assertFalse(deal.date_hold)

    def test_another_date(self):
        """What sleeps can sleep longer: the hold and its activity go on."""
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        self._on("2026-06-20 08:00:00")
        self._hold(deal, "2026-12-01", self.other_reason)
        hold = self._get_holds(deal)
        self.assertEqual(len(hold), 1)
        self.assertEqual(hold.date_start, datetime(2026, 6, 1, 8))
        self.assertEqual(hold.date_wake_up, date(2026, 12, 1))
        self.assertEqual(hold.reason_id, self.other_reason)
        self.assertEqual(deal.date_hold, datetime(2026, 6, 1, 8))
        self.assertEqual(len(deal.activity_ids), 1)
        self.assertEqual(deal.activity_ids.date_deadline, date(2026, 12, 1))

    def test_on_hold_again(self):
        """What wakes up and falls asleep again is taken up once, at the new date."""
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        self._on("2026-09-01 08:00:00")
        self._wake_up_job()
        activity = deal.activity_ids
        self._hold(deal, "2026-12-01", self.other_reason)
        self.assertEqual(deal.activity_ids, activity)
        self.assertEqual(activity.date_deadline, date(2026, 12, 1))
        self.assertIn("Contract", activity.summary)
        # One that is done is not planned again.
        activity.action_done()
        deal.action_wake_up()
        self._hold(deal, "2027-01-04")
        self.assertEqual(len(deal.activity_ids), 1)
        self.assertNotEqual(deal.activity_ids, activity)

    def test_refusals(self):
        deal = self._new_deal(self.equipment, self.offer, name="Lathe")
        for day in ("2026-06-01", "2026-05-01"):
            with self.assertRefused(UserError, "Lathe", "wake-up date"):
                self._hold(deal, day)
        with self.assertRefused(UserError, "H. Abroad", "Lathe"):
            deal.sudo()._put_on_hold(date(2026, 9, 1), self.foreign_reason)
        with self.assertRaises(AccessError):
            self._hold(deal, reason=self.foreign_reason, user=self.salesman)
        won = self._new_deal(self.equipment, self.won, name="Won")
        lost = self._new_deal(self.equipment, self.offer, name="Lost one")
        lost.action_set_lost()
        archived = self._new_deal(self.equipment, self.offer, name="Archived one")
        archived.active = False
        lead = self.env["crm.lead"].create({"name": "Lead", "type": "lead"})
        for other in (won, lost, archived, lead):
            with self.assertRefused(UserError, other.name, "open"):
                other._put_on_hold(date(2026, 9, 1), self.reason)

    def test_today_is_the_companys(self):
        """In Auckland it is the 2nd already."""
        self.company.partner_id.tz = "Pacific/Auckland"
        self._on("2026-06-01 20:00:00")
        deal = self._new_deal(self.equipment, self.offer)
        with self.assertRefused(UserError, "wake-up date"):
            self._hold(deal, "2026-06-02")
        self._hold(deal, "2026-06-03")
        self.assertEqual(deal.deal_status, "hold")

    def test_roles(self):
        deal = self._new_deal(self.equipment, self.offer)
        for user in (self.colleague, self.foreigner):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._hold(deal, user=user)
        for user in (self.salesman, self.all_documents, self.manager):
            with self.subTest(user=user.login):
                self._hold(deal, user=user)
                self.assertEqual(deal.deal_status, "hold")
                deal.with_user(user).action_wake_up()
                self.assertEqual(deal.deal_status, "open")
        self._hold(deal)
        with self.assertRaises(AccessError):
            deal.with_user(self.colleague).action_wake_up()

    def test_holds_are_read_like_their_deal(self):
        self._hold(self._new_deal(self.equipment, self.offer))
        holds = self.env["crm.lead.hold"]
        for user, count in (
            (self.salesman, 1),
            (self.all_documents, 1),
            (self.manager, 1),
            (self.colleague, 0),
            (self.foreigner, 0),
        ):
            found = holds.with_user(user).search([("reason_id", "=", self.reason.id)])
            self.assertEqual(len(found), count, user.login)
            self.assertFalse(holds.with_user(user).has_access("write"), user.login)

    def test_reasons(self):
        """Those of one's company or of all; a used one is archived and stays."""
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        shown = self.env["crm.hold.reason"].with_user(self.salesman).search([])
        self.assertIn(self.reason, shown)
        self.assertNotIn(self.foreign_reason, shown)
        self.assertFalse(shown.has_access("write"))
        with mute_logger("odoo.sql_db"), self.assertRefused(UserError, "H. Budget"):
            self.reason.with_user(self.manager).unlink()
        self.reason.with_user(self.manager).active = False
        self.assertEqual(deal.hold_reason_id, self.reason)
        self.assertNotIn(
            self.reason, self.env["crm.hold.reason"].with_user(self.salesman).search([])
        )

    def test_blank_reason(self):
        for name in ("", "  ", "\u200b", "\u2060\ufeff", "\u3164"):
            with (
                self.assertRefused(ValidationError, "needs a name"),
                self.env.cr.savepoint(),
            ):
                self.env["crm.hold.reason"].create({"name": name})
        for name in (" ", "\u200b", False):
            with (
                self.assertRefused(ValidationError, "needs a name"),
                self.env.cr.savepoint(),
            ):
                self.reason.name = name

    def test_reasons_of_other_companies(self):
        reasons = self.env["crm.hold.reason"].with_user(self.manager)
        with self.assertRaises(AccessError):
            reasons.create({"name": "H. X", "company_id": self.other_company.id})
        reasons.create({"name": "H. X", "company_id": self.company.id})
        with self.assertRaises(AccessError):
            self.foreign_reason.with_user(self.manager).name = "H. Y"

    def test_nothing_can_be_forged(self):
        deal = self._new_deal(self.equipment, self.offer)
        for name, value in {
            "date_hold": "2026-01-01 00:00:00",
            "date_hold_end": "2026-01-01 00:00:00",
            "date_wake_up": "2026-12-01",
            "hold_reason_id": self.reason.id,
        }.items():
            with self.subTest(name), self.assertRaises(AccessError):
                deal.write({name: value})
            with self.subTest(name), self.assertRaises(AccessError):
                self._new_deal(self.equipment, self.offer, **{name: value})
            leads = self.env["crm.lead"].with_user(self.salesman)
            fresh = leads.with_context(**{f"default_{name}": value}).create(
                self._prepare_deal(self.equipment, self.offer)
            )
            self.assertFalse(fresh[name])

    def test_a_copy_is_awake(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        copy = deal.copy()
        self.assertEqual(copy.deal_status, "open")
        self.assertFalse(copy.date_wake_up or copy.hold_reason_id or copy.date_hold)

    def test_search_and_group(self):
        deals = self.env["crm.lead"]
        asleep = self._new_deal(self.equipment, self.offer, date_deadline="2026-01-01")
        late = self._new_deal(self.equipment, self.offer, date_deadline="2026-01-01")
        fresh = self._new_deal(self.equipment, self.offer)
        archived = self._new_deal(self.equipment, self.offer)
        self._hold(asleep + archived)
        archived.active = False
        every = asleep + late + fresh + archived
        mine = [("id", "in", every.ids), ("active", "in", [True, False])]
        for status, expected in (
            ("hold", asleep),
            ("late", late),
            ("open", fresh),
            (False, archived),
        ):
            found = deals.search([*mine, ("deal_status", "=", status)])
            self.assertEqual(found, expected, status)
            self.assertEqual(set(expected.mapped("deal_status")), {status})
            others = deals.search([*mine, ("deal_status", "!=", status)])
            self.assertEqual(others, (every - expected).sorted("id", reverse=True))
        groups = deals._read_group(mine, ["deal_status"], ["__count"])
        self.assertEqual(dict(groups), {"hold": 1, "late": 1, "open": 1, False: 1})
        found = deals.search([*mine, ("deal_status", "ilike", "on hold")])
        self.assertEqual(found, asleep)

    def test_fitting_actions(self):
        deal = self._new_deal(self.equipment, self.offer)
        won = self._new_deal(self.equipment, self.won)
        put = "sales_pipeline_plus.crm_lead_put_on_hold_action"
        wake = "sales_pipeline_plus.crm_lead_action_wake_up"
        fitting = (deal + won)._get_fitting_actions()
        self.assertEqual((fitting[put], fitting[wake]), (deal, deal.browse()))
        self._hold(deal)
        fitting = (deal + won)._get_fitting_actions()
        self.assertEqual((fitting[put], fitting[wake]), (deal, deal))

    def test_it_is_nowhere_to_be_done(self):
        """Out of limits, next action, review, expected closing and the first page."""
        self._line(self.equipment, self.offer).limit_days = 3
        deal = self._new_deal(self.equipment, self.offer, date_deadline="2026-05-01")
        self._on("2026-06-11 08:00:00")
        names = ("is_rotting", "next_action_state", "review_state", "decision_bucket")
        self.assertEqual(
            [deal[name] for name in names], [True, "missing", "missing", "late"]
        )
        self._hold(deal)
        self.env.invalidate_all()
        self.assertEqual([deal[name] for name in names], [False] * 4)
        for name, value in zip(
            names, (True, "missing", "missing", "late"), strict=True
        ):
            domain = [("id", "=", deal.id), (name, "=", value)]
            self.assertFalse(self.env["crm.lead"].search(domain), name)
        page = self.env["crm.first.page"].with_user(self.salesman).get_first_page()
        for section in page["sections"]:
            found = self.env["crm.lead"].with_user(self.salesman)
            self.assertNotIn(deal, found.search(section["domain"]), section["code"])
        self.assertFalse(deal._get_next_action_request())

    def test_the_probability_follows_its_stage(self):
        deal = self._new_deal(self.equipment, self.offer)
        own = self._new_deal(self.equipment, self.offer, probability=55)
        self._hold(deal + own)
        self._line(self.equipment, self.offer).probability = 35
        self.assertEqual((deal.probability, own.probability), (35, 55))
        deal.action_wake_up()
        own.action_wake_up()
        self.assertDeal(deal, 35, "stage")
        self.assertEqual((own.probability, own.probability_source), (55, "manual"))

    def test_my_pipeline_opens_without(self):
        action = self.env["crm.team"].with_user(self.salesman).action_your_pipeline()
        self.assertEqual(action["context"]["search_default_not_on_hold"], 1)


@tagged("post_install", "-at_install")
class TestWakeUp(HoldCase):
    """Waking up by hand and by the job, and what else ends a hold."""

    def test_by_hand(self):
        deal = self._new_deal(self.equipment, self.offer, date_deadline="2026-12-01")
        self._hold(deal)
        self._on("2026-06-11 08:00:00")
        self.assertFalse(deal.action_wake_up())
        self.assertEqual(deal.deal_status, "open")
        self.assertEqual(deal.stage_id, self.offer)
        self.assertEqual(deal.probability, 30)
        self.assertFalse(deal.date_hold or deal.date_wake_up or deal.hold_reason_id)
        self.assertEqual(deal.activity_ids.date_deadline, date(2026, 6, 11))
        self.assertRecordValues(
            self._get_holds(deal),
            [
                {
                    "date_end": datetime(2026, 6, 11, 8),
                    "days": 10,
                    "outcome": "hand",
                    "reason_id": self.reason.id,
                }
            ],
        )
        with self.assertRefused(UserError, "on hold"):
            deal.action_wake_up()

    def test_the_date_is_asked_anew(self):
        late = self._new_deal(self.equipment, self.offer, date_deadline="2026-06-05")
        deal = self._new_deal(self.equipment, self.offer, date_deadline="2026-12-01")
        self._hold(late + deal)
        self._on("2026-07-01 08:00:00")
        action = (late + deal).action_wake_up()
        self.assertEqual(action["res_model"], "crm.lead.wake.up")
        self.assertEqual(late.deal_status, "hold")
        form = Form(late.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(form.passed_ids[:], late)
        form.date_deadline = "2026-10-10"
        form.save().action_wake_up()
        self.assertEqual((late + deal).mapped("deal_status"), ["open", "open"])
        self.assertEqual(late.date_deadline, date(2026, 10, 10))
        self.assertEqual(deal.date_deadline, date(2026, 12, 1))

    def test_what_is_awake_keeps_its_date(self):
        """Somebody woke one of them up while the dialog was open."""
        late = self._new_deal(self.equipment, self.offer, date_deadline="2026-06-05")
        woken = self._new_deal(self.equipment, self.offer, date_deadline="2026-06-06")
        self._hold(late + woken)
        self._on("2026-07-01 08:00:00")
        dialog = (
            late.env["crm.lead.wake.up"]
            .with_context(active_model="crm.lead", active_ids=(late + woken).ids)
            .create({"date_deadline": "2026-10-10"})
        )
        woken._wake_up_by_hand()
        dialog.action_wake_up()
        self.assertEqual(late.date_deadline, date(2026, 10, 10))
        self.assertEqual(woken.date_deadline, date(2026, 6, 6))

    def test_the_new_date_is_to_come(self):
        late = self._new_deal(
            self.equipment, self.offer, name="Lathe", date_deadline="2026-06-05"
        )
        self._hold(late)
        self._on("2026-07-01 08:00:00")
        dialog = (
            late.env["crm.lead.wake.up"]
            .with_context(active_model="crm.lead", active_ids=late.ids)
            .create({"date_deadline": "2026-06-30"})
        )
        with self.assertRefused(UserError, "06/30/2026", "still to come"):
            dialog.action_wake_up()
        self.assertEqual(late.date_deadline, date(2026, 6, 5))
        dialog.date_deadline = "2026-07-01"
        dialog.action_wake_up()
        self.assertEqual(late.deal_status, "open")

    def test_what_the_pipeline_asks_for(self):
        self.equipment.next_action_policy = "block"
        deal = self._new_deal(self.equipment, self.offer, name="Lathe")
        self._hold(deal)
        deal.activity_ids.unlink()
        with self.assertRefused(ValidationError, "Lathe", "next action"):
            deal.action_wake_up()
        self.assertEqual(deal.deal_status, "hold")
        deal.activity_schedule("mail.mail_activity_data_call", user_id=self.salesman.id)
        deal.action_wake_up()
        self.assertEqual(deal.deal_status, "open")

    def test_what_the_stage_asks_for(self):
        deal = self._new_deal(self.equipment, self.offer, name="Lathe")
        self._hold(deal)
        self._line(self.equipment, self.offer).requirement_ids = [
            (0, 0, {"field_name": "referred", "level": "hard"})
        ]
        with self.assertRefused(ValidationError, "Lathe", "P. Offer"):
            deal.action_wake_up()
        deal.referred = "Somebody"
        deal.action_wake_up()
        self.assertEqual(deal.deal_status, "open")

    def test_the_job(self):
        deal = self._new_deal(self.equipment, self.offer, date_deadline="2026-12-01")
        late = self._new_deal(self.equipment, self.offer, date_deadline="2026-07-01")
        later = self._new_deal(self.equipment, self.offer)
        archived = self._new_deal(self.equipment, self.offer)
        self._hold(deal + late + archived, "2026-09-01")
        self._hold(later, "2026-09-02")
        archived.active = False
        self._on("2026-08-31 21:00:00")
        self._wake_up_job()
        self.assertEqual(deal.deal_status, "hold")
        # It is the 1st in Paris.
        self._on("2026-08-31 22:30:00")
        self._wake_up_job()
        self.assertEqual(
            (deal + late + later).mapped("deal_status"), ["open", "open", "hold"]
        )
        self.assertTrue(archived.date_hold)
        self.assertEqual(deal.date_deadline, date(2026, 12, 1))
        self.assertFalse(late.date_deadline)
        note = self.env["mail.message"].search(
            [
                ("model", "=", "crm.lead"),
                ("res_id", "in", (deal + late).ids),
                ("message_type", "=", "user_notification"),
                ("subject", "like", "Woken up"),
            ]
        )
        self.assertEqual(note.res_id, late.id)
        self.assertEqual(note.partner_ids, self.salesman.partner_id)
        self.assertIn("07/01/2026", note.body)
        self.assertEqual(self._get_holds(deal).outcome, "date")
        self.assertEqual(deal.activity_ids.date_deadline, date(2026, 9, 1))
        archived.active = True
        self.assertEqual(archived.deal_status, "hold")
        self._wake_up_job()
        self.assertEqual(archived.deal_status, "open")

    def test_the_job_tells_of_all_at_once(self):
        """Who takes several up again gets one notification, and the dates are emptied
        at once."""
        deals = self.env["crm.lead"].concat(
            *(
                self._new_deal(
                    self.equipment,
                    self.offer,
                    name=f"Press {number}",
                    date_deadline=f"2026-07-0{number}",
                )
                for number in range(1, 6)
            )
        )
        self._hold(deals, "2026-09-01")
        self._on("2026-09-01 08:00:00")
        self._wake_up_job()
        self.assertFalse(any(deals.mapped("date_deadline")))
        note = self.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("subject", "like", "Woken up: Press"),
            ]
        )
        self.assertEqual(note.subject, "Woken up: Press 1, Press 2, Press 3…")
        self.assertEqual(note.partner_ids, self.salesman.partner_id)
        self.assertFalse(note.res_id)
        for number in range(1, 6):
            self.assertIn(f"Press {number}: ", note.body)
            self.assertIn(f"07/0{number}/2026", note.body)

    def test_no_query_per_deal(self):
        """Held, held longer, woken by hand and by the job: what each deal needs is
        done for all of them."""

        def count(number):
            deals = self.env["crm.lead"].concat(
                *(
                    self._new_deal(
                        self.equipment, self.offer, date_deadline="2026-05-01"
                    )
                    for _each in range(number)
                )
            )
            mine = deals.with_user(self.salesman)
            late = patch.object(type(deals), "_filter_decision_passed", lambda s: s[:0])
            counts = []
            for step in (
                lambda: self._hold(mine),
                lambda: self._hold(mine, "2026-09-02"),
                mine.action_wake_up,
                lambda: self._hold(mine, "2026-06-02"),
                deals._wake_up_on_date,
            ):
                self.env.flush_all()
                self.env.invalidate_all()
                start = self.env.cr.sql_log_count
                with late:
                    step()
                    self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - start)
            return counts

        count(1)
        for few, many in zip(count(10), count(40), strict=True):
            # Odoo writes in batches of its own.
            self.assertLess(many - few, 30)

    def test_the_job_in_far_zones(self):
        (self.company.partner_id).tz = "Pacific/Kiritimati"
        self.other_company.partner_id.tz = "Pacific/Honolulu"
        near = self._new_deal(self.equipment, self.offer)
        far = self._new_deal(
            None,
            None,
            user=self.foreigner,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
        )
        self._hold(near + far.with_env(near.env), user=self.env.user)
        for moment, expected in (
            ("2026-08-31 09:59:00", ["hold", "hold"]),
            ("2026-08-31 10:01:00", ["open", "hold"]),
            ("2026-09-01 09:59:00", ["open", "hold"]),
            ("2026-09-01 10:01:00", ["open", "open"]),
        ):
            self._on(moment)
            self._wake_up_job()
            found = [near.sudo().deal_status, far.sudo().deal_status]
            self.assertEqual(found, expected, moment)

    def test_the_job_never_blocks(self):
        self.equipment.next_action_policy = "block"
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        deal.activity_ids.unlink()
        self._on("2026-09-01 08:00:00")
        self._wake_up_job()
        self.assertEqual(deal.deal_status, "open")
        self.assertEqual(deal.activity_ids.date_deadline, date(2026, 9, 1))
        self.assertEqual(deal.activity_ids.user_id, self.salesman)

    @mute_logger("odoo.addons.sales_pipeline_plus.models.hold.crm_lead_wake_up_job")
    def test_one_bad_record(self):
        """It is passed over, logged and tried again the next time."""
        good, bad = (
            self._new_deal(self.equipment, self.offer, name=name)
            for name in ("Good", "Bad")
        )
        self._hold(good + bad)
        self._on("2026-09-01 08:00:00")
        model = type(self.env["crm.lead"])
        end_hold = model._end_hold

        def fail(leads, outcome):
            if bad in leads:
                raise ValueError("bad")
            return end_hold(leads, outcome)

        self.patch(model, "_end_hold", fail)
        self._wake_up_job()
        self.assertEqual((good + bad).mapped("deal_status"), ["open", "hold"])
        self.patch(model, "_end_hold", end_hold)
        self._wake_up_job()
        self.assertEqual(bad.deal_status, "open")

    def test_won_and_lost(self):
        """They end the hold; there is nothing to be taken up again."""
        for name, way in {
            "won": lambda deal: deal.action_set_won(),
            "lost": lambda deal: deal.action_set_lost(),
        }.items():
            deal = self._new_deal(self.equipment, self.offer)
            self._hold(deal)
            way(deal)
            self.assertEqual(deal.deal_status, name)
            self.assertEqual(self._get_holds(deal).outcome, name)
            self.assertFalse(deal.date_hold or deal.activity_ids)
            self.assertTrue(deal.date_hold_end)

    def test_a_lost_one_comes_back_awake(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        deal.action_set_lost()
        deal.action_restore()
        self.assertEqual(deal.deal_status, "open")

    def test_a_move_wakes_up(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        self._on("2026-06-11 08:00:00")
        deal.stage_id = self.negotiation
        self.assertEqual(deal.deal_status, "open")
        self.assertEqual(self._get_holds(deal).outcome, "moved")
        # What was to be taken up later is to be taken up now.
        self.assertEqual(deal.activity_ids.date_deadline, date(2026, 6, 11))

    def test_a_move_asks_for_the_next_action(self):
        self.equipment.next_action_policy = "block"
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        deal.activity_ids.unlink()
        with self.assertRefused(ValidationError, "next action"):
            deal.stage_id = self.negotiation
        self.env.invalidate_all()
        self.assertEqual(deal.deal_status, "hold")

    def test_another_pipeline_does_not_wake_up(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        deal.with_user(self.manager).write(
            {"pipeline_id": self.spares.id, "team_id": self.spares_team.id}
        )
        self.assertEqual(deal.deal_status, "hold")
        self.assertEqual(deal.sudo().pipeline_id, self.spares)

    def test_a_lead_again(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._hold(deal)
        deal.type = "lead"
        self.assertFalse(deal.date_hold)
        self.assertEqual(self._get_holds(deal).outcome, "lead")

    def test_merge(self):
        """The survivor sleeps only if all of them did."""
        for asleep, expected in (((0, 1), "hold"), ((0,), "open"), ((1,), "open")):
            deals = self.env["crm.lead"].with_user(self.salesman)
            for number in range(2):
                deals += self._new_deal(
                    self.equipment, self.negotiation if not number else self.offer
                )
            self._hold(deals.browse(deals[number].id for number in asleep))
            merged = deals.merge_opportunity()
            with self.subTest(asleep=asleep):
                self.assertEqual(merged.deal_status, expected)
                holds = self._get_holds(merged)
                running = holds.filtered(lambda hold: not hold.date_end)
                self.assertEqual(len(running), expected == "hold")

    def test_deleted(self):
        """The hold stays as a fact."""
        deal = self._new_deal(self.equipment, self.offer, name="Lathe")
        self._hold(deal)
        hold = self._get_holds(deal)
        self._on("2026-06-11 08:00:00")
        deal.sudo().unlink()
        hold.invalidate_recordset()
        self.assertRecordValues(
            hold,
            [
                {
                    "lead_id": False,
                    "lead_name": "Lathe",
                    "outcome": "gone",
                    "date_end": datetime(2026, 6, 11, 8),
                    "days": 10,
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestHoldClock(HoldCase):
    """Days on hold are no days in the stage."""

    def test_passage(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._on("2026-06-03 08:00:00")
        self._hold(deal)
        self._on("2026-06-13 08:00:00")
        deal.action_wake_up()
        self.assertEqual(self._get_passages(deal).hold_days, 10)
        self._on("2026-06-15 08:00:00")
        self._hold(deal)
        self._on("2026-06-16 08:00:00")
        deal.stage_id = self.negotiation
        self._on("2026-06-20 08:00:00")
        deal.action_set_won()
        first, second, _won = self._get_passages(deal)
        self.assertEqual((first.days, first.hold_days), (4, 11))
        self.assertEqual((second.days, second.hold_days), (4, 0))

    def test_won_while_on_hold(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._on("2026-06-03 08:00:00")
        self._hold(deal)
        self._on("2026-06-13 08:00:00")
        deal.action_set_won()
        first = self._get_passages(deal)[:1]
        self.assertEqual((first.days, first.hold_days, first.outcome), (2, 10, "won"))

    def test_asleep_in_another_pipeline(self):
        """Each stay has its own part."""
        deal = self._new_deal(self.equipment, self.offer)
        self._on("2026-06-03 08:00:00")
        self._hold(deal)
        self._on("2026-06-05 08:00:00")
        deal.with_user(self.manager).write(
            {"pipeline_id": self.spares.id, "team_id": self.spares_team.id}
        )
        self._on("2026-06-10 08:00:00")
        deal.with_user(self.manager).action_wake_up()
        self._on("2026-06-11 08:00:00")
        deal.with_user(self.manager).action_set_won()
        first, second, *_more = self._get_passages(deal)
        self.assertEqual((first.days, first.hold_days), (2, 2))
        self.assertEqual((second.days, second.hold_days), (1, 5))

    def test_corrected_closing(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._on("2026-06-03 08:00:00")
        self._hold(deal)
        self._on("2026-06-13 08:00:00")
        deal.action_set_won()
        self._on("2026-06-14 08:00:00")
        deal.with_user(self.manager).date_closed = "2026-06-05 08:00:00"
        first = self._get_passages(deal)[:1]
        self.assertEqual((first.days, first.hold_days), (2, 2))

    def test_limit(self):
        """Of a stage, of Odoo's own threshold, and since the last activity."""
        line = self._line(self.equipment, self.offer)
        deal = self._new_deal(self.equipment, self.offer)
        self._set_in_stage_since(deal, "2026-06-01 08:00:00")
        self._on("2026-06-03 08:00:00")
        self._hold(deal)
        self._on("2026-06-23 08:00:00")
        deal.action_wake_up()
        deal.activity_ids.unlink()
        for clock in ("stage", "planned", "last_activity"):
            line.write({"limit_days": 5, "limit_clock": clock})
            for now, days in (
                ("2026-06-26 07:00:00", 0),
                ("2026-06-26 09:00:00", 5),
                ("2026-06-28 09:00:00", 7),
            ):
                self._on(now)
                with self.subTest(clock=clock, now=now):
                    self.assertEqual(deal.rotting_days, days)
                    self.assertEqual(deal.is_rotting, bool(days))
                    found = self.env["crm.lead"].search(
                        [("id", "=", deal.id), ("is_rotting", "=", True)]
                    )
                    self.assertEqual(bool(found), bool(days))

    def test_clock_of_the_last_activity(self):
        """Only what was slept since then is taken off."""
        line = self._line(self.equipment, self.offer)
        line.write({"limit_days": 5, "limit_clock": "last_activity"})
        deal = self._new_deal(self.equipment, self.offer)
        self._set_in_stage_since(deal, "2026-06-01 08:00:00")
        self._hold(deal)
        self._on("2026-06-11 08:00:00")
        deal.action_wake_up()
        deal.activity_ids.action_feedback("Called")
        self._on("2026-06-16 07:00:00")
        self.assertFalse(deal.is_rotting)
        self._on("2026-06-16 09:00:00")
        self.assertTrue(deal.is_rotting)
