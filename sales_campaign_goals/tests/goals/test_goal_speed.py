from functools import partial

from odoo.tests import tagged

from ..common_goal import LOST, WON, GoalCase

SHOWN = {name: {} for name in ("title", "goal_count", "goal_percentage", "goal_state")}


@tagged("post_install", "-at_install")
class TestGoalSpeed(GoalCase):
    """Goals are counted together, however many campaigns a page shows."""

    def _new_campaigns(self, count):
        campaigns = self.env["sales.campaign"]
        for number in range(count):
            campaign = self._new_campaign(title=f"Fair {number}")
            for condition, measure in (
                (WON, "count"),
                (LOST, "count"),
                (WON, "companies"),
                (WON, "sum"),
            ):
                self._new_goal(
                    campaign,
                    condition=condition,
                    measure=measure,
                    sum_field="crm.lead.expected_revenue",
                )
            campaigns |= campaign
        return campaigns.with_user(self.salesman)

    def _count_queries(self, work):
        work()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        return self.cr.sql_log_count - before

    def test_campaigns_page(self):
        for label, get_work in (
            ("read", lambda found: lambda: found.web_read(SHOWN)),
            (
                "search",
                lambda found: (
                    lambda: found.search(
                        [("id", "in", found.ids), ("goal_state", "=", "behind")]
                    )
                ),
            ),
        ):
            with self.subTest(label):
                few = self._count_queries(get_work(self._new_campaigns(2)))
                many = self._count_queries(get_work(self._new_campaigns(12)))
                self.assertLessEqual(many, few)
                self.assertLessEqual(many, 20)

    def _get_specification(self, view_type):
        """Return what a view of the campaigns reads."""
        campaigns = self.env["sales.campaign"]
        arch, _view = campaigns._get_view(view_type=view_type)
        return {
            node.get("name"): {}
            for node in arch.iter("field")
            if node.get("name") in campaigns._fields
        }

    def test_whole_pages(self):
        """All that kanban and list show: few queries, whatever the number."""
        few, many = self._new_campaigns(2), self._new_campaigns(12)
        for view_type in ("kanban", "list"):
            shown = self._get_specification(view_type)
            with self.subTest(view_type):
                queries = [
                    self._count_queries(partial(found.web_read, shown))
                    for found in (few, many)
                ]
                self.assertLessEqual(queries[1], queries[0])
                self.assertLessEqual(queries[1], 20)

    def test_companies_alone(self):
        """The kanban's number of companies does not count all other records."""
        found = self._new_campaigns(2)
        shown = {"company_count": {}}
        self.assertLessEqual(self._count_queries(lambda: found.web_read(shown)), 4)

    def test_costs_alone(self):
        """The list's real cost does not count what the campaigns made."""
        found = self._new_campaigns(2)
        costs = self._count_queries(lambda: found.web_read({"total_cost": {}}))
        returns = self._count_queries(lambda: found.web_read({"made_revenue": {}}))
        self.assertLess(costs, returns)
