from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_share_figures import YEAR, ShareFiguresCase

# {figure: the field of its list that adds up to it}
ADDED_UP = {
    "created_amount": "credited_revenue",
    "won_amount": "credited_revenue",
    "lost_amount": "credited_revenue",
    "pipeline_amount": "credited_revenue",
    "weighted_amount": "credited_prorated_revenue",
}


@tagged("post_install", "-at_install")
class TestShareLists(ShareFiguresCase):
    """The list behind an amount of salespeople has a column that adds up to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Of one company, as a list adds up amounts of one currency.
        cls.figures = cls._kpi(cls, cls.manager)

    def _add_up(self, action, name):
        """Return the sum of a column, as the foot of the list and as its groups have
        it."""
        records = self.figures.env[action["res_model"]]
        records = records.with_context(**action["context"])
        [row] = records.formatted_read_group(
            action["domain"], aggregates=[f"{name}:sum"]
        )
        found = records.search(action["domain"])
        self.assertAlmostEqual(sum(found.mapped(name)), row[f"{name}:sum"] or 0, 2)
        return row[f"{name}:sum"] or 0

    def test_figures(self):
        self._tell([(number, [3, 5, 9]) for number in range(0, 60, 2)])
        users = (self.colleague | self.salesman).ids
        for filters, breakdown in (
            ({}, "salesperson"),
            ({"user_ids": users[:1]}, None),
            ({"user_ids": users}, "salesperson"),
            ({"user_ids": users}, "customer"),
        ):
            question = {"period": YEAR, **filters}
            answer = self.figures.get_figures(question, list(ADDED_UP), breakdown)
            self.assertTrue(answer["keys"])
            for number, key in enumerate(answer["keys"]):
                for code, name in ADDED_UP.items():
                    action = self.figures.open_records(
                        code, question, breakdown, key["id"]
                    )
                    self.assertTrue(action["context"]["credited_user_ids"])
                    self.assertAlmostEqual(
                        answer["values"][code][number]["value"] or 0,
                        self._add_up(action, name),
                        2,
                        f"{code} {filters} {breakdown} {key}",
                    )

    def test_column(self):
        """It is there behind a figure of salespeople, once there are shares."""
        question = {"period": YEAR, "user_ids": self.salesman.ids}
        action = self.figures.open_records("won_amount", question)
        self.assertNotIn("credited_user_ids", action["context"])
        self._tell([(0, [1, 1])])
        action = self.figures.open_records("won_amount", question)
        self.assertEqual(action["context"]["credited_user_ids"], self.salesman.ids)
        action = self.figures.open_records("won_amount", {"period": YEAR})
        self.assertNotIn("credited_user_ids", action["context"])
        action = self.figures.open_records(
            "won_amount", {"period": YEAR}, "salesperson", False
        )
        self.assertEqual(action["context"]["credited_user_ids"], [0])

    def test_nobody(self):
        """What nobody has of a deal whose salesperson has left."""
        self._tell([(number, [1, 3]) for number in range(10)])
        deal = next(
            deal
            for deal in self.deals[:10]
            if deal.company_id == self.company and deal.won_status == "pending"
        )
        part = sum(
            share.percentage
            for share in deal.share_ids
            if share.user_id == deal.user_id
        )
        deal.user_id = False
        self.env.flush_all()
        credited = deal.with_context(credited_user_ids=[0]).credited_revenue
        self.assertAlmostEqual(credited, deal.expected_revenue * part / 100, 1)
        action = self.figures.open_records(
            "pipeline_amount", {"period": YEAR}, "salesperson", False
        )
        found = self.figures.get_figures(
            {"period": YEAR}, ["pipeline_amount"], "salesperson"
        )
        place = [key["id"] for key in found["keys"]].index(False)
        self.assertAlmostEqual(
            found["values"]["pipeline_amount"][place]["value"],
            self._add_up(action, "credited_revenue"),
            2,
        )

    def test_outlook(self):
        self._tell([(number, [3, 5, 9]) for number in range(0, 60, 2)])
        filters = {"user_ids": self.salesman.ids}
        action = self.figures.open_outlook_records("open", filters)
        deals = self.env["crm.lead"].search(action["domain"])
        shared = deals.filtered("share_ids")
        self.assertTrue(shared)
        whole = sum((deals - shared).mapped("expected_revenue"))
        total = self._add_up(action, "credited_revenue")
        self.assertGreater(total, whole)
        self.assertLess(total, sum(deals.mapped("expected_revenue")))

    def test_snapshots(self):
        """The state at the end of a past period, of those who share it now."""
        with freeze_time("2026-10-28 10:00:00"):
            self.env["crm.forecast.snapshot"]._take_snapshots()
        self._tell([(number, [3, 5, 9]) for number in range(0, 60, 2)])
        question = {"period": {"start": "2026-10-01", "end": "2026-10-31"}}
        added_up = {
            "pipeline_amount": "credited_amount",
            "weighted_amount": "credited_weighted_amount",
        }
        answer = self.figures.get_figures(question, list(added_up), "salesperson")
        self.assertTrue(answer["keys"])
        for code, name in added_up.items():
            cells = answer["values"][code]
            for key, cell in zip(answer["keys"], cells, strict=True):
                action = self.figures.open_records(
                    code, question, "salesperson", key["id"]
                )
                self.assertEqual(action["res_model"], "crm.forecast.snapshot")
                self.assertAlmostEqual(cell["value"], self._add_up(action, name), 2)

    def test_context_from_outside(self):
        self._tell([(0, [1, 1])])
        for wrong in ("x", 5, [0, "1; DROP"]):
            lead = self.deals[0].with_context(credited_user_ids=wrong)
            with self.assertRaises(UserError):
                lead.mapped("credited_revenue")
            with self.assertRaises(UserError):
                lead._read_group([], aggregates=["credited_revenue:sum"])
            with self.assertRaises(UserError):
                lead.search_count([("credited_revenue", "ilike", "1")])

    def test_funnel_and_cohorts(self):
        """Their lists have the column, too, behind a question for salespeople."""
        self._tell([(number, [1, 3]) for number in range(0, 60, 2)])
        ids = self.salesman.ids
        for filters, expected in (({"user_ids": ids}, ids), ({}, None)):
            action = self.figures.open_cohort("2026-09-01", None, filters)
            self.assertEqual(action["context"].get("credited_user_ids"), expected)
            self._add_up(action, "credited_revenue")
            filters = {"period": YEAR, **filters}
            action = self.figures.open_funnel("entered", filters, self.equipment.id)
            self.assertEqual(action["context"].get("credited_user_ids"), expected)
            self._add_up(action, "credited_revenue")

    def test_compared(self):
        """It is a number in any comparison, 0 of who has no part."""
        self._tell([(0, [1, 1])])
        leads = self.env["crm.lead"].with_context(
            credited_user_ids=self.all_documents.ids
        )
        deal = leads.browse(self.deals[0].id)
        self.assertNotIn(self.all_documents, deal.share_ids.user_id)
        leads.search_count([("credited_revenue", "ilike", "1")])
        of_deal = [("id", "=", deal.id), ("active", "in", [True, False])]
        self.assertEqual(
            leads.search_count([*of_deal, ("credited_revenue", "=", 0)]), 1
        )

    def test_measures(self):
        """They are no measures of other analyses."""
        for model, name in (
            ("crm.lead", "credited_revenue"),
            ("crm.forecast.snapshot", "credited_amount"),
        ):
            for kind in ("pivot", "graph"):
                arch = etree.fromstring(self.env[model].get_view(None, kind)["arch"])
                [field] = arch.findall(f"field[@name='{name}']")
                self.assertEqual(field.get("invisible"), "1", f"{model} {kind}")
