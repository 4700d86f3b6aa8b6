from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...kpi import outlook_inputs
from .test_outlook import OutlookCase

OPEN = [("type", "=", "opportunity"), ("won_status", "=", "pending")]


@tagged("post_install", "-at_install")
class TestDecisionOutlook(OutlookCase):
    """The range beside the sum of a period of the view by expected closing."""

    STARTS = ["0001-01-01", "2026-06-01", "2026-07-01", "9999-12-31", False]

    def _live(self):
        """Eight windows of 15 days: of four due in each, one is won, and one of what is
        due later."""
        for number in range(8):
            monday = date(2026, 1, 5) + timedelta(weeks=3 * number)
            self._deals(monday, 4, 5)
            self._deals(monday, 2, 40)
        self.now = [
            self._new(4000, date_deadline=day)
            for day in ("2026-06-20", "2026-06-25", "2026-07-20", "2026-06-01", False)
        ]

    def _deals(self, monday, count, days):
        deals = [
            self._new(
                at=f"{monday - timedelta(days=3)} 08:00",
                date_deadline=monday + timedelta(days=days),
            )
            for _number in range(count)
        ]
        self._take(f"{monday} 06:00")
        self._win(deals[0], monday + timedelta(days=2))
        with self._at(f"{monday + timedelta(days=10)} 09:00:00"):
            for deal in deals[1:]:
                deal.sudo().action_set_lost()

    def _ask(self, user, domain=None, starts=None, granularity="month"):
        leads = self.env["crm.lead"].with_user(user)
        leads = leads.with_context(
            tz="Europe/Paris", allowed_company_ids=user.company_ids.ids
        )
        with freeze_time(self.NOW):
            return leads.get_decision_outlook(
                OPEN if domain is None else domain,
                granularity,
                self.STARTS if starts is None else starts,
            )

    def test_range(self):
        self._live()
        found = self._ask(self.manager)
        self.assertEqual(len(found), len(self.STARTS))
        late, june, july, later, none = found
        self.assertFalse(late or later or none)
        # A quarter of 8,000, with what is due in June alone
        self.assertAlmostEqual(june["value"], 2000, delta=150)
        self.assertLess(june["low"], june["value"])
        self.assertLess(june["value"], june["high"])
        self.assertIn("8 times in 10 between", june["words"])
        self.assertIn("as far away: 32", june["words"])
        self.assertIn("by stage alone", june["words"])
        self.assertIsNone(july)

    def test_as_on_the_page(self):
        """Where all that is open, now and in the past, is to be decided within the
        period, the range of its column is that of What Will Come, by stage alone."""
        self.patch(outlook_inputs, "FEWEST_TRIALS", 99)
        for number in range(8):
            self._deals(date(2026, 1, 5) + timedelta(weeks=3 * number), 4, 5)
        for amount, day in ((3000, "2026-06-20"), (500.55, "2026-06-29")):
            self._new(amount, date_deadline=day)
        for user in (self.manager, self.salesman):
            answer = self._get_outlook(user)
            page = self._get_methods(answer)["stage_window"]
            [column] = self._ask(user, starts=["2026-06-01"])
            self.assertGreater(page["scored"], 4)
            for name in ("value", "low", "high"):
                self.assertEqual(column[name], page[name], name)
            self.assertEqual(column["currency_id"], answer["currency_id"])
            say = self.env["crm.kpi.outlook.words"]._format
            for name in ("value", "low", "high"):
                self.assertIn(say(page[name]), column["words"])

    def test_what_it_can_speak_about(self):
        self._live()
        equipment, user = self.equipment.ids, self.salesman.ids
        for more, is_known in (
            ([("user_id", "in", user)], True),
            ([("pipeline_id", "in", equipment)], True),
            ([("date_deadline", "!=", False)], True),
            ([("name", "ilike", "Deal")], False),
            ([("expected_revenue", ">", 0)], False),
            ([("user_id.name", "ilike", "sales")], False),
            (["|", ("user_id", "in", user), ("team_id", "=", 1)], False),
        ):
            with self.subTest(more=more):
                found = self._ask(self.manager, [*OPEN, *more])
                self.assertEqual(bool(found), is_known)
        self.assertEqual(self._ask(self.colleague), [])
        self.assertTrue(self._ask(self.salesman))

    def test_no_data(self):
        self._new(4000, date_deadline="2026-06-20")
        self.assertEqual(self._ask(self.manager), [])
        self.assertEqual(self._ask(self.manager, starts=[]), [])

    def test_arguments(self):
        for arguments in (
            ({}, "month", []),
            ([("x", "=", 1)], "month", []),
            (OPEN, "year", []),
            (OPEN, "month", "x"),
            (OPEN, "month", ["x"]),
        ):
            leads = self.env["crm.lead"].with_user(self.manager)
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                leads.get_decision_outlook(*arguments)

    def test_queries(self):
        self._live()
        starts = [f"2026-{month:02}-01" for month in range(6, 13)]
        counts = []
        for some in (starts[:1], starts):
            self._ask(self.manager, starts=some)
            count = self.env.cr.sql_log_count
            self._ask(self.manager, starts=some)
            counts.append(self.env.cr.sql_log_count - count)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 12)
