from datetime import date

from odoo.tests import tagged

from ..common_goal import GoalCase


@tagged("post_install", "-at_install")
class TestGoalReview(GoalCase):
    """Goals as they are read in a review."""

    def test_shares_under_their_goal(self):
        goal = self._new_goal(name="Win opportunities")
        share = self._new_goal(
            name="Win opportunities: Salesman",
            parent_id=goal.id,
            user_id=self.salesman.id,
        )
        self.assertEqual(goal.indented_name, "Win opportunities")
        self.assertEqual(share.indented_name, f"└ {self.salesman.name}")

    def test_shares_side_by_side(self):
        """Whose share it is comes first, without the name that all have in common."""
        goal = self._new_goal(name="Win opportunities")
        self.assertTrue(goal.action_compare()["context"]["comparing_shares"])

    def _new_snapshots(self, goal, *counts):
        return self.env["sales.campaign.goal.snapshot"].create(
            [
                {
                    "goal_id": goal.id,
                    "date": date(2100, 1, number),
                    "current": current,
                    "target": target,
                }
                for number, (current, target) in enumerate(counts, start=1)
            ]
        )

    def test_progress_in_percent(self):
        """Goals of unlike kinds are held against their own targets."""
        rows = self._new_snapshots(self._new_goal(), (5, 10))
        rows |= self._new_snapshots(self._new_goal(), (25000, 100000))
        self.assertEqual(rows.mapped("percentage"), [50, 25])
        groups = rows._read_group(
            [("id", "in", rows.ids)], ["goal_id"], ["percentage:avg"]
        )
        self.assertEqual([percentage for _goal, percentage in groups], [50, 25])

    def test_progress_of_one_campaign(self):
        rows = self._new_snapshots(self._new_goal(), (5, 10))
        other = self._new_campaign(title="Another")
        latest = self._new_snapshots(self._new_goal(other), (5, 10))
        snapshots = self.env["sales.campaign.goal.snapshot"]
        found = snapshots.search([("is_of_latest_campaign", "=", True)])
        self.assertEqual(found, latest)
        self.assertEqual((rows | latest).mapped("is_of_latest_campaign"), [False, True])
