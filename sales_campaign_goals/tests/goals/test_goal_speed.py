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
            for condition in (WON, LOST):
                self._new_goal(campaign, condition=condition)
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
