from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import PipelineCase

NOW = "2026-03-10 11:30:00"
SECTIONS = ["due", "call", "closing", "missing"]


@tagged("post_install", "-at_install")
class TestFirstPage(PipelineCase):
    """What the day begins with, of one's own and of the team."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    def _page(self, user, whose="mine"):
        return self.env["crm.first.page"].with_user(user).get_first_page(whose)

    def test_whose_comes_first(self):
        """A manager without own opportunities begins with the team's, as a leader."""

        def first(user):
            return self._page(user, None)["whose"]

        self.assertEqual(first(self.salesman), "mine")
        self.assertEqual(first(self.manager), "team")
        self._new_deal(self.equipment, user_id=self.manager.id)
        self.assertEqual(first(self.manager), "mine")
        self.equipment_team.user_id = self.manager
        self.assertEqual(first(self.manager), "team")

    def _deals(self, user, code, whose="mine"):
        (section,) = (
            section
            for section in self._page(user, whose)["sections"]
            if section["code"] == code
        )
        return self.env["crm.lead"].with_user(user).search(section["domain"]).sudo()

    def _plan(self, deal, days, kind="todo", user=None):
        return deal.sudo().activity_schedule(
            f"mail.mail_activity_data_{kind}",
            date_deadline=fields.Date.today() + timedelta(days=days),
            user_id=(user or self.salesman).id,
        )

    def test_what_is_due(self):
        late, today, later, call, both, lost, bare = (
            self._new_deal(self.equipment) for _index in range(7)
        )
        self._plan(late, -3)
        self._plan(today, 0)
        self._plan(later, 1)
        self._plan(call, -1, "call")
        self._plan(both, 0)
        self._plan(both, 0, "call")
        self._plan(lost, 0)
        lost.action_set_lost()
        self.assertEqual(self._deals(self.salesman, "due"), late | today | both)
        self.assertEqual(self._deals(self.salesman, "call"), call | both)
        self.assertEqual(self._deals(self.salesman, "missing"), bare)
        self.assertFalse(self._deals(self.colleague, "due"))

    def test_activity_without_a_type_is_due(self):
        deal = self._new_deal(self.equipment)
        self._plan(deal, 0).activity_type_id = False
        self.assertEqual(self._deals(self.salesman, "due"), deal)

    def test_own_action_on_the_deal_of_a_colleague(self):
        deal = self._new_deal(self.equipment)
        self._plan(deal, 0, user=self.all_documents)
        self.assertEqual(self._deals(self.all_documents, "due"), deal)
        self.assertFalse(self._deals(self.salesman, "due"))
        self.assertFalse(self._deals(self.all_documents, "missing"))

    def test_meeting_of_today(self):
        deals = [self._new_deal(self.equipment) for _index in range(3)]
        for deal, start in zip(
            deals,
            ("2026-03-10 10:00:00", "2026-03-10 14:00:00", "2026-03-11 09:00:00"),
            strict=True,
        ):
            self.env["calendar.event"].create(
                {
                    "name": "Visit",
                    "start": start,
                    "stop": fields.Datetime.to_datetime(start) + timedelta(hours=1),
                    "opportunity_id": deal.id,
                    "partner_ids": [Command.link(self.salesman.partner_id.id)],
                }
            )
        self.assertEqual(self._deals(self.salesman, "due"), deals[1])
        self.assertFalse(self._deals(self.colleague, "due"))

    def test_meeting_that_takes_all_day(self):
        """On its day until midnight, in each time zone; unless it is declined."""
        deal = self._new_deal(self.equipment)
        event = self.env["calendar.event"].create(
            {
                "name": "Fair",
                "allday": True,
                "start_date": "2026-03-10",
                "stop_date": "2026-03-10",
                "opportunity_id": deal.id,
                "partner_ids": [Command.link(self.salesman.partner_id.id)],
            }
        )
        for moment, zone, found in (
            ("2026-03-11 06:30:00", "America/Los_Angeles", True),
            ("2026-03-11 07:30:00", "America/Los_Angeles", False),
            ("2026-03-10 22:30:00", "Europe/Paris", True),
            ("2026-03-09 17:00:00", "Pacific/Kiritimati", True),
            ("2026-03-10 09:00:00", "Pacific/Pago_Pago", False),
        ):
            self.salesman.tz = zone
            with freeze_time(moment):
                page = self.env["crm.first.page"].with_user(self.salesman)
                due = page.with_context(tz=zone).get_first_page()["sections"][0]
                deals = self.env["crm.lead"].with_user(self.salesman)
                self.assertEqual(bool(deals.search(due["domain"])), found, moment)
        event.attendee_ids.do_decline()
        self.assertFalse(self._deals(self.salesman, "due"))

    def test_day_and_month_are_those_of_the_user(self):
        """In Kiritimati it is the first of April already, in Paris not yet."""
        deal = self._new_deal(self.equipment, date_deadline="2026-04-30")
        self._plan(deal, 0).date_deadline = "2026-04-01"
        self.startPatcher(freeze_time("2026-03-31 11:30:00"))
        for zone, found in (("Pacific/Kiritimati", deal), ("Europe/Paris", ())):
            self.salesman.tz = zone
            page = self.env["crm.first.page"].with_user(self.salesman)
            page = page.with_context(tz=zone).get_first_page()
            for section in page["sections"]:
                if section["code"] in ("due", "closing"):
                    deals = self.env["crm.lead"].with_user(self.salesman)
                    self.assertEqual(
                        [*deals.search(section["domain"])], [*found], (zone, section)
                    )

    def test_closing_this_month(self):
        days = ("2026-02-20", "2026-03-31", "2026-04-01", False)
        deals = [self._new_deal(self.equipment, date_deadline=day) for day in days]
        self.assertEqual(self._deals(self.salesman, "closing"), deals[0] | deals[1])

    def test_team(self):
        own = self._new_deal(self.equipment, user_id=self.manager.id)
        of_team = self._new_deal(self.equipment)
        other = self._new_deal(self.spares)
        deals = own | of_team | other
        self.assertEqual(self._deals(self.manager, "missing"), own)
        self.assertEqual(self._deals(self.manager, "missing", "team"), deals)
        self.equipment_team.user_id = self.manager
        self.assertEqual(self._deals(self.manager, "missing", "team"), own | of_team)
        self.assertFalse(self._deals(self.foreigner, "missing", "team"))

    def test_own_documents_have_no_team(self):
        self._new_deal(self.spares)
        page = self._page(self.salesman, "team")
        self.assertEqual((page["whose"], page["sees_team"]), ("mine", False))
        self.assertEqual(page["salespeople"], [])
        self.assertFalse(self._deals(self.salesman, "missing", "team"))

    def test_who_needs_help_first(self):
        for day in ("2026-03-01", False, False):
            self._plan(self._new_deal(self.equipment, date_deadline=day), 1)
        self._new_deal(self.spares)
        late = self._new_deal(self.spares)
        self._plan(late, -1, user=self.colleague)
        nobody = self._new_deal(self.equipment, user_id=False, user=self.manager)
        self._plan(nobody, 1)
        people = self._page(self.manager, "team")["salespeople"]
        names = ("name", "missing", "late", "out_of_standard", "open")
        self.assertEqual(
            [tuple(person[name] for name in names) for person in people],
            [
                (self.colleague.name, 1, 1, 0, 2),
                (self.salesman.name, 0, 1, 0, 3),
                ("Nobody", 0, 0, 0, 1),
            ],
        )
        deals = self.env["crm.lead"].with_user(self.manager)
        for person in people:
            self.assertEqual(deals.search_count(person["domain"]), person["open"])
            for state in ("missing", "late", "out_of_standard"):
                domain = [*person["domain"], ("review_state", "=", state)]
                self.assertEqual(deals.search_count(domain), person[state])

    def test_changes(self):
        """Those of the page of the same name, of one's own or of the led teams."""
        self.startPatcher(freeze_time("2026-03-09 06:00:00"))
        self._new_deal(self.equipment)
        self.env["crm.forecast.snapshot"]._take_snapshots()
        self.startPatcher(freeze_time(NOW))
        self._new_deal(self.equipment)
        self._new_deal(self.spares)
        for user, whose, filters, count in (
            (self.salesman, "mine", {"user_ids": [self.salesman.id]}, 1),
            (self.manager, "team", {}, 2),
        ):
            changes = self._page(user, whose)["changes"]
            self.assertEqual(changes["filters"], filters)
            self.assertEqual(
                [(bar["code"], bar["deals"]) for bar in changes["bars"]],
                [("new", count)],
            )
        self.equipment_team.user_id = self.manager
        changes = self._page(self.manager, "team")["changes"]
        self.assertEqual(changes["bars"][0]["deals"], 1)

    def test_home(self):
        page = self.env["crm.first.page"].with_user(self.salesman)
        page.set_home(True)
        self.assertTrue(page.get_first_page()["is_home"])
        self.assertEqual(self.salesman.action_id.name, "My Day")
        page.set_home(False)
        self.assertFalse(self.salesman.action_id)

    def test_another_home_stays(self):
        other = self.env.ref("sales_pipeline_plus.crm_kpi_action_flash_figures")
        self.salesman.action_id = other.id
        self.env["crm.first.page"].with_user(self.salesman).set_home(False)
        self.assertEqual(self.salesman.action_id.id, other.id)

    def test_arguments(self):
        for whose in ("all", 5, ["mine"], {}):
            with self.assertRefused(UserError, "whose", "mine"):
                self._page(self.salesman, whose)
        page = self.env["crm.first.page"].with_user(self.salesman)
        for is_home in ("x", 5, [], None):
            with self.assertRefused(UserError, "is_home", "true or false"):
                page.set_home(is_home)

    def test_queries(self):
        """Whatever the number of opportunities and salespeople."""
        for _index in range(20):
            self._new_deal(self.equipment)
        self._page(self.manager, "team")
        self.env.invalidate_all()
        with self.assertQueryCount(18):
            self._page(self.manager, "team")
