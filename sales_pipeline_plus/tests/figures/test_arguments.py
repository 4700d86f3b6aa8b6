import doctest

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ...tools import arguments
from ..common import PipelineCase

INFINITE, NO_NUMBER = float("inf"), float("nan")


@tagged("post_install", "-at_install")
class TestArguments(PipelineCase):
    """Other programs are told what is expected, in a sentence."""

    def assertExpected(self, expected, model, method, *args):
        records = self.env[model].with_user(self.salesman)
        with mute_logger("odoo.sql_db"), self.assertRaises(UserError) as refusal:
            call_kw(records, method, list(args), {})
        self.assertIn(expected, str(refusal.exception), (method, args))

    def test_doctests(self):
        self.assertEqual(doctest.testmod(arguments).failed, 0)

    def test_figures(self):
        ids = "“team_ids” must be a list of the numbers of records"
        for value in (5, "5", [None], ["5"], [True], [2**31], [1.5], {"1": 2}):
            self.assertExpected(ids, "crm.kpi", "get_figures", {"team_ids": value})
        day = "a day from 1900 to 2199"
        for value in (
            *(None, 5, "2026", "2026-02-30", "0001-01-01", "9999-12-31"),
            *("1012-01-01", INFINITE, NO_NUMBER, []),
        ):
            for period in (
                {"start": value, "end": "2026-01-31"},
                {"start": "2026-01-01", "end": value},
            ):
                for method in ("get_figures", "get_trend"):
                    self.assertExpected(day, "crm.kpi", method, {"period": period})
        self.assertExpected(day, "crm.kpi", "get_figures", {"period": {"start": None}})
        for filters in ("x", [1], 5, {"x": 1}):
            self.assertExpected("filter", "crm.kpi", "get_figures", filters)
        for codes in ("won_count", 5, [5], [["won_count"]], ["x"]):
            self.assertExpected("", "crm.kpi", "get_figures", {}, codes)
        for breakdown in ([], {}, 5, "x"):
            self.assertExpected(
                "“breakdown” must be one of",
                "crm.kpi",
                "get_figures",
                {},
                None,
                breakdown,
            )
        for key in ("x", [1], INFINITE, 2**40):
            self.assertExpected(
                "“key” must be", "crm.kpi", "open_records", "won_count", {}, "team", key
            )

    def test_opportunities(self):
        deal = self.env["crm.lead"].create(self._prepare_deal(self.equipment))
        for granularity in ("year", "day", None, [], 5):
            for args in (
                ("get_decision_made", [], granularity),
                ("get_decision_targets", [], granularity, []),
                ("get_decision_date_in", deal.ids, granularity, "2026-01-01"),
            ):
                self.assertExpected("week, month, quarter", "crm.lead", *args)
        for domain in ("x", 5, [5], [["nothing", "=", 1]], [["name", "?", 1]]):
            self.assertExpected(
                "“domain” must be", "crm.lead", "get_decision_made", domain, "month"
            )
        for stage in ("a", [1], 1.5, 2**31):
            for method in ("get_move_requirements", "get_stage_requirements"):
                self.assertExpected("“stage_id”", "crm.lead", method, deal.ids, stage)
        self.assertExpected(
            "“ids” must be", "crm.lead", "get_move_requirements", "a", self.offer.id
        )

    def test_no_file(self):
        """No path reaches the server: the workbook is written by a private method."""
        writer = self.env["crm.kpi.workbook"].with_user(self.salesman)
        with self.assertRaises(AttributeError):
            call_kw(writer, "write_workbook", ["/tmp/nothing.xlsx"], {})
        with self.assertRaises(AccessError):
            call_kw(writer, "_write_workbook", ["/tmp/nothing.xlsx"], {})


@tagged("post_install", "-at_install")
class TestUnsubscribeLink(HttpCase):
    def test_not_found(self):
        user = self.env.ref("base.user_admin").id
        for query in (
            "",
            "user_id=%C2%B2&token=x",
            f"user_id={user}&token=%C3%A9",
            f"user_id={'9' * 40}&token=x",
            f"user_id={2**31}&token=x",
            "user_id=-1&token=x",
            "user_id=%00&token=%00",
        ):
            with self.subTest(query):
                url = f"/crm/neglected-deals/unsubscribe?{query}"
                self.assertEqual(self.url_open(url).status_code, 404)
                self.assertEqual(self.url_open(url, data={"a": 1}).status_code, 404)
